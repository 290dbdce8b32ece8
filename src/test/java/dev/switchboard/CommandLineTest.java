package dev.switchboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.cli.ConfigSource;
import dev.switchboard.testkit.TestClient;
import dev.switchboard.testkit.TestNode;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineTest {
  private static final String SECRET = "a-secret-of-at-least-thirty-two-bytes";

  @TempDir private Path here;

  private record Outcome(int code, String out, String err) {}

  private Outcome run(Map<String, String> environment, List<String> arguments) {
    var out = new StringWriter();
    var err = new StringWriter();
    int code =
        Switchboard.commandLine(new ConfigSource(environment, here))
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(arguments.toArray(String[]::new));
    return new Outcome(code, out.toString(), err.toString());
  }

  private Outcome run(String... arguments) {
    return run(Map.of(), List.of(arguments));
  }

  private Outcome call(TestNode node, String... arguments) {
    List<String> all = new ArrayList<>(Arrays.asList(arguments));
    all.addAll(List.of("--api", node.internal(), "--key", TestNode.API_KEY));
    return run(Map.of(), all);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "serve",
        "token",
        "publish",
        "history",
        "history-remove",
        "send",
        "subscribe",
        "unsubscribe",
        "refresh",
        "disconnect",
        "info",
        "channels",
        "users",
        "drain",
        "check-config"
      })
  void everyCommandExplainsItself(String command) {
    // When
    var outcome = command.isEmpty() ? run("--help") : run(command, "--help");

    // Then
    assertThat(outcome.code()).isZero();
    assertThat(outcome.out()).contains("Usage: switchboard " + command, "Exit codes:");
    assertThat(command.isEmpty() || outcome.out().contains("Examples:")).isTrue();
    assertThat(outcome.out().lines()).allMatch(line -> line.length() <= 80);
  }

  @Test
  void usersAreShownWithTheirConnections() {
    try (var node = TestNode.start("events.enabled=true");
        var _ = TestClient.connect(node, "alice")) {
      // When
      var users = call(node, "users", "alice", "bob");

      // Then
      assertThat(users.code()).isZero();
      assertThat(users.out().lines().map(line -> line.replaceAll(" +", " ").strip()))
          .containsExactly("USER ONLINE CONNECTIONS LAST SEEN", "alice yes 1 -", "bob no 0 -");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "publsh",
        "users",
        "publish",
        "publish demo",
        "publish demo not-json --api http://127.0.0.1:1 --key k",
        "publish demo 1 --api nonsense --key k",
        "publish demo 1 --version-epoch b --api http://127.0.0.1:1 --key k",
        "history",
        "history demo --limit -1 --api http://127.0.0.1:1 --key k",
        "history demo --epoch x --api http://127.0.0.1:1 --key k",
        "history-remove",
        "send 1",
        "send --user a --client b 1",
        "disconnect",
        "disconnect --user a --client b",
        "disconnect --user a --code x",
        "subscribe --user a",
        "subscribe --user a news --ttl soon --api http://127.0.0.1:1 --key k",
        "subscribe --user a news --data { --api http://127.0.0.1:1 --key k",
        "unsubscribe news",
        "refresh --user a",
        "refresh --user a --never --expired",
        "refresh --user a --ttl 0s --api http://127.0.0.1:1 --key k",
        "token",
        "token --user a --ttl soon",
        "token --user a --ttl 0s",
        "token --user a --info {",
        "serve --port x",
        "serve --dev a --config b",
        "serve --config missing.yaml",
        "serve --set nonsense",
        "info --config missing.yaml",
        "info",
      })
  void wrongUsageExitsWithTwoAndOneReason(String arguments) {
    // When
    var outcome = run(arguments.isEmpty() ? new String[0] : arguments.split(" "));

    // Then
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.out()).isEmpty();
    assertThat(outcome.err()).startsWith("switchboard: ").doesNotContain("\tat ");
  }

  @Test
  void aNodeThatIsNotThereIsAFailure() {
    // When
    var outcome = run("info", "--api", "http://127.0.0.1:1", "--key", "k");

    // Then
    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.err())
        .isEqualTo(
            "switchboard: no node answers at http://127.0.0.1:1; start one with scripts/run, or"
                + " name another with --api URL\n");
  }

  @Test
  void aWrongKeyIsSaid() {
    try (var node = TestNode.start()) {
      // When
      var wrong = run("info", "--api", node.internal(), "--key", "wrong");
      var none = run("info", "--api", node.internal());

      // Then
      assertThat(wrong.code()).isEqualTo(1);
      assertThat(wrong.err()).contains("does not know this API key");
      assertThat(none.code()).isEqualTo(1);
      assertThat(none.err()).contains("needs an API key");
    }
  }

  @Test
  void aRefusalShowsCodeAndMessage() {
    try (var node = TestNode.start()) {
      // When
      var outcome = call(node, "publish", "unheard:of", "1");

      // Then
      assertThat(outcome.code()).isEqualTo(1);
      assertThat(outcome.err())
          .isEqualTo("switchboard: the node refused: unknown channel (error 102)\n");
    }
  }

  @Test
  void publishReachesSubscribersByteForByte() {
    try (var node = TestNode.start();
        var client = TestClient.connect(node, "alice")) {
      // Given
      client.subscribe("news");

      // When
      var outcome = call(node, "publish", "news", " {\"n\": 1.50} ");

      // Then
      assertThat(outcome).isEqualTo(new Outcome(0, "published to news\n", ""));
      assertThat(client.push().getJsonObject("pub").getJsonObject("data").getDouble("n"))
          .isEqualTo(1.5);
    }
  }

  @Test
  void aStreamIsWrittenReadAndCleared() {
    try (var node =
        TestNode.start(
            "channel.without_namespace.history_size=10",
            "channel.without_namespace.history_ttl=1h")) {
      // When
      var first = call(node, "publish", "news", "{\"n\": 1}", "--idempotency-key", "k");
      var repeated = call(node, "publish", "news", "{\"n\": 1}", "--idempotency-key", "k");
      var second = call(node, "publish", "news", "\"\u202e\"", "--data-version", "7");
      var outdated = call(node, "publish", "news", "3", "--data-version", "6");
      var renumbered =
          call(node, "publish", "news", "4", "--data-version", "1", "--version-epoch", "b");
      var passed = call(node, "publish", "news", "5", "--skip-history");
      var newest = call(node, "history", "news", "--reverse", "--limit", "2");
      var end = new JsonObject(call(node, "history", "news", "--limit", "0", "--json").out());
      String epoch = end.getString("epoch");
      var since = call(node, "history", "news", "--since", "2", "--epoch", epoch);
      var strange = call(node, "history", "news", "--since", "2", "--epoch", "x");
      var removed = call(node, "history-remove", "news");
      var empty = call(node, "history", "news");

      // Then
      assertThat(List.of(first, repeated, second, outdated, renumbered, passed))
          .extracting(Outcome::out)
          .map(line -> line.replaceAll(", epoch \\S+\n", ""))
          .containsExactly(
              "published to news: offset 1",
              "published to news: offset 1",
              "published to news: offset 2",
              "published to news: offset 2",
              "published to news: offset 3",
              "published to news: offset 3");
      assertThat(newest.out().lines().map(line -> line.replaceAll("  \\S+Z  ", " ")))
          .containsExactly(
              "OFFSET  PUBLISHED                 DATA",
              "3      4",
              "2      \"?\"",
              "ends at offset 3, epoch " + epoch);
      assertThat(since.out().lines()).hasSize(3);
      assertThat(strange)
          .isEqualTo(
              new Outcome(
                  1, "", "switchboard: the node refused: unrecoverable position (error 112)\n"));
      assertThat(removed).isEqualTo(new Outcome(0, "nothing is kept of news any more\n", ""));
      assertThat(empty.out())
          .isEqualTo("OFFSET  PUBLISHED  DATA\nends at offset 3, epoch " + epoch + "\n");
    }
  }

  @Test
  void aChannelWithoutHistoryHasNone() {
    try (var node = TestNode.start()) {
      // When
      var read = call(node, "history", "news");
      var keyed = call(node, "publish", "news", "1", "--idempotency-key", "k");

      // Then
      assertThat(read.code()).isEqualTo(1);
      assertThat(read.err())
          .isEqualTo("switchboard: the node refused: not available (error 108)\n");
      assertThat(keyed.code()).isEqualTo(1);
      assertThat(keyed.err()).contains("need a namespace with history", "(error 107)");
    }
  }

  @Test
  void sendSaysWhoGotIt() {
    try (var node = TestNode.start();
        var one = TestClient.connect(node, "alice");
        var two = TestClient.connect(node, "alice")) {
      // When
      var online = call(node, "send", "--user", "alice", "\"hi\"");
      var offline = call(node, "send", "--user", "bob", "\"hi\"", "--json");

      // Then
      assertThat(online.code()).isZero();
      assertThat(online.out().lines()).hasSize(3).anyMatch(line -> line.endsWith("written"));
      assertThat(one.push().getJsonObject("message").getString("data")).isEqualTo("hi");
      assertThat(two.push().getJsonObject("message").getString("data")).isEqualTo("hi");
      assertThat(offline.code()).isEqualTo(1);
      assertThat(new JsonObject(offline.out()).getJsonArray("deliveries").getJsonObject(0))
          .isEqualTo(new JsonObject().put("client", "bob").put("outcome", "offline"));
    }
  }

  @Test
  void commandsAboutSessionsReachThem() {
    try (var node = TestNode.start();
        var client = TestClient.connect(node, "alice")) {
      // When
      var subscribed =
          call(node, "subscribe", "--user", "alice", "news", "--data", "1", "--ttl", "1h");
      var again = call(node, "subscribe", "--user", "alice", "news");
      var refreshed = call(node, "refresh", "--user", "alice", "--ttl", "1h", "--info", "{}");
      var forEver = call(node, "refresh", "--user", "alice", "--never");
      var ended = call(node, "unsubscribe", "--user", "alice", "--code", "2502");
      var closed =
          call(node, "disconnect", "--user", "alice", "--code", "4001", "--reason", "so long");

      // Then
      assertThat(List.of(subscribed, refreshed, forEver, ended, closed))
          .allMatch(outcome -> outcome.code() == 0)
          .allMatch(outcome -> outcome.out().endsWith("  written\n"));
      assertThat(again.code()).isZero();
      assertThat(again.out()).endsWith("  dropped  already_subscribed\n");
      assertThat(client.push().getJsonObject("subscribe").getInteger("data")).isEqualTo(1);
      assertThat(client.push().getJsonObject("refresh").getLong("ttl")).isBetween(3_500L, 3_600L);
      assertThat(client.push().getJsonObject("refresh")).isEmpty();
      assertThat(client.push().getJsonObject("unsubscribe").getInteger("code")).isEqualTo(2502);
      assertThat(client.closed()).isEqualTo(new TestClient.Close(4001, "so long"));
    }
  }

  @Test
  void oneSessionOfAUserMayBeMeantOrSpared() {
    try (var node = TestNode.start();
        var client = TestClient.open(node)) {
      // Given
      String id = client.connectTo(node, "alice");

      // When
      var spared = call(node, "disconnect", "--user", "alice", "--spare", id);
      var expired = call(node, "refresh", "--client", id, "--expired");

      // Then
      assertThat(spared.code()).isZero();
      assertThat(spared.out()).endsWith(id + "  dropped  spared\n");
      assertThat(expired.code()).isZero();
      assertThat(client.closed().code()).isEqualTo(3005);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"send 1", "subscribe news", "unsubscribe", "refresh --never", "disconnect"})
  void nobodyThereExitsWithOne(String command) {
    try (var node = TestNode.start()) {
      // Given
      List<String> words = new ArrayList<>(List.of(command.split(" ")));
      words.addAll(List.of("--user", "nobody"));

      // When
      var table = call(node, words.toArray(String[]::new));
      words.add("--json");
      var json = call(node, words.toArray(String[]::new));

      // Then
      assertThat(table.code()).isEqualTo(1);
      assertThat(table.out()).isEqualTo("RECIPIENT  OUTCOME  REASON\nnobody     offline\n");
      assertThat(json.code()).isEqualTo(1);
      assertThat(new JsonObject(json.out()).getJsonArray("deliveries")).hasSize(1);
    }
  }

  @Test
  void channelsAreATableThatCannotSteerATerminal() {
    try (var node = TestNode.start("channel.without_namespace.channel_regex=(?s).*");
        var client = TestClient.connect(node, "alice")) {
      // Given
      client.subscribe("news");
      client.subscribe("new\u001b[2J\u202e");
      client.subscribe("other");

      // When
      var table = call(node, "channels", "new*");
      var json = call(node, "channels", "--json");

      // Then
      assertThat(table)
          .isEqualTo(new Outcome(0, "CHANNEL   CLIENTS\nnew?[2J?  1\nnews      1\n", ""));
      assertThat(new JsonObject(json.out()).getJsonObject("channels")).hasSize(3);
    }
  }

  @Test
  void infoIsATableOrJson() {
    try (var node = TestNode.start("node.name=tester");
        var _ = TestClient.connect(node, "alice")) {
      // When
      var table = call(node, "info");
      var json = call(node, "info", "--json");

      // Then
      assertThat(table.out().lines()).hasSize(2).first().asString().startsWith("NAME ");
      assertThat(table.out().lines().toList().get(1)).matches("tester +[0-9a-f]{16} .* \\d+s");
      var first = new JsonObject(json.out()).getJsonArray("nodes").getJsonObject(0);
      assertThat(first.getInteger("num_clients")).isEqualTo(1);
    }
  }

  @Test
  void drainNeedNotWait() {
    try (var node = TestNode.start("node.name=tester")) {
      // When
      var outcome = call(node, "drain", "--no-wait");

      // Then
      assertThat(outcome).isEqualTo(new Outcome(0, "tester is draining: 0 sessions left\n", ""));
    }
  }

  @Test
  void theConfigurationSaysWhomToCall() throws IOException {
    try (var node = TestNode.start()) {
      // Given
      Path file =
          Files.writeString(
              here.resolve("node.yaml"),
              """
              token: {hmac_secret: %s}
              internal: {host: "127.0.0.1", port: %d}
              """
                  .formatted(SECRET, node.node().internalPort()));
      var environment = new HashMap<String, String>();
      environment.put("SWITCHBOARD_CONFIG", file.toString());
      environment.put("SWITCHBOARD_API__KEY", TestNode.API_KEY);

      // When
      var outcome = run(environment, List.of("info"));

      // Then
      assertThat(outcome.err()).isEmpty();
      assertThat(outcome.code()).isZero();
    }
  }

  @Test
  void aTokenOpensADoor() throws IOException {
    try (var node = TestNode.start();
        var client = TestClient.open(node)) {
      // Given
      Path file =
          Files.writeString(
              here.resolve("node.yaml"),
              "token: {hmac_secret: %s, audience: test}".formatted(SECRET));

      // When
      var outcome =
          run("token", "--user", "alice", "--info", "{\"a\":1}", "--config", file.toString());

      // Then
      assertThat(outcome.code()).isZero();
      assertThat(client.connect(outcome.out().strip()).containsKey("connect")).isTrue();
    }
  }

  @Test
  void checkConfigListsEveryMistake() throws IOException {
    // Given
    Path file =
        Files.writeString(
            here.resolve("node.yaml"),
            """
            client:
              ping_intervall: 10s
              pong_timeout: soon
            http:
              port: 70000
            token:
              hmac_secret: do-not-show
            """);

    // When
    var text = run("check-config", file.toString());
    var json = run("check-config", file.toString(), "--json");

    // Then
    assertThat(text.code()).isEqualTo(2);
    assertThat(text.err().lines()).hasSize(3).allMatch(line -> line.startsWith("switchboard: "));
    assertThat(text.err()).contains("client.ping_intervall", "client.pong_timeout", "http.port");
    assertThat(text.err()).doesNotContain("do-not-show");
    assertThat(json.code()).isEqualTo(2);
    assertThat(new JsonObject(json.out()).getJsonArray("problems")).hasSize(3);
  }

  @Test
  void checkConfigPrintsWithoutSecrets() throws IOException {
    // Given
    Path file = Files.writeString(here.resolve("node.yaml"), "token: {hmac_secret: do-not-show}");

    // When
    var outcome = run("check-config", file.toString(), "--print");

    // Then
    assertThat(outcome.code()).isZero();
    assertThat(outcome.out()).contains("hmac_secret: \"[hidden]\"").doesNotContain("do-not-show");
  }
}
