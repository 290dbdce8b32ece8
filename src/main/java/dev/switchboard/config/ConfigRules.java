package dev.switchboard.config;

import dev.switchboard.config.Problems.Violation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/// What must hold between the values of a configuration. Pure functions.
///
/// Each rule is one function that answers with sentences; [TokenRules], [NamespaceRules],
/// [ClusterRules] and [EventRules] hold those about tokens, namespaces, the cluster and events.
final class ConfigRules {
  private static final int PORT_MAX = 65_535;
  private static final int LEVEL_MAX = 9;
  private static final int PERCENT_MAX = 100;
  private static final Set<String> MAY_BE_ZERO =
      Set.of(
          "events.last_seen_max",
          "node.event_loops",
          "node.connections_max",
          "node.descriptor_reserve",
          "user.connections_max",
          "node.drain_period",
          "node.loop_lag_max",
          "node.heap_percent_max",
          "rebalance.sessions_per_second",
          "rebalance.tolerance_percent",
          "rebalance.settle",
          "client.age_max",
          "cluster.members_min",
          "client.expired_grace",
          "token.skew",
          "subscription_token.skew");
  private static final Pattern MAY_BE_ZERO_IN_NAMESPACE =
      Pattern.compile("channel\\..*\\.(history_size|history_ttl|history_meta_ttl)");
  private static final Pattern PORT_KEY = Pattern.compile(".*[._]port");
  private static final Pattern ORIGIN =
      Pattern.compile("([a-zA-Z][a-zA-Z0-9+.-]*)://([a-zA-Z0-9._-]+|\\[[0-9a-fA-F:.]+])(:\\d+)?");
  private static final Map<String, String> USUAL_PORTS = Map.of("http", ":80", "https", ":443");

  private ConfigRules() {}

  /// Everything that forbids a start.
  static List<Violation> violations(GatewayConfig config) {
    var found = new ArrayList<Violation>();
    found.addAll(numbersAreInRange(config));
    found.addAll(pongComesBeforeNextPing(config.client()));
    found.addAll(originsAreExact(config.client()));
    found.addAll(proxiesAreBlocks(config.http()));
    found.addAll(pathsAreDistinct(config.http()));
    found.addAll(onePortHasOneHost(config));
    found.addAll(levelExists(config.http().permessageDeflate()));
    found.addAll(percentsAreShares(config));
    found.addAll(somebodyMaySpeakForOthers(config.http()));
    found.addAll(tlsIsWhole(config.tls()));
    found.addAll(apiIsGuarded(config));
    found.addAll(ClusterRules.violations(config));
    found.addAll(TokenRules.violations(config));
    found.addAll(NamespaceRules.violations(config));
    found.addAll(EventRules.violations(config));
    found.addAll(BackendRules.violations(config));
    return found;
  }

  /// What an operator should know although it starts.
  static List<String> warnings(GatewayConfig config) {
    var warnings = new ArrayList<String>();
    if (config.client().insecure() && !GatewayConfig.isOnlyHere(config.http().host())) {
      warnings.add(
          "client.insecure is true and http.host is %s: whoever reaches the port may do anything"
              .formatted(config.http().host()));
    }
    if (config.api().key().isEmpty() && !config.api().insecure()) {
      warnings.add("api.key is empty: the HTTP API answers 401 to every call");
    }
    return warnings;
  }

  private static List<Violation> numbersAreInRange(GatewayConfig config) {
    var found = new ArrayList<Violation>();
    ConfigKeys.values(config)
        .forEach(
            (key, value) -> {
              switch (value) {
                case Integer number when PORT_KEY.matcher(key).matches() -> {
                  if (number < 0 || number > PORT_MAX) {
                    found.add(Violation.of(key, "is " + number + "; allowed is 0 to 65535"));
                  }
                }
                case Integer number when number < (mayBeZero(key) ? 0 : 1) ->
                    found.add(
                        Violation.of(
                            key,
                            "is %d; allowed is %d or more"
                                .formatted(number, mayBeZero(key) ? 0 : 1)));
                case Duration duration when duration.isZero() && !mayBeZero(key) ->
                    found.add(Violation.of(key, "is 0s; allowed is a longer duration"));
                default -> {}
              }
            });
    return found;
  }

  private static boolean mayBeZero(String key) {
    return MAY_BE_ZERO.contains(key) || MAY_BE_ZERO_IN_NAMESPACE.matcher(key).matches();
  }

  private static List<Violation> pongComesBeforeNextPing(GatewayConfig.Client client) {
    String pong = "client.pong_timeout";
    String ping = "client.ping_interval";
    return client.pongTimeout().compareTo(client.pingInterval()) < 0
        ? List.of()
        : List.of(
            new Violation(
                List.of(pong, ping),
                "%s is %s; allowed is less than %s, which is %s"
                    .formatted(
                        pong,
                        ValueText.print(pong, client.pongTimeout()),
                        ping,
                        ValueText.print(ping, client.pingInterval()))));
  }

