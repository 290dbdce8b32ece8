package dev.switchboard.backend;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.switchboard.protocol.Json;
import dev.switchboard.protocol.MalformedException;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/// Asks a back end over HTTP: a POST request of JSON for each call. Safe on any thread.
///
/// ```
/// {"client", "user", "transport", "protocol", "method", "data" or "b64data"}
/// {"result": {"data" or "b64data"}}, {"error": {code, message, temporary}} or
/// {"disconnect": {code, reason}}
/// ```
final class HttpBackend implements Backend {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final int OK = 200;
  private static final int ANSWER_BYTES_MAX = 1 << 20;

  private final String name;
  private final String url;
  private final HttpClient client;
  private final Duration timeout;

  HttpBackend(String name, String url, HttpClient client, Duration timeout) {
    this.name = name;
    this.url = url;
    this.client = client;
    this.timeout = timeout;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public CompletionStage<Verdict> onCall(Call call) {
    var options =
        new RequestOptions()
            .setMethod(HttpMethod.POST)
            .setAbsoluteURI(url)
            .setTimeout(timeout.toMillis())
            .putHeader("content-type", "application/json");
    return client
        .request(options)
        .compose(request -> answer(request, call))
        .map(HttpBackend::verdict)
        .toCompletionStage();
  }

  private Future<Buffer> answer(HttpClientRequest request, Call call) {
    return request
        .send(Buffer.buffer(body(call)))
        .compose(HttpBackend::read)
        // The answer's body may never end.
        .timeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
        .onFailure(_ -> request.reset());
  }

  private static Future<Buffer> read(HttpClientResponse response) {
    Buffer body = Buffer.buffer();
    // When it is given up; else Vert.x tells the log.
    response.exceptionHandler(_ -> {});
    response.handler(
        part -> {
          if (body.length() <= ANSWER_BYTES_MAX) {
            body.appendBuffer(part);
          }
        });
    return response
        .end()
        .compose(
            _ ->
                response.statusCode() == OK && body.length() <= ANSWER_BYTES_MAX
                    ? Future.succeededFuture(body)
                    : Future.failedFuture(
                        failed("status " + response.statusCode() + ", or over 1 MiB")));
  }

  /// The payload is spliced in as it came, if it is JSON.
  private static byte[] body(Call call) {
    var head =
        MAPPER
            .createObjectNode()
            .put("client", call.caller().client())
            .put("user", call.caller().user())
            .put("transport", call.caller().transport())
            .put("protocol", call.caller().protocol())
            .put("method", call.method());
    boolean json = Json.isValue(call.data());
    if (!json && call.data().length > 0) {
      head.put("b64data", Base64.getEncoder().encodeToString(call.data()));
    }
    byte[] text = head.toString().getBytes(StandardCharsets.UTF_8);
    if (!json) {
      return text;
    }
    return Buffer.buffer()
        .appendBytes(text, 0, text.length - 1)
        .appendString(",\"data\":")
        .appendBytes(call.data())
        .appendString("}")
        .getBytes();
  }

  private static Verdict verdict(Buffer answer) {
    try {
      Map<String, byte[]> members = Json.members(answer.getBytes());
      if (members.containsKey("error")) {
        JsonNode error = MAPPER.readTree(members.get("error"));
        return new Verdict.Refused(
            error.path("code").asInt(),
            error.path("message").asText(),
            error.path("temporary").asBoolean());
      }
      if (members.containsKey("disconnect")) {
        JsonNode disconnect = MAPPER.readTree(members.get("disconnect"));
        return new Verdict.Closed(
            disconnect.path("code").asInt(), disconnect.path("reason").asText());
      }
      byte[] result = members.get("result");
      return new Verdict.Answered(result == null ? new byte[0] : data(Json.members(result)));
    } catch (MalformedException | IOException | IllegalArgumentException strange) {
      throw failed("an answer that is not as it should be");
    }
  }

  private static byte[] data(Map<String, byte[]> result) throws IOException {
    byte[] encoded = result.get("b64data");
    if (encoded != null) {
      return Base64.getDecoder().decode(MAPPER.readTree(encoded).asText());
    }
    byte[] data = result.get("data");
    return data == null ? new byte[0] : data;
  }

  private static BackendException failed(String what) {
    return new BackendException(BackendException.Reason.FAILED, what);
  }
}
