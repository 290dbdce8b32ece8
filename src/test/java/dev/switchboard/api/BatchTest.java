package dev.switchboard.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.testkit.StreamClient;
import dev.switchboard.testkit.StreamClient.Kind;
import dev.switchboard.testkit.TestClient;
import dev.switchboard.testkit.TestNode;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Several calls in one request, as `batch` and as older clients send them.
class BatchTest {
  private final TestNode node = TestNode.start("api.batch_max=5", "http.http_stream.enabled=true");

  @AfterEach
  void stop() {
    node.close();
  }

  private static String json(String text) {
    return text.replace('\'', '"');
  }

  private JsonObject batch(String body) {
    return new JsonObject(node.api("batch", json(body)));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void eachHasItsOwnReply(boolean parallel) {
    // When
    JsonObject answer =
        batch(
            """
            {'parallel': %s, 'commands': [
              {'publish': {'channel': 'news', 'data': 1}},
              {'publish': {'channel': 'nobody:knows', 'data': 1}},
              {'presence_stats': {'channel': 'news'}},
              {'dance': {}}]}
            """
                .formatted(parallel));

    // Then
    JsonArray replies = answer.getJsonArray("replies");
    assertThat(replies.getJsonObject(0)).isEqualTo(new JsonObject("{\"publish\":{}}"));
    assertThat(replies.getJsonObject(1).getJsonObject("error").getInteger("code")).isEqualTo(102);
    assertThat(replies.getJsonObject(2).getJsonObject("presence_stats").getInteger("num_clients"))
        .isZero();
    assertThat(replies.getJsonObject(3).getJsonObject("error").getInteger("code")).isEqualTo(104);
    assertThat(replies).hasSize(4);
  }

  @Test
  void oneComesAfterTheOther() {
    // Given
    try (var client = TestClient.connect(node, "alice")) {
      client.subscribe("news");

      // When
      batch(
          """
          {'commands': [
            {'publish': {'channel': 'news', 'data': 1}},
            {'publish': {'channel': 'news', 'data': 2}},
            {'unsubscribe': {'user': 'alice', 'channel': 'news'}},
            {'publish': {'channel': 'news', 'data': 3}}]}
          """);

      // Then
      assertThat(client.push().getJsonObject("pub").getInteger("data")).isEqualTo(1);
      assertThat(client.push().getJsonObject("pub").getInteger("data")).isEqualTo(2);
      assertThat(client.push().containsKey("unsubscribe")).isTrue();
      assertThat(client.subscribe("news").containsKey("subscribe")).isTrue();
      node.publish("news", "4");
      assertThat(client.push().getJsonObject("pub").getInteger("data")).isEqualTo(4);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{'commands': []}",
        "{'commands': {}}",
        "{'commands': [1]}",
        "{'commands': [{}]}",
        "{'commands': [{'info': {}, 'channels': {}}]}",
        "{'commands': [{'info': 1}]}",
        "{'commands': [{'batch': {'commands': [{'info': {}}]}}]}",
        "{'commands': [{'info':{}},{'info':{}},{'info':{}},{'info':{}},{'info':{}},{'info':{}}]}",
      })
  void whatIsNoBatchIsRefused(String body) {
    assertThat(batch(body).getJsonObject("error").getInteger("code")).isEqualTo(107);
  }

  @Test
  void eachMayBeAsLargeAsOneAlone() {
    // Given
    String text = "x".repeat(60_000);
    String publish = "{'publish': {'channel': 'news', 'data': '%s'}}";
    String fits = publish.formatted(text);
    String tooLarge = publish.formatted(text + text);
    String line = "{'method': 'publish', 'params': {'channel': 'news', 'data': '%s'}}\n";

    // Then
    assertThat(batch("{'commands': [%s, %s, %s]}".formatted(fits, fits, fits)).encode())
        .isEqualTo("{\"replies\":[{\"publish\":{}},{\"publish\":{}},{\"publish\":{}}]}");
    assertThat(batch("{'commands': [%s]}".formatted(tooLarge)).encode())
        .contains("bad request: a call is over 65536 bytes");
    assertThat(bare(TestNode.API_KEY, line.formatted(text).repeat(3)).body())
        .isEqualTo("{\"result\":{}}\n{\"result\":{}}\n{\"result\":{}}");
    assertThat(bare(TestNode.API_KEY, line.formatted(text).repeat(6)).statusCode()).isEqualTo(413);
  }

  private HttpResponse<String> bare(String key, String body) {
    return node.request(
        HttpRequest.newBuilder(URI.create(node.internal() + "/api"))
            .header("Authorization", "apikey " + key)
            .POST(BodyPublishers.ofString(json(body))));
  }

  @Test
  void olderClientsSendLines() {
    // When
    HttpResponse<String> answer =
        bare(
            TestNode.API_KEY,
            """
            {'method': 'publish', 'params': {'channel': 'news', 'data': 1}}
            {'method': 'presence', 'params': {'channel': 'nobody:knows'}}
            {'method': 'channels'}
            """);

    // Then
    List<String> lines = answer.body().lines().toList();
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(lines).hasSize(3);
    assertThat(lines.getFirst()).isEqualTo("{\"result\":{}}");
    assertThat(new JsonObject(lines.get(1)).getJsonObject("error").getInteger("code"))
        .isEqualTo(102);
    assertThat(lines.getLast()).isEqualTo("{\"result\":{\"channels\":{}}}");
  }

  @Test
  void linesAreRefusedAsOthersAre() {
    assertThat(bare("another", "{'method': 'info'}").statusCode()).isEqualTo(401);
    assertThat(bare(TestNode.API_KEY, "nonsense").statusCode()).isEqualTo(400);
    assertThat(bare(TestNode.API_KEY, "{'method': 'info'}{'method': 'info'}").statusCode())
        .isEqualTo(400);
    assertThat(bare(TestNode.API_KEY, "{'method': 'info'}\n".repeat(6)).body())
        .contains("\"code\":107");
  }

  @Test
  void aSessionIsNamedByItsSecret() {
    // Given
    try (var client = StreamClient.connect(node, Kind.LINES, "alice");
        var other = TestClient.connect(node, "alice")) {
      // When
      node.api("send", json("{'session': '" + client.session() + "', 'data': 'you'}"));

      // Then
      assertThat(client.next().getJsonObject("push").getJsonObject("message").getString("data"))
          .isEqualTo("you");
      node.api("send", json("{'user': 'alice', 'data': 'both'}"));
      assertThat(other.push().getJsonObject("message").getString("data")).isEqualTo("both");
    }
  }
}
