package dev.switchboard.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ConfigRulesTest {
  private static final String NAMESPACE = "channel.namespaces.chat.";
  private static final String PEM = "-----BEGIN PUBLIC KEY-----";

  /// What a cluster needs that other machines reach.
  private static final List<String> REACHABLE =
      List.of(
          "cluster.enabled=true",
          "cluster.host=10.0.0.1",
          "cluster.key=a-key-of-sixteen-characters-or-more",
          "cluster.members=10.0.0.1:5701,10.0.0.2:5701",
          "cluster.allow_insecure=true",
          "cluster.tls.certificate_file=a.pem",
          "cluster.tls.key_file=b.pem",
          "cluster.tls.ca_file=c.pem");

  /// The start of the one expected sentence, then the flags that cause it.
  static Stream<Arguments> mistakes() {
    return Stream.of(
        mistake("client.pong_timeout is 25s; allowed is less", "client.pong_timeout=25s"),
        mistake("http.port is -1;", "http.port=-1"),
        mistake("cluster.bus_port is 65536;", "cluster.bus_port=65536"),
        mistake("client.channels_max is 0; allowed is 1", "client.channels_max=0"),
        mistake("node.event_loops is -1; allowed is 0", "node.event_loops=-1"),
        mistake("heartbeat.interval is 0s;", "heartbeat.interval=0s"),
        mistake("client.allowed_origins is \"*\";", "client.allowed_origins=*"),
        mistake("client.allowed_origins contains", "client.allowed_origins=https://a.example/"),
        mistake("client.allowed_origins contains", "client.allowed_origins=a.example"),
        mistake("client.allowed_origins contains", "client.allowed_origins=https://*.a.example"),
        mistake("client.allowed_origins contains", "client.allowed_origins=null"),
        mistake("client.allowed_origins contains", "client.allowed_origins=HTTPS://a.example:443"),
        mistake("http.trusted_proxies contains", "http.trusted_proxies=10.0.0.0/8,proxy"),
        mistake("http.proxy_protocol is true", "http.proxy_protocol=true"),
        mistake("node.heap_percent_max is 101", "node.heap_percent_max=101"),
        mistake("rebalance.tolerance_percent is 101", "rebalance.tolerance_percent=101"),
        mistake("http.sse.path is \"sse\";", "http.sse.path=sse"),
        mistake("http.sse.path is /x, as is", "http.sse.path=/x", "http.websocket.path=/x"),
        mistake("internal.port is http.port, 8000", "internal.port=8000"),
        mistake("http.permessage_deflate.level is 10;", "http.permessage_deflate.level=10"),
        mistake("http.permessage_deflate.level is 0;", "http.permessage_deflate.level=0"),
        mistake("tls.certificate_file and tls.key_file", "tls.certificate_file=a.pem"),
        mistake("tls.certificate_file and tls.key_file", "tls.key_file=a.pem"),
        mistake(
            "api.insecure is true;", "api.insecure=true", "internal.host=0.0.0.0", "api.key=abc"),
        mistake("api.key is empty;", "internal.host=::"),
        mistake("backend.endpoints.0.statuses.0.status is 200;", status("200", "404", "")),
        mistake("backend.endpoints.0.statuses.0.status is 600;", status("600", "404", "")),
        mistake("backend.endpoints.0.statuses.0.code is 399;", status("404", "399", "")),
        mistake("backend.endpoints.0.statuses.0.code is 3500;", status("404", "3500", "")),
        mistake(
            "backend.endpoints.0.statuses.0.message is too long;",
            status("404", "4404", "x".repeat(124))),
        mistake("api.key is empty;", "internal.host=node.example"),
        mistake("cluster.key is empty,", without("cluster.key")),
        mistake("cluster.key is too short,", with("cluster.key=abc")),
        mistake("cluster.tls.certificate_file is empty,", without("cluster.tls.")),
        mistake("cluster.allow_insecure is false,", without("cluster.allow_insecure")),
        mistake("cluster.host is 0.0.0.0;", with("cluster.host=0.0.0.0")),
        mistake("cluster.host is ::;", with("cluster.host=::")),
        mistake("cluster.members and cluster.kubernetes_service are e", without("cluster.members")),
        mistake(
            "cluster.members and cluster.kubernetes_service are both",
            with("cluster.kubernetes_service=nodes")),
        mistake(
            "cluster.port is 0; with",
            "cluster.enabled=true",
            "cluster.port=0",
            "cluster.kubernetes_service=nodes"),
        mistake(
            "cluster.port and cluster.bus_port are both 7;",
            "cluster.enabled=true",
            "cluster.port=7",
            "cluster.bus_port=7"),
        mistake("cluster.tls.certificate_file, cluster.tls.key_file, ", "cluster.tls.ca_file=a"),
        mistake("node.event_loops is 65;", "node.event_loops=65", "cluster.enabled=true"),
        mistake("link.lease is 999ms;", "link.lease=999ms", "cluster.enabled=true"),
        mistake("cluster.name is empty;", "cluster.name="),
        mistake("cluster.members contains \"b\";", "cluster.members=a:5701,b"),
        mistake("token.skew is 31s;", "token.skew=31s"),
        mistake("subscription_token.skew is 1m;", "subscription_token.skew=60s"),
        mistake("token.hmac_algorithm is \"RS256\";", "token.hmac_algorithm=RS256"),
        mistake("token.user_claim is empty;", "token.user_claim="),
        mistake("token.keys.0.algorithm is \"none\";", key("a", "none", "x")),
        mistake("token.keys.0.algorithm is \"es256\";", key("a", "es256", "x")),
        mistake("token.keys.0.pem is empty;", key("a", "HS256", "")),
        mistake("token.keys.0.pem is not a public key", key("a", "ES256", "x")),
        mistake("token.keys.0.id is empty;", key("", "ES256", PEM)),
        mistake("client.stale_timeout is 0s;", "client.stale_timeout=0s"),
        mistake(NAMESPACE + "history_size is 5 and", NAMESPACE + "history_size=5"),
        mistake(NAMESPACE + "history_size is 0 and", NAMESPACE + "history_ttl=5s"),
        mistake(NAMESPACE + "history_size is -1;", NAMESPACE + "history_size=-1"),
        mistake(NAMESPACE + "force_recovery needs", NAMESPACE + "force_recovery=true"),
        mistake(NAMESPACE + "allow_recovery needs", NAMESPACE + "allow_recovery=true"),
        mistake(NAMESPACE + "force_positioning needs", NAMESPACE + "force_positioning=true"),
        mistake(NAMESPACE + "allow_positioning needs", NAMESPACE + "allow_positioning=true"),
        mistake(NAMESPACE + "auto_cache_recover needs", NAMESPACE + "auto_cache_recover=true"),
        mistake(NAMESPACE + "delta_publish needs", NAMESPACE + "delta_publish=true"),
        mistake(NAMESPACE + "allowed_delta_types needs", NAMESPACE + "allowed_delta_types=fossil"),
        mistake(
            "channel.without_namespace.allowed_delta_types contains \"vcdiff\"",
            "channel.without_namespace.allowed_delta_types=vcdiff",
            "channel.without_namespace.history_size=1",
            "channel.without_namespace.history_ttl=1s"),
        mistake(NAMESPACE + "channel_regex is \"[\";", NAMESPACE + "channel_regex=["),
        mistake("channel.namespaces.x is not a name", "channel.namespaces.x.presence=true"),
        mistake("channel.namespaces.a:b is not a name", "channel.namespaces.a:b.presence=true"),
        mistake(
            "user.personal_channel_namespace is \"me\";", "user.personal_channel_namespace=me"));
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void eachRuleHasItsSentence(String start, List<String> flags) {
    // When
    List<String> problems = Configs.problems(flags.toArray(String[]::new));

    // Then
    assertThat(problems).singleElement().asString().startsWith(start).endsWith(")");
  }

  /// Flags that look like mistakes and are none.
  static Stream<List<String>> allowed() {
    return Stream.of(
        List.of("client.allowed_origins=*", "client.insecure=true"),
        List.of("client.allowed_origins=http://a.example:443,https://[::1]:8443,app://x"),
        List.of("http.trusted_proxies=10.0.0.0/8,::1"),
        List.of("internal.port=8000", "internal.host=::", "api.key=abc"),
        List.of("internal.port=0", "http.port=0"),
        List.of("api.insecure=true", "internal.host=127.0.0.9"),
        List.of("api.insecure=true", "internal.host=::1"),
        List.of("tls.certificate_file=a.pem", "tls.key_file=b.pem"),
        REACHABLE,
        List.of("cluster.enabled=true"),
        List.of("cluster.enabled=true", "cluster.host=::1"),
        List.of("cluster.enabled=true", "cluster.port=0", "cluster.bus_port=0"),
        List.of("cluster.host=10.0.0.1"),
        List.of("node.event_loops=64", "cluster.enabled=true"),
        List.of("node.event_loops=65"),
        List.of("node.drain_period=0s"),
        List.of("node.loop_lag_max=0s", "node.heap_percent_max=0", "client.age_max=0s"),
        List.of("rebalance.sessions_per_second=0", "rebalance.tolerance_percent=0"),
        List.of("http.proxy_protocol=true", "http.trusted_proxies=10.0.0.0/8"),
        List.of("token.skew=30s"),
        List.of("token.skew=0s"),
        List.of("token.hmac_secret=", "token.keys.0.algorithm=ES256", "token.keys.0.pem=" + PEM),
        List.of(
            NAMESPACE + "history_size=1",
            NAMESPACE + "history_ttl=1s",
            NAMESPACE + "force_recovery=true"),
        List.of("user.personal_channel_namespace=chat", NAMESPACE + "presence=true"));
  }

  @ParameterizedTest
  @MethodSource("allowed")
  void whatIsAllowedPasses(List<String> flags) {
    assertThat(Configs.problems(flags.toArray(String[]::new))).isEmpty();
  }

  @Test
  void everythingThatAReachableClusterLacksIsSaidAtOnce() {
    // When
    List<String> problems = Configs.problems("cluster.enabled=true", "cluster.host=10.0.0.1");

    // Then
    assertThat(problems)
        .hasSize(4)
        .anySatisfy(line -> assertThat(line).contains("cluster.key", "openssl rand -hex 32"))
        .anySatisfy(line -> assertThat(line).contains("set cluster.tls.certificate_file, key_file"))
        .anySatisfy(line -> assertThat(line).contains("cluster.allow_insecure", "firewall"))
        .anySatisfy(line -> assertThat(line).contains("cluster.members", "set one of them"));
  }

  @Test
  void twoKeysOfOneIdCannotBeToldApart() {
    // Given
    var flags = new ArrayList<>(key("a", "HS256", "x"));
    key("a", "HS512", "y").forEach(flag -> flags.add(flag.replace("keys.0", "keys.1")));

    // When
    List<String> problems = Configs.problems(flags.toArray(String[]::new));

    // Then
    assertThat(problems).singleElement().asString().startsWith("token.keys.1.id is \"a\", as is");
  }

  @Test
  void aNodeWithoutAnyKeyRefusesToStartAndSaysHowToMakeOne() {
    // When
    List<String> problems = Configs.problems(Optional.empty(), Map.of(), List.of());

    // Then
    assertThat(problems)
        .singleElement()
        .asString()
        .contains("token.hmac_secret", "token.keys", "openssl rand -hex 32", "scripts/run");
    assertThat(Configs.problems("token.hmac_secret=", "client.insecure=true")).isEmpty();
    assertThat(Configs.problems("token.hmac_secret=", "client.anonymous=true")).isEmpty();
  }

  @Test
  void anOpenPortInInsecureModeAndAClosedApiAreWarnings() {
    // When
    List<String> open = Configs.loaded("client.insecure=true", "api.key=abc").warnings();
    List<String> closed = Configs.loaded("client.insecure=true", "http.host=localhost").warnings();

    // Then
    assertThat(open).singleElement().asString().startsWith("client.insecure is true");
    assertThat(closed).singleElement().asString().startsWith("api.key is empty");
    assertThat(Configs.loaded("api.key=abc").warnings()).isEmpty();
  }

  private static String[] status(String status, String code, String message) {
    String path = "backend.endpoints.0.statuses.0.";
    return new String[] {
      "backend.endpoints.0.name=app",
      "backend.endpoints.0.url=http://app.example",
      path + "status=" + status,
      path + "code=" + code,
      path + "message=" + message
    };
  }

  private static Arguments mistake(String start, String... flags) {
    return Arguments.of(start, List.of(flags));
  }

  private static Arguments mistake(String start, List<String> flags) {
    return Arguments.of(start, flags);
  }

  /// A cluster that other machines reach, with one more setting.
  private static List<String> with(String setting) {
    var settings = new ArrayList<>(REACHABLE);
    settings.add(setting);
    return settings;
  }

  /// A cluster that other machines reach, without the settings that start so.
  private static List<String> without(String start) {
    return REACHABLE.stream().filter(setting -> !setting.startsWith(start)).toList();
  }

  private static List<String> key(String id, String algorithm, String pem) {
    return List.of(
        "token.keys.0.id=" + id, "token.keys.0.algorithm=" + algorithm, "token.keys.0.pem=" + pem);
  }
}
