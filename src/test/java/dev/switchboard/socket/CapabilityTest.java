package dev.switchboard.socket;

import static dev.switchboard.testkit.Shorthand.channel;
import static dev.switchboard.testkit.Shorthand.error;
import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.testkit.TestClient;
import dev.switchboard.testkit.TestNode;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A token may allow what namespaces do not.
class CapabilityTest {
  private final TestNode node =
      TestNode.start(
          "channel.namespaces.closed.presence=true",
          "channel.namespaces.closed.history_size=10",
          "channel.namespaces.closed.history_ttl=1m",
          "channel.namespaces.plain.presence=false");

  @AfterEach
  void stop() {
    node.close();
  }

  private TestClient connect(String caps) {
    var claims = new JsonObject().put("caps", new JsonArray(caps.replace('\'', '"')));
    var client = TestClient.open(node);
    client.connect(node.signer().sign("alice", Duration.ofHours(1), claims));
    return client;
  }

  private static int[] errors(TestClient client, String name) {
    return new int[] {
      error(client.subscribe(name)),
      error(client.publish(name, 1)),
      error(client.call("presence", channel(name))),
      error(client.call("history", channel(name)))
    };
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[{'channels':['closed:a'],'allow':['sub','pub','prs','hst']}]     |   0 |   0 |   0 |   0",
        "[{'channels':['closed:a'],'allow':['sub']}]                       |   0 | 103 | 103 | 103",
        "[{'channels':['closed:b','closed:a'],'allow':['pub']}]            | 103 |   0 | 103 | 103",
        "[{'channels':['closed:*'],'match':'wildcard','allow':['prs']}]    | 103 | 103 |   0 | 103",
        "[{'channels':['c.*:[ab]'],'match':'regex','allow':['hst']}]       | 103 | 103 | 103 |   0",
        "[{'channels':['closed:a'],'allow':['sub']},{'channels':['closed:a'],'allow':['pub']}]"
            + "| 0 | 0 | 103 | 103",
        "[{'channels':['closed:*'],'allow':['sub']}]                       | 103 | 103 | 103 | 103",
        "[{'channels':['losed:a'],'match':'regex','allow':['sub']}]        | 103 | 103 | 103 | 103",
        "[]                                                                | 103 | 103 | 103 | 103",
      })
  void capabilitiesAddUp(String caps, int subscribe, int publish, int presence, int history) {
    // Given
    try (var client = connect(caps)) {
      // Then
      assertThat(errors(client, "closed:a")).containsExactly(subscribe, publish, presence, history);
    }
  }

  @Test
  void whatIsOffStaysOff() {
    // Given
    String all = "[{'channels':['*'],'match':'wildcard','allow':['sub','pub','prs','hst']}]";
    try (var client = connect(all)) {
      // Then
      assertThat(errors(client, "plain:a")).containsExactly(0, 0, 108, 108);
      assertThat(error(client.subscribe("$private"))).isEqualTo(103);
      assertThat(error(client.subscribe("nobody:knows"))).isEqualTo(102);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[1]",
        "[{'channels':['a']}]",
        "[{'allow':['sub']}]",
        "[{'channels':['a'],'allow':['dance']}]",
        "[{'channels':['a'],'match':'like','allow':['sub']}]",
        "[{'channels':['('],'match':'regex','allow':['sub']}]",
      })
  void aTokenWithStrangeCapabilitiesIsNone(String caps) {
    // Given
    try (var client = TestClient.open(node)) {
      var claims = new JsonObject().put("caps", new JsonArray(caps.replace('\'', '"')));
      String token = node.signer().sign("alice", Duration.ofHours(1), claims);

      // When
      client.send("{\"id\":1,\"connect\":{\"token\":\"%s\"}}".formatted(token));

      // Then
      assertThat(client.closed().code()).isEqualTo(3500);
    }
  }
}
