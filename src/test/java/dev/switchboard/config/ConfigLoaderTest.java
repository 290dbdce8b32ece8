package dev.switchboard.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigLoaderTest {
  @TempDir Path folder;

  @Test
  void defaultsAreOverruledByFileThenEnvironmentThenFlags() throws Exception {
    // Given
    Path file =
        Configs.file(
            folder,
            """
            token: {hmac_secret: abc}
            client: {channels_max: 1, commands_burst: 1, fragments_max: 1}
            """);
    var env =
        Map.of("SWITCHBOARD_CLIENT__COMMANDS_BURST", "2", "SWITCHBOARD_CLIENT__FRAGMENTS_MAX", "2");
    var flags = List.of("client.fragments_max=3", "http.port=1", "http.port=2");

    // When
    GatewayConfig config = ConfigLoader.load(Optional.of(file), env, flags).config();

    // Then
    assertThat(config.client().commandsPerSecond()).isEqualTo(100);
    assertThat(config.client().channelsMax()).isEqualTo(1);
    assertThat(config.client().commandsBurst()).isEqualTo(2);
    assertThat(config.client().fragmentsMax()).isEqualTo(3);
    assertThat(config.http().port()).isEqualTo(2);
  }

  @Test
  void everyMistakeIsListedAtOnce() {
    // Given
    Path file =
        Configs.file(
            folder,
            """
            client:
              ping_intervall: 25s
              pong_timeout: soon
              insecure: maybe
              allowed_origins: ["https://a.example/path"]
            http:
              port: 70000
              trusted_proxies: [10.0.0.0/99]
            channel:
              namespaces:
                - {name: chat, history_size: 5}
            """);
    var env = Map.of("SWITCHBOARD_LOG__LEVEL", "loud");

    // When
    List<String> problems = Configs.problems(Optional.of(file), env, List.of(Configs.KEY));

    // Then
    assertThat(problems)
        .containsExactlyInAnyOrder(
            "client.ping_intervall is not a key; did you mean client.ping_interval? (%s line 2)"
                .formatted(file),
            "client.pong_timeout is \"soon\"; allowed is a duration from 0s to 3650d such as"
                + " 250ms, 25s, 5m, 1h or 30d (%s line 3)".formatted(file),
            "client.insecure is \"maybe\"; allowed is true or false (%s line 4)".formatted(file),
            "client.allowed_origins contains \"https://a.example/path\"; allowed is scheme://host"
                + " or scheme://host:port, nothing after it (%s line 5)".formatted(file),
            "http.port is 70000; allowed is 0 to 65535 (%s line 7)".formatted(file),
            "http.trusted_proxies contains \"10.0.0.0/99\"; allowed is an address or a block such"
                + " as 10.0.0.0/8 (%s line 8)".formatted(file),
            ("channel.namespaces.chat.history_size is 5 and channel.namespaces.chat.history_ttl is"
                    + " 0s; allowed is both above zero or both zero"
                    + " (channel.namespaces.chat.history_size: %1$s line 11;"
                    + " channel.namespaces.chat.history_ttl: %1$s line 11)")
                .formatted(file),
            "log.level is \"loud\"; allowed is one of error, warn, info, debug, trace"
                + " (environment variable SWITCHBOARD_LOG__LEVEL)");
  }

  @Test
  void aWrongValueBreaksNoRuleInItsPlace() {
    // When
    List<String> problems =
        Configs.problems("client.ping_interval=often", "client.pong_timeout=60s");

    // Then
    assertThat(problems).singleElement().asString().startsWith("client.ping_interval is");
  }

  @Test
  void anUnknownKeyNamesTheKeyThatWasMeant() {
    // When
    List<String> problems =
        Configs.problems(
            "client.pingInterval=1s", "clinet.insecure=true", "http.insecure=1", "rpc.xyz=1");

    // Then
    assertThat(problems)
        .containsExactlyInAnyOrder(
            "clinet is not a key; did you mean client? (flag clinet.insecure)",
            "http.insecure is not a key; the keys here are host, port, accept_backlog,"
                + " trusted_proxies, proxy_protocol, websocket, http_stream, sse, emulation_path,"
                + " uni_websocket, uni_http_stream, uni_sse, permessage_deflate (flag"
                + " http.insecure)",
            "client.pingInterval is not a key; did you mean client.ping_interval?"
                + " (flag client.pingInterval)",
            "rpc.xyz is not a key; the keys here are enabled, backend, namespaces (flag rpc.xyz)");
  }

  @Test
  void namespacesAreAListOrAMapAndStartFromBuiltInDefaults() throws Exception {
    // Given
    String common = "token: {hmac_secret: a}\nchannel:\n  without_namespace: {presence: true}\n";
    Path file = Configs.file(folder, common + "  namespaces: [{name: chat, join_leave: true}]");

    // When
    var fromList = ConfigLoader.load(Optional.of(file), Map.of(), List.of()).config().channel();
    Configs.file(folder, common + "  namespaces: {chat: {join_leave: true}, quiet: }");
    var fromMap = ConfigLoader.load(Optional.of(file), Map.of(), List.of()).config().channel();

    // Then
    assertThat(fromList.namespaces().get("chat")).isEqualTo(fromMap.namespaces().get("chat"));
    assertThat(fromList.namespaces().get("chat").joinLeave()).isTrue();
    assertThat(fromList.namespaces().get("chat").presence()).isFalse();
    assertThat(fromMap.namespaces()).containsOnlyKeys("chat", "quiet");
    assertThat(fromMap.namespaces().get("quiet").presence()).isFalse();
  }

  @Test
  void namespacesNeedAnAllowedNameExactlyOnce() {
    // Given
    Path file =
        Configs.file(
            folder,
            "channel: {namespaces: [{name: chat}, {name: chat}, {presence: true}, {name: x.y}]}");

    // When
    List<String> problems = Configs.problems(Optional.of(file), Map.of(), List.of(Configs.KEY));

    // Then
    assertThat(problems).hasSize(3);
    assertThat(problems.get(0)).startsWith("channel.namespaces.1.name is \"chat\" a second time");
    assertThat(problems.get(1)).startsWith("channel.namespaces.2 has no name");
    assertThat(problems.get(2)).startsWith("channel.namespaces.x.y is not a name").contains("line");
  }

  @Test
  void environmentAndFlagsReachNamespacesAndListElements() throws Exception {
    // Given
    Path file =
        Configs.file(
            folder,
            """
            token: {keys: [{id: one, algorithm: HS256, pem: a}]}
            channel: {namespaces: [{name: chat}]}
            """);
    var env =
        Map.of(
            "SWITCHBOARD_CHANNEL__NAMESPACES__chat__PRESENCE", "true",
            "SWITCHBOARD_CHANNEL__NAMESPACES__my__own__PRESENCE", "true",
            "SWITCHBOARD_TOKEN__KEYS__1__ID", "two",
            "SWITCHBOARD_TOKEN__KEYS__1__ALGORITHM", "HS384",
            "SWITCHBOARD_TOKEN__KEYS__1__PEM", "b",
            "SWITCHBOARD_CLIENT__ALLOWED_ORIGINS", "https://a.example, https://b.example:8443");
    var flags = List.of("channel.namespaces.news.presence=true", "token.keys.0.pem=c");

    // When
    GatewayConfig config = ConfigLoader.load(Optional.of(file), env, flags).config();

    // Then
    assertThat(config.channel().namespaces()).containsOnlyKeys("chat", "my__own", "news");
    assertThat(config.channel().namespaces().values()).allMatch(options -> options.presence());
    assertThat(config.token().keys())
        .containsExactly(
            new GatewayConfig.Key("one", "HS256", new Secret("c")),
            new GatewayConfig.Key("two", "HS384", new Secret("b")));
    assertThat(config.client().allowedOrigins())
        .containsExactly("https://a.example", "https://b.example:8443");
  }

  @Test
  void aNamespaceThatDiffersInCaseOnlyIsNotMadeSilently() {
    // Given
    Path file = Configs.file(folder, "channel: {namespaces: {chat: {}}}");
    var env = Map.of("SWITCHBOARD_CHANNEL__NAMESPACES__CHAT__PRESENCE", "true");

    // When
    List<String> problems = Configs.problems(Optional.of(file), env, List.of(Configs.KEY));

    // Then
    assertThat(problems).singleElement().asString().contains("differs only in case from chat");
  }

  @Test
  void aMissingFileIsOneClearSentence() {
    // Given
    Path missing = folder.resolve("none.yaml");

    // Then
    assertThatThrownBy(() -> ConfigLoader.load(Optional.of(missing), Map.of(), List.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessage("configuration file " + missing + " does not exist");
    assertThat(Configs.problems(Optional.of(folder), Map.of(), List.of()))
        .containsExactly("configuration file " + folder + " is a directory");
  }

  @Test
  void anEmptyFileAndEmptySectionsSayNothing() throws Exception {
    // Given
    Path file = Configs.file(folder, "# only a comment\n");
    var flags = List.of(Configs.KEY);

    // When
    var empty = ConfigLoader.load(Optional.of(file), Map.of(), flags).config();
    Configs.file(folder, "client:\n  # insecure: true\nhttp:\n");
    var sections = ConfigLoader.load(Optional.of(file), Map.of(), flags).config();

    // Then
    assertThat(empty).isEqualTo(sections).isEqualTo(Configs.loaded().config());
    assertThat(empty.client().pingInterval()).isEqualTo(Duration.ofSeconds(25));
  }

  @Test
  void valuesOfTheWrongShapeAreNamed() {
    // Given
    Path file =
        Configs.file(
            folder,
            """
            client: 5
            http: {port: [1], host: {a: b}}
            api: {body_bytes_max: }
            token: {keys: [{algorithm: HS256}, 7]}
            channel: {namespaces: 3}
            """);

    // When
    List<String> problems = Configs.problems(Optional.of(file), Map.of(), List.of(Configs.KEY));

    // Then
    assertThat(problems)
        .extracting(problem -> problem.replaceAll(" \\(.*", ""))
        .containsExactlyInAnyOrder(
            "client is one value; allowed is a section of keys",
            "http.port is a list; allowed is a whole number",
            "http.host is a section; allowed is one value",
            "api.body_bytes_max is nothing; allowed is a size such as 65536, 64KiB or 1MiB",
            "token.keys.0.pem is missing",
            "token.keys.1 is one value; allowed is a section of keys",
            "token.keys.1.pem is missing",
            "channel.namespaces is one value; allowed is a section with one key for each name");
  }
}
