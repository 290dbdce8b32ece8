package dev.switchboard.socket;

import static dev.switchboard.testkit.Shorthand.channel;
import static dev.switchboard.testkit.Shorthand.error;
import static dev.switchboard.testkit.Shorthand.of;
import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.protocol.Encoding;
import dev.switchboard.testkit.StreamClient;
import dev.switchboard.testkit.StreamClient.Kind;
import dev.switchboard.testkit.TestBackend;
import dev.switchboard.testkit.TestClient;
import dev.switchboard.testkit.TestNode;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// A back end says who clients are that have no token.
class ConnectProxyTest {
  private final TestBackend backend = TestBackend.start();
  private TestNode node;

  @BeforeEach
  void start() {
    node =
        TestNode.start(
            backend.known(
                "default",
                "client.connect_proxy.enabled=true",
                "http.uni_http_stream.enabled=true",
                "http.uni_sse.enabled=true",
                "channel.namespaces.asked.allow_subscribe_for_client=true",
                "channel.namespaces.asked.subscribe_proxy_enabled=true",
                "backend.http_headers=user-agent",
                "backend.emulated_headers=Authorization,User-Agent",
                "backend.endpoints.0.headers.0.name=X-Secret",
                "backend.endpoints.0.headers.0.value=between-us",
                "backend.endpoints.0.statuses.0.status=404",
                "backend.endpoints.0.statuses.0.code=1404",
                "backend.endpoints.0.statuses.1.status=410",
                "backend.endpoints.0.statuses.1.code=4510",
                "backend.endpoints.0.statuses.1.message=closed",
                "backend.timeout=2s",
                "client.commands_burst=3",
                "rpc.enabled=true",
                "rpc.backend=default"));
  }

  @AfterEach
  void stop() {
    node.close();
    backend.close();
  }

  private TestClient open(Encoding encoding) {
    return TestClient.open(node.websocket(), encoding);
  }

  private static JsonObject connect(TestClient client) {
    return client.call(
        "connect", new JsonObject().put("name", "test").put("version", "7").put("data", "hello"));
  }

  @ParameterizedTest
  @EnumSource
  void theClientIsWhomTheBackEndNames(Encoding encoding) {
    // Given
    backend.answer(
        "connect",
        "{'result':{'user':'alice','info':{'name':'Alice'},'data':{'welcome':1},"
            + "'subs':{'news':{'info':{'seat':7},'data':{'begins':'soon'}}},'meta':{'plan':'gold'},"
            + "'caps':[{'channels':['news'],'allow':['pub']}]}}");
    backend.answer("rpc", "{'result':{'data':1}}");
    try (var client = open(encoding);
        var bob = TestClient.connect(node, "bob")) {
      bob.subscribe("news");

      // When
      JsonObject reply = connect(client).getJsonObject("connect");

      // Then
      assertThat(reply.getJsonObject("data")).isEqualTo(of("welcome", 1));
      assertThat(reply.getJsonObject("subs").getJsonObject("news").getJsonObject("data"))
          .isEqualTo(of("begins", "soon"));
      TestBackend.Asked asked = backend.next();
      assertThat(asked.event()).isEqualTo("connect");
      assertThat(asked.headers()).containsEntry("x-secret", "between-us");
      assertThat(asked.body().getString("name")).isEqualTo("test");
      assertThat(asked.body().getString("version")).isEqualTo("7");
      assertThat(asked.body().getString("data")).isEqualTo("hello");
      assertThat(asked.body().getString("transport")).isEqualTo("websocket");
      assertThat(asked.body().getString("protocol")).isEqualTo(encoding.label());
      assertThat(asked.body().getString("encoding")).isEqualTo("json");
      assertThat(asked.body().containsKey("user")).isFalse();

      // And what it said of her is what others see, and what it is told later.
      client.publish("news", 1);
      JsonObject info = bob.push().getJsonObject("pub").getJsonObject("info");
      assertThat(info.getString("user")).isEqualTo("alice");
      assertThat(info.getJsonObject("conn_info")).isEqualTo(of("name", "Alice"));
      assertThat(info.getJsonObject("chan_info")).isEqualTo(of("seat", 7));
      client.call("rpc", of("method", "sum"));
      JsonObject later = backend.next().body();
      assertThat(later.getString("user")).isEqualTo("alice");
      assertThat(later.getJsonObject("meta")).isEqualTo(of("plan", "gold"));
    }
  }

