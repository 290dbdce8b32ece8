package dev.switchboard.socket;

import static dev.switchboard.testkit.Shorthand.error;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.switchboard.protocol.Encoding;
import dev.switchboard.testkit.TestClient;
import dev.switchboard.testkit.TestNode;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Calls of clients that go on to a back end over HTTP, or to a class in this process.
class RpcTest {
  private final BlockingQueue<JsonObject> asked = new LinkedBlockingQueue<>();
  private final CountDownLatch silence = new CountDownLatch(1);
  private volatile String answer = "{\"result\":{\"data\":{\"n\":1}}}";
  private volatile int status = 200;
  private volatile boolean silent;
  private HttpServer backend;
  private TestNode node;

  @BeforeEach
  void start() throws IOException {
    var anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    backend = HttpServer.create(anyPort, 0);
    backend.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    backend.createContext("/calls", this::onCall);
    backend.start();
    node =
        TestNode.start(
            "rpc.enabled=true",
            "rpc.backend=app",
            "rpc.namespaces.0.name=here",
            "rpc.namespaces.0.backend=in-process",
            "backend.endpoints.0.name=app",
            "backend.endpoints.0.url=http://127.0.0.1:%d/calls"
                .formatted(backend.getAddress().getPort()),
            "backend.timeout=300ms",
            "backend.pending_max=2",
            "backend.failures_max=3",
            "backend.pause=500ms");
  }

  @AfterEach
  void stop() {
    silence.countDown();
    node.close();
    backend.stop(0);
  }

  private void onCall(HttpExchange exchange) throws IOException {
    try (exchange) {
      asked.add(
          new JsonObject(
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
      if (silent) {
        silence.await();
      }
      byte[] body = answer.getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(status, body.length);
      exchange.getResponseBody().write(body);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static JsonObject call(TestClient client, String method) {
    return client.call("rpc", new JsonObject().put("method", method).put("data", "please"));
  }

  @ParameterizedTest
  @EnumSource
  void aCallGoesToTheBackEndAndItsAnswerComesBack(Encoding encoding) throws InterruptedException {
    // Given
    try (var client = TestClient.connect(node, "alice", encoding)) {
      // When
      JsonObject reply = call(client, "sum");

      // Then
      assertThat(reply.getJsonObject("rpc").getJsonObject("data"))
          .isEqualTo(new JsonObject("{\"n\":1}"));
      JsonObject request = asked.take();
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
    answer = "{\"error\":{\"code\":1234,\"message\":\"no money\",\"temporary\":true}}";
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
    answer = "{\"disconnect\":{\"code\":4501,\"reason\":\"banned\"}}";
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
    answer = strange;
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
    status = 500;
    try (var client = TestClient.connect(node, "alice", Encoding.JSON)) {
      for (int call = 0; call < 3; call++) {
        assertThat(error(call(client, "sum"))).isEqualTo(100);
      }

      // When
      int before = asked.size();
      assertThat(error(call(client, "sum"))).isEqualTo(100);
      status = 200;

      // Then
      assertThat(asked).hasSize(before);
      await().until(() -> error(call(client, "sum")) == 0);
      assertThat(error(call(client, "sum"))).isZero();
      assertThat(node.metric("switchboard_backend_calls_total{outcome=\"resting\"}")).isPositive();
    }
  }

  @Test
  void whoIsSlowCostsTimeOfItsCallersOnly() {
    // Given
    silent = true;
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
      assertThat(asked).isEmpty();
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
