package dev.switchboard.socket;

import static dev.switchboard.testkit.Shorthand.channel;
import static dev.switchboard.testkit.Shorthand.error;
import static dev.switchboard.testkit.Shorthand.of;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.switchboard.protocol.Command;
import dev.switchboard.protocol.Push;
import dev.switchboard.protocol.Reply;
import dev.switchboard.testkit.Contract;
import dev.switchboard.testkit.StreamClient;
import dev.switchboard.testkit.StreamClient.Kind;
import dev.switchboard.testkit.TestClient;
import dev.switchboard.testkit.TestNode;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Holds `src/docs/asyncapi.yaml` and what clients and the event bus hear to each other.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AsyncApiTest {
  private static final JsonNode DOCUMENT = Contract.ASYNCAPI.read();
  private static final JsonNode SCHEMAS = DOCUMENT.at("/components/schemas");
  private static final Path COMMANDS =
      Path.of("src/main/java/dev/switchboard/protocol/JsonCommands.java");
  private static final Path CODEC =
      Path.of("src/main/java/dev/switchboard/protocol/JsonCodec.java");
  private static final Pattern READ = Pattern.compile("case \"([a-z_]+)\" ->");
  private static final Pattern WRITTEN =
      Pattern.compile(
          "\\.(?:unsigned|unsignedAlways|text|textAlways|flag|number|payload|open|openArray)"
              + "\\(\"([a-z_]+)\"");

  private final TestNode node =
      TestNode.start(
          Stream.concat(
                  Stream.of(
                      "client.ping_interval=1h",
                      "events.enabled=true",
                      "http.http_stream.enabled=true",
                      "http.uni_http_stream.enabled=true",
                      "rpc.enabled=true",
                      "rpc.namespaces.0.name=here",
                      "rpc.namespaces.0.backend=in-process"),
                  Stream.of(
                          "history_size=10",
                          "history_ttl=1h",
                          "force_recovery=true",
                          "presence=true",
                          "join_leave=true",
                          "force_push_join_leave=true",
                          "allowed_delta_types=fossil",
                          "delta_publish=true",
                          "allow_tags_filter=true",
                          "allow_channel_compaction=true",
                          "allow_subscribe_for_client=true",
                          "allow_publish_for_client=true",
                          "allow_presence_for_client=true",
                          "allow_history_for_client=true")
                      .map(option -> "channel.namespaces.orders." + option))
              .toArray(String[]::new));

  @AfterAll
  void stop() {
    node.close();
  }

  private static void assertDocumented(String schema, JsonObject spoken) {
    assertThat(Contract.ASYNCAPI.breaches("/components/schemas/" + schema, spoken.encode()))
        .as(spoken.encode())
        .isEmpty();
  }

  private static Set<String> properties(String schema) {
    var names = new TreeSet<String>();
    SCHEMAS.at("/" + schema + "/properties").fieldNames().forEachRemaining(names::add);
    return names;
  }

  /// The kinds of a closed type in the words of the protocol, and more words.
  private static Set<String> kinds(Class<?> closed, String... more) {
    Stream<String> kinds =
        Arrays.stream(closed.getPermittedSubclasses())
            .map(
                kind ->
                    kind.getSimpleName()
                        .replaceAll("(?<=.)([A-Z])", "_$1")
                        .toLowerCase(Locale.ROOT));
    return Stream.concat(kinds, Stream.of(more)).collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void theKindsAreThoseOfTheServer() {
    // Given
    Set<String> commands = kinds(Command.class, "id");
    Set<String> pushes = kinds(Push.class, "id", "channel", "pub");

    // When
    commands.remove("pong");
    pushes.remove("publish");

    // Then
    assertThat(properties("Command")).isEqualTo(commands);
    assertThat(properties("Reply")).isEqualTo(kinds(Reply.class, "id"));
    assertThat(properties("Push")).isEqualTo(pushes);
    pushes.add("connect");
    assertThat(properties("Heard")).isEqualTo(pushes);
  }

  @Test
  void theDocumentNamesEveryMemberThatTheServerReads() {
    // When
    Set<String> read = Contract.named(READ, List.of(COMMANDS)).collect(Collectors.toSet());
    Set<String> emulated = Contract.named(READ, List.of(CODEC)).collect(Collectors.toSet());

    // Then
    read.add("id");
    assertThat(Contract.ASYNCAPI.members(SCHEMAS.get("Command"))).isEqualTo(read);
    assertThat(Contract.ASYNCAPI.members(DOCUMENT.at("/components/messages/emulated/payload")))
        .isEqualTo(emulated);
  }

  @Test
  void theDocumentNamesEveryMemberThatTheServerWrites() {
    // When
    Set<String> written = Contract.named(WRITTEN, List.of(CODEC)).collect(Collectors.toSet());

    // Then
    var documented = Contract.ASYNCAPI.members(SCHEMAS.get("Reply"));
    documented.addAll(Contract.ASYNCAPI.members(SCHEMAS.get("Pushed")));
    documented.addAll(Contract.ASYNCAPI.members(SCHEMAS.get("Heard")));
    assertThat(written).containsExactlyInAnyOrderElementsOf(documented);
  }

  /// A client whose every word is compared with the document.
  private static final class Listener {
    private final TestClient client;
    private final Set<String> replies = new TreeSet<>();
    private final Set<String> pushes = new TreeSet<>();

    Listener(TestClient client) {
      this.client = client;
    }

    JsonObject call(String command, JsonObject parameters) {
      JsonObject reply = client.call(command, parameters);
      assertDocumented("Reply", reply);
      replies.addAll(reply.fieldNames());
      return reply;
    }

    /// Listens until every kind of push came.
    void hear(Set<String> kinds) {
      while (!pushes.containsAll(kinds)) {
        JsonObject pushed = client.next();
        assertDocumented("Pushed", pushed);
        pushes.addAll(pushed.getJsonObject("push").fieldNames());
      }
    }
  }

  @Test
  void everyWordOfASessionIsInTheDocument() {
    try (var first = TestClient.open(node);
        var second = TestClient.open(node)) {
      // Given
      var alice = new Listener(first);
      var bob = new Listener(second);
      var claims =
          of("info", of("name", "Alice")).put("channels", new JsonArray().add("orders:server"));
      String token = node.signer().sign("alice", Duration.ofHours(1), claims);
      String mine = node.signer().subscription("alice", "orders:mine", Duration.ofHours(1));
      JsonObject orders = channel("orders:1");

      // When
      alice.call("connect", of("token", token).put("name", "test"));
      bob.call("connect", of("token", node.token("bob")));
      alice.call("subscribe", orders.copy().put("flag", 1).put("delta", "fossil"));
      alice.call("subscribe", channel("orders:mine").put("token", mine));
      alice.call("subscribe", channel("nobody:knows"));
      bob.call("subscribe", orders);
      bob.call("publish", orders.copy().put("data", of("text", "a long text that is the same")));
      bob.call("publish", orders.copy().put("data", of("text", "a long text that is the sane")));
      node.api("publish", orders.copy().put("data", 1).put("tags", of("a", "b")).encode());
      alice.call("presence", orders);
      alice.call("presence_stats", orders);
      alice.call("history", orders.copy().put("limit", 10));
      alice.call("rpc", of("method", "here:echo").put("data", 1));
      assertThat(error(alice.call("rpc", of("method", "here:refuse")))).isEqualTo(400);
      assertThat(error(alice.call("rpc", of("method", "dance")))).isEqualTo(104);
      alice.call("refresh", of("token", token));
      alice.call("sub_refresh", channel("orders:mine").put("token", mine));
      bob.call("unsubscribe", orders);
      JsonObject recovered = bob.call("subscribe", orders.copy().put("recover", true));
      JsonObject user = of("user", "alice");
      node.api("send", user.copy().put("data", 1).encode());
      node.api("subscribe", user.copy().put("channel", "orders:more").put("data", 1).encode());
      node.api("unsubscribe", user.copy().put("channel", "orders:more").encode());
      node.api("refresh", user.copy().put("expire_at", 4_102_444_800L).encode());

      // Then
      alice.hear(
          properties("Push").stream()
              .filter(kind -> !kind.equals("disconnect"))
              .collect(Collectors.toSet()));
      alice.replies.addAll(bob.replies);
      assertThat(alice.replies).isEqualTo(properties("Reply"));
      assertThat(recovered.getJsonObject("subscribe").getJsonArray("publications")).hasSize(3);
      first.send("{\"send\":{\"data\":1}}");
      assertThat(first.closed().code()).isEqualTo(3508);
    }
  }

  @Test
  void aStreamIsToldOfItsSessionAndOfItsEnd() {
    // Given
    try (var client =
        StreamClient.open(
            StreamClient.http(node), Kind.LINES, of("token", node.token("streamer")))) {
      // When
      JsonObject connected = client.next();
      node.api("disconnect", "{\"user\":\"streamer\",\"disconnect\":{\"code\":3014}}");
      JsonObject ended = client.next();

      // Then
      assertDocumented("Reply", connected);
      assertThat(connected.getJsonObject("connect").fieldNames()).contains("session", "node");
      assertDocumented("Pushed", ended);
      assertThat(ended.getJsonObject("push"))
          .isEqualTo(of("disconnect", of("code", 3014).put("reason", "state invalidated")));
    }
  }

  @Test
  void whoOnlyListensHearsWhatTheDocumentSays() {
    // Given
    var connect =
        of("token", node.token("listener")).put("subs", of("orders:heard", new JsonObject()));
    try (var client = StreamClient.open(StreamClient.http(node), Kind.UNI_LINES, connect)) {
      // When
      List<JsonObject> heard = new ArrayList<>(List.of(client.next()));
      node.publish("orders:heard", "1");
      node.api("disconnect", "{\"user\":\"listener\"}");
      while (!heard.getLast().containsKey("disconnect")) {
        heard.add(client.next());
      }

      // Then
      assertDocumented("ConnectRequest", connect);
      heard.forEach(each -> assertDocumented("Heard", each));
      assertThat(heard).anyMatch(each -> each.containsKey("pub"));
    }
  }

  private static Stream<JsonNode> examples(String message) {
    List<JsonNode> examples = new ArrayList<>();
    DOCUMENT.at("/components/messages/" + message + "/examples").forEach(examples::add);
    return examples.stream().map(example -> example.get("payload"));
  }

  private static Stream<String> commands() {
    return examples("command").map(JsonNode::toString);
  }

  @Test
  void theExamplesAreAsTheSchemasSay() {
    for (String message : List.of("command", "reply", "push")) {
      String pointer = "/components/messages/" + message + "/payload";
      assertThat(examples(message))
          .isNotEmpty()
          .allSatisfy(
              payload ->
                  assertThat(Contract.ASYNCAPI.breaches(pointer, payload.toString())).isEmpty());
    }
    assertThat(examples("command").flatMap(payload -> payload.properties().stream()))
        .extracting(member -> member.getKey())
        .containsAll(properties("Command"));
  }

  @ParameterizedTest
  @MethodSource("commands")
  void theServerUnderstandsEveryExample(String example) {
    // Given
    String token =
        example.contains("sub_refresh")
            ? node.signer().subscription("carol", "orders:7", Duration.ofHours(1))
            : node.token("carol");
    var command = new JsonObject(example.replace("TOKEN", token));
    // What the document does not name is skipped, wherever it stands.
    command.put("undocumented", new JsonArray().add(1));
    command.fieldNames().stream()
        .filter(name -> command.getValue(name) instanceof JsonObject)
        .forEach(name -> command.getJsonObject(name).put("undocumented", new JsonObject()));
    try (var client = TestClient.open(node)) {
      if (!command.containsKey("connect")) {
        client.connect(node.token("carol"));
      }

      // When
      client.send(command.encode());

      // Then
      if (command.containsKey("send")) {
        assertThat(client.closed().code()).isEqualTo(3508);
      } else {
        JsonObject reply = client.next();
        assertDocumented("Reply", reply);
        assertThat(reply.getInteger("id")).isEqualTo(command.getInteger("id"));
      }
    }
  }

  private static List<String> methods() {
    List<String> methods = new ArrayList<>();
    DOCUMENT
        .at("/channels/call/parameters/method/enum")
        .forEach(method -> methods.add(method.asText()));
    return methods;
  }

  @Test
  void theMethodsOfTheBusAreThoseOfTheHttpApi() {
    // Given
    JsonNode paths = Contract.OPENAPI.read().get("paths");

    // When
    Set<String> offered = new TreeSet<>();
    paths.fieldNames().forEachRemaining(offered::add);

    // Then
    offered.removeIf(path -> !path.startsWith("/api/"));
    // Any node could take it, and not the one that is meant.
    offered.remove("/api/drain");
    assertThat(methods().stream().map(method -> "/api/" + method))
        .containsExactlyInAnyOrderElementsOf(offered);
  }

  @ParameterizedTest
  @MethodSource("methods")
  void theBusAnswersAtEveryAddress(String method) {
    // Given
    var address = DOCUMENT.at("/channels/call/address").asText().replace("{method}", method);
    var options = new DeliveryOptions().setSendTimeout(5_000).addHeader("switchboard-version", "1");
    var parameters = method.equals("publish") ? channel("a").put("data", 1) : new JsonObject();

    // When
    var answer = node.node().vertx().eventBus().<JsonObject>request(address, parameters, options);

    // Then
    try {
      String result = answer.await(10, TimeUnit.SECONDS).body().encode();
      assertThat(Contract.ASYNCAPI.breaches("/components/messages/result/payload", result))
          .isEmpty();
    } catch (ReplyException refused) {
      assertThat(refused.failureType()).isEqualTo(ReplyFailure.RECIPIENT_FAILURE);
    } catch (Exception late) {
      throw new AssertionError(late);
    }
  }

  @Test
  void newEventsAreHintedAtAsTheDocumentSays() throws InterruptedException {
    // Given
    BlockingQueue<JsonObject> hints = new LinkedBlockingQueue<>();
    String address = DOCUMENT.at("/channels/new_events/address").asText();
    var consumer =
        node.node()
            .vertx()
            .eventBus()
            .<JsonObject>consumer(address, message -> hints.add(message.body()));
    consumer.completion().await();

    // When
    TestClient.connect(node, "somebody").close();
    JsonObject hint = hints.poll(10, TimeUnit.SECONDS);

    // Then
    consumer.unregister().await();
    assertThat(Contract.ASYNCAPI.breaches("/components/messages/hint/payload", hint.encode()))
        .isEmpty();
  }
}
