package dev.switchboard.socket;

import static dev.switchboard.testkit.Shorthand.error;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.switchboard.protocol.Encoding;
import dev.switchboard.testkit.TestBackend;
import dev.switchboard.testkit.TestClient;
import dev.switchboard.testkit.TestNode;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Calls of clients that go on to a back end over HTTP, or to a class in this process.
class RpcTest {
  private final TestBackend backend =
      TestBackend.start().answer("rpc", "{'result':{'data':{'n':1}}}");
  private TestNode node;

  @BeforeEach
  void start() {
    node =
        TestNode.start(
            backend.known(
                "app",
                "rpc.enabled=true",
                "rpc.backend=app",
                "rpc.namespaces.0.name=here",
                "rpc.namespaces.0.backend=in-process",
                "backend.timeout=1s",
                "backend.pending_max=2",
                "backend.failures_max=3",
                "backend.pause=500ms"));
  }

  @AfterEach
  void stop() {
    node.close();
    backend.close();
  }

  private static JsonObject call(TestClient client, String method) {
    return client.call("rpc", new JsonObject().put("method", method).put("data", "please"));
  }

  @ParameterizedTest
  @EnumSource
  void aCallGoesToTheBackEndAndItsAnswerComesBack(Encoding encoding) {
    // Given
    try (var client = TestClient.connect(node, "alice", encoding)) {
      // When
      JsonObject reply = call(client, "sum");

      // Then
      assertThat(reply.getJsonObject("rpc").getJsonObject("data"))
          .isEqualTo(new JsonObject("{\"n\":1}"));
      JsonObject request = backend.next().body();
      assertThat(request.getString("method")).isEqualTo("sum");
      assertThat(request.getString("user")).isEqualTo("alice");
      assertThat(request.getString("data")).isEqualTo("please");
      assertThat(request.getString("transport")).isEqualTo("websocket");
      assertThat(request.getString("protocol")).isEqualTo(encoding.label());
      assertThat(request.getString("client")).isNotEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void anErrorIsTheApplications(Encoding encoding) {
    // Given
    backend.answer("rpc", "{'error':{'code':1234,'message':'no money','temporary':true}}");
    try (var client = TestClient.connect(node, "alice", encoding)) {
      // When
      JsonObject error = call(client, "pay").getJsonObject("error");

      // Then
      assertThat(error)
          .isEqualTo(new JsonObject("{\"code\":1234,\"message\":\"no money\",\"temporary\":true}"));
    }
  }

  @Test
  void aBackEndMaySendAClientAway() {
    // Given
    backend.answer("rpc", "{'disconnect':{'code':4501,'reason':'banned'}}");
    try (var client = TestClient.connect(node, "alice", Encoding.JSON)) {
      // When
      client.send("{\"id\":9,\"rpc\":{\"method\":\"pay\"}}");

      // Then
      assertThat(client.closed()).isEqualTo(new TestClient.Close(4501, "banned"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "nonsense",
        "[]",
        "{\"error\":{\"code\":103,\"message\":\"not its own\"}}",
        "{\"disconnect\":{\"code\":3500,\"reason\":\"not its own\"}}",
        "{\"result\":{\"b64data\":\"???\"}}",
        "{\"result\":7}",
      })
  void whatIsNoAnswerIsAnErrorThatMayPass(String strange) {
    // Given
    backend.answer("rpc", strange);
    try (var client = TestClient.connect(node, "alice", Encoding.JSON)) {
      // When
      JsonObject error = call(client, "sum").getJsonObject("error");

      // Then
      assertThat(error.getInteger("code")).isEqualTo(100);
      assertThat(error.getBoolean("temporary")).isTrue();
    }
  }

  @Test
  void whoFailsOftenIsLeftAloneForAWhile() {
    // Given
    backend.status(500);
    try (var client = TestClient.connect(node, "alice", Encoding.JSON)) {
      for (int call = 0; call < 3; call++) {
        assertThat(error(call(client, "sum"))).isEqualTo(100);
      }

      // When
      int before = backend.asked();
      assertThat(error(call(client, "sum"))).isEqualTo(100);
      backend.status(200);

      // Then
      assertThat(backend.asked()).isEqualTo(before);
      await().until(() -> error(call(client, "sum")) == 0);
      assertThat(error(call(client, "sum"))).isZero();
      assertThat(node.metric("switchboard_backend_calls_total{event=\"rpc\",outcome=\"resting\"}"))
          .isPositive();
    }
  }

  @Test
  void whoIsSlowCostsTimeOfItsCallersOnly() {
    // Given
    backend.silent(true);
    try (var client = TestClient.connect(node, "alice", Encoding.JSON)) {
      // When
      for (int id = 11; id <= 13; id++) {
        client.send("{\"id\":%d,\"rpc\":{\"method\":\"sum\"}}".formatted(id));
      }

      // Then
      JsonObject busy = client.next();
      assertThat(busy.getInteger("id")).isEqualTo(13);
      assertThat(error(busy)).isEqualTo(111);
      assertThat(error(client.next())).isEqualTo(100);
      assertThat(error(client.next())).isEqualTo(100);
    }
  }

  @Test
  void nobodyAnswersWhatNobodyKnows() {
    try (var client = TestClient.connect(node, "alice", Encoding.JSON)) {
      assertThat(error(call(client, "elsewhere:sum"))).isEqualTo(104);
      assertThat(error(call(client, ":sum"))).isEqualTo(104);
      assertThat(backend.asked()).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aClassOfThisProcessAnswersToo(Encoding encoding) {
    try (var client = TestClient.connect(node, "alice", encoding)) {
      assertThat(call(client, "here:echo").getJsonObject("rpc").getString("data"))
          .isEqualTo("please");
      assertThat(error(call(client, "here:refuse"))).isEqualTo(400);
      assertThat(error(call(client, "here:throw"))).isEqualTo(100);
      assertThat(error(call(client, "here:never"))).isEqualTo(100);
      assertThat(error(call(client, "here:null"))).isEqualTo(100);
    }
  }
}
