package dev.switchboard.config;

import dev.switchboard.config.Problems.Violation;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/// What must hold between the values about back ends. Pure functions.
final class BackendRules {
  private static final Pattern NAME = Pattern.compile("[-a-zA-Z0-9_.]{1,64}");

  private static final Pattern HEADER = Pattern.compile("[-!#$%&'*+.^_`|~a-zA-Z0-9]{1,64}");

  /// Headers that say what a request is; of another request they would be lies.
  private static final Set<String> OURS =
      Set.of(
          "connection",
          "content-encoding",
          "content-length",
          "content-type",
          "expect",
          "host",
          "keep-alive",
          "switchboard-event",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade");

  private static final int STATUS_OK = 200;
  private static final int STATUS_MAX = 599;

  private BackendRules() {}

  static List<Violation> violations(GatewayConfig config) {
    var found = new ArrayList<Violation>();
    List<BackendConfig.Endpoint> endpoints = config.backend().endpoints();
    for (int index = 0; index < endpoints.size(); index++) {
      String path = "backend.endpoints." + index;
      String url = endpoints.get(index).url();
      found.addAll(nameIsGood(path + ".name", endpoints.get(index).name()));
      if (!EventRules.isUrl(url)) {
        found.add(
            Violation.of(
                path + ".url",
                "is \"%s\"; allowed is http:// or https:// with a host".formatted(url)));
      }
      List<BackendConfig.Header> headers = endpoints.get(index).headers();
      for (int header = 0; header < headers.size(); header++) {
        String key = path + ".headers." + header + ".name";
        found.addAll(headerIsGood(key, headers.get(header).name()));
      }
      found.addAll(statusesAreGood(path + ".statuses.", endpoints.get(index).statuses()));
    }
    config
        .backend()
        .httpHeaders()
        .forEach(name -> found.addAll(headerIsGood("backend.http_headers", name)));
    config
        .backend()
        .emulatedHeaders()
        .forEach(name -> found.addAll(headerIsGood("backend.emulated_headers", name)));
    var names = new HashSet<String>();
    List<BackendConfig.RpcNamespace> namespaces = config.rpc().namespaces();
    for (int index = 0; index < namespaces.size(); index++) {
      String key = "rpc.namespaces." + index + ".name";
      String name = namespaces.get(index).name();
      found.addAll(nameIsGood(key, name));
      if (!names.add(name)) {
        found.add(Violation.of(key, "is \"%s\", as is an earlier one".formatted(name)));
      }
    }
    return found;
  }

  /// The back ends that are to be asked, each with the first key that names it.
  static Map<String, String> names(GatewayConfig config) {
    Map<String, String> keys = new LinkedHashMap<>();
    BackendConfig.Rpc rpc = config.rpc();
    if (rpc.enabled()) {
      if (!rpc.backend().isEmpty()) {
        keys.putIfAbsent(rpc.backend(), "rpc.backend");
      }
      rpc.namespaces().forEach(space -> keys.putIfAbsent(space.backend(), "rpc.namespaces"));
    }
    put(keys, "client.connect_proxy.name", config.client().connectProxy());
    put(keys, "client.refresh_proxy.name", config.client().refreshProxy());
    NamespaceRules.all(config.channel())
        .forEach(
            (path, options) -> {
              put(keys, path + ".subscribe_proxy_name", BackendConfig.Proxy.ofSubscribe(options));
              put(keys, path + ".publish_proxy_name", BackendConfig.Proxy.ofPublish(options));
              put(
                  keys,
                  path + ".sub_refresh_proxy_name",
                  BackendConfig.Proxy.ofSubRefresh(options));
            });
    return keys;
  }

  private static void put(Map<String, String> keys, String key, BackendConfig.Proxy proxy) {
    if (proxy.enabled()) {
      keys.putIfAbsent(proxy.name(), key);
    }
  }

  private static List<Violation> headerIsGood(String key, String name) {
    if (!HEADER.matcher(name).matches()) {
      return List.of(
          Violation.of(key, "has \"%s\"; allowed is a name of a header".formatted(name)));
    }
    return OURS.contains(name.toLowerCase(Locale.ROOT))
        ? List.of(
            Violation.of(
                key,
                "has \"%s\"; allowed is none that is about the request itself".formatted(name)))
        : List.of();
  }

  private static List<Violation> statusesAreGood(String path, List<BackendConfig.Status> all) {
    var found = new ArrayList<Violation>();
    var statuses = new HashSet<Integer>();
    for (int index = 0; index < all.size(); index++) {
      BackendConfig.Status one = all.get(index);
      String own = path + index;
      if (one.status() <= STATUS_OK || one.status() > STATUS_MAX || !statuses.add(one.status())) {
        String sentence = "is %d; allowed is each from 201 to 599, once".formatted(one.status());
        found.add(Violation.of(own + ".status", sentence));
      }
      if (!BackendConfig.isError(one.code()) && !BackendConfig.isClose(one.code())) {
        String sentence =
            "is %d; allowed is an error, 400 to 1999, or a close code, 4000 to 4999"
                .formatted(one.code());
        found.add(Violation.of(own + ".code", sentence));
      }
      if (one.message().getBytes(StandardCharsets.UTF_8).length > BackendConfig.REASON_BYTES_MAX) {
        found.add(Violation.of(own + ".message", "is too long; allowed are 123 bytes"));
      }
    }
    return found;
  }

  private static List<Violation> nameIsGood(String key, String name) {
    return NAME.matcher(name).matches()
        ? List.of()
        : List.of(
            Violation.of(
                key,
                "is \"%s\"; allowed are 1 to 64 letters, digits, dots, dashes and underscores"
                    .formatted(name)));
  }
}