  @Test
  void headersAreToldThatAreOnTheList() {
    // Given
    try (var client = open(Encoding.JSON)) {
      var said =
          of("Authorization", "mine").put("user-agent", "a lie").put("cookie", "not on the list");

      // When
      client.call("connect", of("headers", said));

      // Then
      assertThat(backend.next().headers())
          .containsEntry("authorization", "mine")
          .hasEntrySatisfying("user-agent", sent -> assertThat(sent).startsWith("Java-http-client"))
          .doesNotContainKey("cookie");
    }
  }

  @Test
  void aHeaderThatNoneCanBeIsNotTold() {
    // Given
    try (var client = open(Encoding.JSON)) {
      // When
      JsonObject reply =
          client.call("connect", of("headers", of("authorization", "a\r\nx-secret: forged")));

      // Then
      assertThat(error(reply)).isZero();
      assertThat(backend.next().headers())
          .doesNotContainKey("authorization")
          .containsEntry("x-secret", "between-us");
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatCameMeanwhileIsCarriedOutInItsOrder(Encoding encoding) throws InterruptedException {
    // Given
    backend.answer("connect", "{'result':{'user':'alice'}}");
    try (var client = open(encoding)) {
      // When
      client.send("{\"id\":1,\"connect\":{}}\n{\"id\":2,\"subscribe\":{\"channel\":\"news\"}}");
      client.send("{\"id\":3,\"publish\":{\"channel\":\"news\",\"data\":1}}");
      client.send("{\"id\":4,\"unsubscribe\":{\"channel\":\"news\"}}");

      // Then
      assertThat(client.next().containsKey("connect")).isTrue();
      assertThat(client.next().containsKey("subscribe")).isTrue();
      assertThat(client.push().getJsonObject("pub").getInteger("data")).isEqualTo(1);
      assertThat(client.next().getInteger("id")).isEqualTo(3);
      assertThat(client.next().getInteger("id")).isEqualTo(4);
    }
  }

  @Test
  void whatWaitsIsBounded() {
    // Given
    backend.silent(true);
    try (var client = open(Encoding.JSON)) {
      // When
      client.send("{\"id\":1,\"connect\":{}}");
      for (int id = 2; id <= 5; id++) {
        client.trySend("{\"id\":%d,\"unsubscribe\":{\"channel\":\"news\"}}".formatted(id));
      }

      // Then
      assertThat(client.closed().code()).isEqualTo(3013);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {'error':{'code':1001,'message':'not today'}} | 200 | 1001
          nonsense                                      | 200 | 100
          {'result':{'user':7}}                         | 200 | 100
          {'result':{'subs':{'':{}}}}                   | 200 | 100
          {'result':{'user':'a','channels':['no:x']}}   | 200 | 102
          {'result':{'user':'a','expire_at':1}}         | 200 | 109
          {'result':{}}                                 | 403 | 100
          {'result':{}}                                 | 404 | 1404
          """)
  void whoIsNotLetInIsTold(String answer, int status, int code) {
    // Given
    backend.answer("connect", answer);
    backend.status(status);
    try (var client = open(Encoding.JSON)) {
      // When
      JsonObject reply = connect(client);

      // Then
      assertThat(error(reply)).isEqualTo(code);
      client.send("{\"id\":9,\"unsubscribe\":{\"channel\":\"news\"}}");
      assertThat(client.closed().code()).isEqualTo(3501);
    }
  }

  @Test
  void whoHasToGoIsClosed() {
    // Given
    backend.answer("connect", "{'disconnect':{'code':4500,'reason':'banned'}}");
    try (var client = open(Encoding.JSON)) {
      // When
      client.send("{\"id\":1,\"connect\":{}}");

      // Then
      assertThat(client.closed()).isEqualTo(new TestClient.Close(4500, "banned"));
    }
  }

  @Test
  void aStatusCanMeanThatTheClientHasToGo() {
    // Given
    backend.status(410);
    try (var client = open(Encoding.JSON)) {
      // When
      client.send("{\"id\":1,\"connect\":{}}");

      // Then
      assertThat(client.closed()).isEqualTo(new TestClient.Close(4510, "closed"));
    }
  }

  @Test
  void aBackEndMayLetTheAnonymousUserIn() {
    try (var client = open(Encoding.JSON)) {
      assertThat(connect(client).containsKey("connect")).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"UNI_LINES", "UNI_EVENTS", "UNI_EVENTS_BY_POST"})
  void whoOnlyListensComesInTheSameWay(Kind kind) {
    // Given
    backend.answer("connect", "{'result':{'user':'alice','channels':['asked:a']}}");
    try (var client = StreamClient.open(StreamClient.http(node), kind, new JsonObject());
        var asking =
            StreamClient.open(
                StreamClient.http(node), kind, of("subs", of("asked:b", new JsonObject())))) {
      // When
      JsonObject subs = client.next().getJsonObject("connect").getJsonObject("subs");
      JsonObject refused = asking.next();

      // Then
      assertThat(subs.fieldNames()).containsExactly("asked:a");
      assertThat(refused.getJsonObject("disconnect").getInteger("code")).isEqualTo(3507);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"UNI_LINES", "UNI_EVENTS"})
  void whoOnlyListensIsEndedByAnError(Kind kind) {
    // Given
    backend.answer("connect", "{'error':{'code':1001,'message':'not today'}}");
    try (var client = StreamClient.open(StreamClient.http(node), kind, new JsonObject())) {
      // Then
      assertThat(client.next().getJsonObject("disconnect").getInteger("code")).isEqualTo(3004);
    }
  }

  @Test
  void itsTimeIsTold() {
    // Given
    long soon = Instant.now().getEpochSecond() + 100;
    backend.answer("connect", "{'result':{'user':'alice','expire_at':%d}}".formatted(soon));
    try (var client = open(Encoding.JSON)) {
      // When
      JsonObject reply = connect(client).getJsonObject("connect");

      // Then
      assertThat(reply.getBoolean("expires")).isTrue();
      assertThat(reply.getLong("ttl")).isBetween(90L, 100L);
    }
  }

  @Test
  void whoHasATokenNeedsNoBackEnd() {
    try (var client = TestClient.connect(node, "alice")) {
      assertThat(client.subscribe("news").containsKey("subscribe")).isTrue();
      assertThat(backend.asked()).isZero();
    }
  }

  @Test
  void aClientThatLeavesMeanwhileLeavesNothing() {
    // Given
    backend.silent(true);
    var client = open(Encoding.JSON);
    client.send("{\"id\":1,\"connect\":{}}");
    backend.next();

    // When
    client.close();
    backend.silent(false);

    // Then
    try (var other = TestClient.connect(node, "bob")) {
      assertThat(other.call("presence_stats", channel("news")).containsKey("presence_stats"))
          .isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aClassOfThisProcessCanDoIt(Encoding encoding) {
    try (var own =
            TestNode.start(
                "client.connect_proxy.enabled=true", "client.connect_proxy.name=in-process");
        var client = TestClient.open(own.websocket(), encoding)) {
      // When
      JsonObject reply = connect(client).getJsonObject("connect");

      // Then
      assertThat(reply.getString("data")).isEqualTo("hello");
      assertThat(own.api("disconnect", "{\"user\":\"test\"}")).contains("written");
      assertThat(client.closed().code()).isEqualTo(3503);
    }
  }
}