  private static List<Violation> originsAreExact(GatewayConfig.Client client) {
    String key = "client.allowed_origins";
    var found = new ArrayList<Violation>();
    for (String origin : client.allowedOrigins()) {
      var matcher = ORIGIN.matcher(origin);
      if (origin.equals("*")) {
        if (!client.insecure()) {
          found.add(
              new Violation(
                  List.of(key, "client.insecure"),
                  key + " is \"*\"; allowed only when client.insecure is true"));
        }
      } else if (!matcher.matches()) {
        found.add(
            Violation.of(
                key,
                "contains \"%s\"; allowed is scheme://host or scheme://host:port, nothing after it"
                    .formatted(origin)));
      } else if (hasUsualPort(matcher.group(1), matcher.group(3))) {
        found.add(
            Violation.of(
                key,
                "contains \"%s\"; leave %s out, as browsers do"
                    .formatted(origin, matcher.group(3))));
      }
    }
    return found;
  }

  private static boolean hasUsualPort(String scheme, String port) {
    return port != null && port.equals(USUAL_PORTS.get(scheme.toLowerCase(Locale.ROOT)));
  }

  private static List<Violation> proxiesAreBlocks(GatewayConfig.Http http) {
    return http.trustedProxies().stream()
        .filter(block -> !isBlock(block))
        .map(
            block ->
                Violation.of(
                    "http.trusted_proxies",
                    "contains \"%s\"; allowed is an address or a block such as 10.0.0.0/8"
                        .formatted(block)))
        .toList();
  }

  private static boolean isBlock(String text) {
    try {
      Cidr.parse(text);
      return true;
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  private static List<Violation> pathsAreDistinct(GatewayConfig.Http http) {
    var found = new ArrayList<Violation>();
    var owners = new HashMap<String, String>();
    var paths =
        List.of(
            Map.entry("http.websocket.path", http.websocket().path()),
            Map.entry("http.http_stream.path", http.httpStream().path()),
            Map.entry("http.sse.path", http.sse().path()),
            Map.entry("http.emulation_path", http.emulationPath()),
            Map.entry("http.uni_websocket.path", http.uniWebsocket().path()),
            Map.entry("http.uni_http_stream.path", http.uniHttpStream().path()),
            Map.entry("http.uni_sse.path", http.uniSse().path()));
    for (var path : paths) {
      String other = owners.putIfAbsent(path.getValue(), path.getKey());
      if (!path.getValue().startsWith("/")) {
        found.add(
            Violation.of(
                path.getKey(), "is \"%s\"; allowed is /a/path".formatted(path.getValue())));
      } else if (other != null) {
        found.add(
            new Violation(
                List.of(path.getKey(), other),
                "%s is %s, as is %s".formatted(path.getKey(), path.getValue(), other)));
      }
    }
    return found;
  }

  private static List<Violation> levelExists(GatewayConfig.PermessageDeflate deflate) {
    return deflate.level() <= LEVEL_MAX
        ? List.of()
        : List.of(
            Violation.of(
                "http.permessage_deflate.level",
                "is %d; allowed is 1 to %d".formatted(deflate.level(), LEVEL_MAX)));
  }

  private static List<Violation> percentsAreShares(GatewayConfig config) {
    var found = new ArrayList<Violation>();
    Map.of(
            "node.heap_percent_max", config.node().heapPercentMax(),
            "rebalance.tolerance_percent", config.rebalance().tolerancePercent())
        .forEach(
            (key, percent) -> {
              if (percent > PERCENT_MAX) {
                found.add(
                    Violation.of(key, "is %d; allowed is 0 to %d".formatted(percent, PERCENT_MAX)));
              }
            });
    return found;
  }

  private static List<Violation> somebodyMaySpeakForOthers(GatewayConfig.Http http) {
    return http.proxyProtocol() && http.trustedProxies().isEmpty()
        ? List.of(
            new Violation(
                List.of("http.proxy_protocol", "http.trusted_proxies"),
                "http.proxy_protocol is true; allowed only when http.trusted_proxies names who may"
                    + " speak it"))
        : List.of();
  }

  private static List<Violation> onePortHasOneHost(GatewayConfig config) {
    var http = config.http();
    var internal = config.internal();
    boolean onePort = http.port() == internal.port() && http.port() != 0;
    return !onePort || http.host().equals(internal.host())
        ? List.of()
        : List.of(
            new Violation(
                List.of("internal.port", "http.port", "internal.host", "http.host"),
                "internal.port is http.port, %d, so internal.host must be http.host: %s is not %s"
                    .formatted(http.port(), internal.host(), http.host())));
  }

  private static List<Violation> tlsIsWhole(GatewayConfig.Tls tls) {
    return tls.certificateFile().isEmpty() == tls.keyFile().isEmpty()
        ? List.of()
        : List.of(
            new Violation(
                List.of("tls.certificate_file", "tls.key_file"),
                "tls.certificate_file and tls.key_file must be named together; one is empty"));
  }

  private static List<Violation> apiIsGuarded(GatewayConfig config) {
    String host = config.internal().host();
    if (GatewayConfig.isOnlyHere(host)) {
      return List.of();
    }
    if (config.api().insecure()) {
      return List.of(
          new Violation(
              List.of("api.insecure", "internal.host"),
              "api.insecure is true; allowed only when internal.host is this machine, not "
                  + host));
    }
    return config.api().key().isEmpty()
        ? List.of(
            new Violation(
                List.of("api.key", "internal.host"),
                "api.key is empty; allowed only when internal.host is this machine, not "
                    + host
                    + "; `openssl rand -hex 32` makes a key"))
        : List.of();
  }
}
