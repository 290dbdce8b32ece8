package dev.switchboard.api;

import static dev.switchboard.testkit.Shorthand.error;
import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.testkit.TestNode;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ApiAccessTest {
  private static final String GOOD = "{\"channel\":\"a\",\"data\":1}";

  private final TestNode node = TestNode.start();

  @AfterAll
  void stop() {
    node.close();
  }

  private HttpRequest.Builder to(String path) {
    return HttpRequest.newBuilder(URI.create(node.internal() + path));
  }

  private HttpRequest.Builder post(String path, String body) {
    return to(path).POST(HttpRequest.BodyPublishers.ofString(body));
  }

  private HttpRequest.Builder withKey(String path, String body) {
    return post(path, body).header("X-API-Key", TestNode.API_KEY);
  }

  @Test
  void theKeyMayComeInThreeForms() {
    // When
    var header = node.request(withKey("/api/publish", GOOD));
    var authorization =
        node.request(
            post("/api/publish", GOOD).header("Authorization", "apikey " + TestNode.API_KEY));
    var query = node.request(post("/api/publish?api_key=" + TestNode.API_KEY, GOOD));

    // Then
    assertThat(header.body()).isEqualTo("{\"result\":{}}");
    assertThat(header.headers().firstValue("content-type")).hasValue("application/json");
    assertThat(authorization.body()).isEqualTo("{\"result\":{}}");
    assertThat(query.body()).isEqualTo("{\"result\":{}}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "wrong", "test-ke", "test-key2", "Test-key"})
  void aWrongKeyIsRefusedWithoutAWord(String key) {
    // When
    var header = node.request(post("/api/publish", GOOD).header("X-API-Key", key));
    var authorization =
        node.request(post("/api/publish", GOOD).header("Authorization", "apikey " + key));
    var query = node.request(post("/api/publish?api_key=" + key, GOOD));

    // Then
    for (var answer : new HttpResponse<?>[] {header, authorization, query}) {
      assertThat(answer.statusCode()).isEqualTo(401);
      assertThat(answer.body()).isEqualTo("");
    }
  }

  @Test
  void theFormsAreNotTriedOneAfterAnother() {
    // When
    var answer =
        node.request(
            post("/api/publish?api_key=" + TestNode.API_KEY, GOOD).header("X-API-Key", "wrong"));

    // Then
    assertThat(answer.statusCode()).isEqualTo(401);
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH", "FOO"})
  void onlyPostIsAllowed(String method) {
    // When
    var answer =
        node.request(
            to("/api/publish")
                .method(method, HttpRequest.BodyPublishers.noBody())
                .header("X-API-Key", TestNode.API_KEY));

    // Then
    assertThat(answer.statusCode()).isEqualTo(405);
    assertThat(answer.headers().firstValue("allow")).hasValue("POST");
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "[]", "{", "{\"a\":1}}", "\"a\"", "{\"a\":1,\"a\":2}"})
  void whatIsNoJsonObjectIsABadRequest(String body) {
    // When
    var answer = node.request(withKey("/api/publish", body));

    // Then
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.headers().firstValue("content-type")).hasValue("text/plain; charset=utf-8");
    assertThat(answer.body()).isEqualTo("the body must be one JSON object\n");
  }

  @Test
  void anEmptyBodyIsAnEmptyObject() {
    // When
    var answer = node.request(withKey("/api/info", ""));

    // Then
    assertThat(answer.body()).startsWith("{\"result\":{\"nodes\":[");
  }

  @Test
  void aBodyOverTheLimitIsRefused() {
    // When
    String big = "{\"channel\":\"a\",\"data\":\"" + "x".repeat(65_536) + "\"}";
    String fits = "{\"channel\":\"a\",\"data\":\"" + "x".repeat(65_000) + "\"}";

    // Then
    assertThat(node.request(withKey("/api/publish", big)).statusCode()).isEqualTo(413);
    assertThat(node.request(withKey("/api/publish", fits)).statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "publish | {'channel':'no:such','data':1} | 404 | 102",
        "no_such | {} | 404 | 104",
        "publish | {'channel':'a'} | 400 | 107",
        "presence | {'channel':'off:a'} | 400 | 108"
      })
  void inTransportModeAnErrorIsAStatus(String method, String body, int status, int code) {
    try (var own = TestNode.start("channel.namespaces.off.presence=false")) {
      // When
      var answer =
          own.request(
              HttpRequest.newBuilder(URI.create(own.internal() + "/api/" + method))
                  .header("X-API-Key", TestNode.API_KEY)
                  .header("X-Centrifugo-Error-Mode", "transport")
                  .POST(HttpRequest.BodyPublishers.ofString(body.replace('\'', '"'))));

      // Then
      assertThat(answer.statusCode()).isEqualTo(status);
      assertThat(new JsonObject(answer.body()).getInteger("code")).isEqualTo(code);
      assertThat(new JsonObject(answer.body()).fieldNames())
          .containsExactlyInAnyOrder("code", "message");
    }
  }

  @Test
  void anotherErrorModeIsTheUsualOne() {
    // When
    var answer =
        node.request(withKey("/api/no_such", "{}").header("X-Centrifugo-Error-Mode", "other"));

    // Then
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(error(new JsonObject(answer.body()))).isEqualTo(104);
  }

  @Test
  void transportModeMayBeTheUsualOne() {
    try (var own = TestNode.start("api.error_mode=transport")) {
      // When
      var answer =
          own.request(
              HttpRequest.newBuilder(URI.create(own.internal() + "/api/no_such"))
                  .header("X-API-Key", TestNode.API_KEY)
                  .POST(HttpRequest.BodyPublishers.ofString("{}")));

      // Then
      assertThat(answer.statusCode()).isEqualTo(404);
      assertThat(answer.body()).isEqualTo("{\"code\":104,\"message\":\"method not found\"}");
    }
  }

  @Test
  void anEmptyConfiguredKeyLetsNobodyIn() {
    try (var closed = TestNode.start("api.key=")) {
      // When
      var answer =
          closed.request(
              HttpRequest.newBuilder(URI.create(closed.internal() + "/api/info"))
                  .header("X-API-Key", "")
                  .POST(HttpRequest.BodyPublishers.ofString("{}")));

      // Then
      assertThat(answer.statusCode()).isEqualTo(401);
    }
  }

  @Test
  void theInsecureApiAsksForNoKey() {
    try (var open = TestNode.start("api.key=", "api.insecure=true")) {
      // When
      var answer =
          open.request(
              HttpRequest.newBuilder(URI.create(open.internal() + "/api/info"))
                  .POST(HttpRequest.BodyPublishers.ofString("{}")));

      // Then
      assertThat(answer.body()).startsWith("{\"result\"");
    }
  }
}
