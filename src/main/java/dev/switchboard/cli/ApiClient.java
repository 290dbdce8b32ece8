package dev.switchboard.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLException;

/// Calls the HTTP API of a node; every failure becomes one line that says what to do.
///
/// Confined to one command. Of several addresses the first that is a node with this key answers:
/// only calls that did nothing are repeated elsewhere. Whoever answered is meant from then on.
final class ApiClient {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration TIMEOUT = Duration.ofSeconds(15);

  private List<URI> addresses;
  private final String key;

  ApiClient(List<URI> addresses, String key) {
    this.addresses = addresses;
    this.key = key;
  }

  /// What a method answered.
  ///
  /// @return the `result` object
  /// @throws FailedException when there is none
  JsonNode call(String method, ObjectNode parameters) {
    try (var http = HttpClient.newBuilder().connectTimeout(CONNECT_TIMEOUT).build()) {
      Optional<FailedException> first = Optional.empty();
      for (URI address : addresses) {
        var attempt = attempt(http, address, method, parameters.toString());
        if (attempt.result().isPresent()) {
          addresses = List.of(address);
          return attempt.result().get();
        }
        // A node that knows us is worth more than one that was not there.
        first = attempt.mayBeElsewhere() && first.isPresent() ? first : attempt.failure();
        if (!attempt.mayBeElsewhere()) {
          break;
        }
      }
      throw first.orElseThrow();
    }
  }

  private record Attempt(
      Optional<JsonNode> result, Optional<FailedException> failure, boolean mayBeElsewhere) {
    static Attempt failed(String sentence, boolean mayBeElsewhere) {
      return new Attempt(
          Optional.empty(), Optional.of(new FailedException(sentence)), mayBeElsewhere);
    }
  }

  private Attempt attempt(HttpClient http, URI address, String method, String body) {
    var request =
        HttpRequest.newBuilder(URI.create(address + "/api/" + method))
            .timeout(TIMEOUT)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body));
    try {
      if (!key.isEmpty()) {
        request.header("X-API-Key", key);
      }
      return judge(address, http.send(request.build(), HttpResponse.BodyHandlers.ofString()));
    } catch (IllegalArgumentException unprintable) {
      return Attempt.failed("the API key contains characters a header cannot hold", false);
    } catch (ConnectException unreachable) {
      return Attempt.failed(
          "no node answers at %s; start one with scripts/run, or name another with --api URL"
              .formatted(address),
          true);
    } catch (HttpTimeoutException late) {
      return Attempt.failed(
          "the node at %s did not answer in time; ask %s/ready how it is"
              .formatted(address, address),
          false);
    } catch (SSLException untrusted) {
      return Attempt.failed(
          "%s: TLS failed: %s".formatted(address, String.valueOf(untrusted.getMessage())), false);
    } catch (IOException broken) {
      return Attempt.failed(
          "%s does not speak HTTP (%s); is it the internal port of a node?"
              .formatted(address, String.valueOf(broken.getMessage())),
          true);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return Attempt.failed("interrupted", false);
    }
  }

  private Attempt judge(URI address, HttpResponse<String> response) {
    String problem =
        switch (response.statusCode()) {
          case 200 -> "";
          case 401 ->
              key.isEmpty()
                  ? "needs an API key; pass --key KEY, or --config FILE of the node"
                  : "does not know this API key; pass its api.key with --key, or its --config FILE";
          case 404, 405 -> "has no such API; is it the internal port of a node?";
          case 413 -> "says the message is too big; api.body_bytes_max is the limit";
          case 503 -> "is not ready; try again, or ask another node";
          default -> "answered with HTTP status " + response.statusCode();
        };
    if (!problem.isEmpty()) {
      boolean stranger = List.of(401, 404, 405).contains(response.statusCode());
      return Attempt.failed("the node at " + address + " " + problem, stranger);
    }
    return read(address, response.body());
  }

  private static Attempt read(URI address, String body) {
    try {
      JsonNode answer = JSON.readTree(body);
      if (answer.path("result").isObject()) {
        return new Attempt(Optional.of(answer.get("result")), Optional.empty(), false);
      }
      if (answer.path("error").isObject()) {
        JsonNode error = answer.get("error");
        return Attempt.failed(
            "the node refused: %s (error %d)"
                .formatted(error.path("message").asText(), error.path("code").asInt()),
            false);
      }
    } catch (JsonProcessingException notJson) {
      // Said below, as for JSON that is no answer.
    }
    return Attempt.failed(address + " did not answer as a node does", true);
  }
}
