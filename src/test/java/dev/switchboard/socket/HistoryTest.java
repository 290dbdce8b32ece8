package dev.switchboard.socket;

import static dev.switchboard.socket.StreamNode.publications;
import static dev.switchboard.testkit.Shorthand.channel;
import static dev.switchboard.testkit.Shorthand.error;
import static dev.switchboard.testkit.Shorthand.of;
import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.protocol.Encoding;
import dev.switchboard.protocol.Publication;
import dev.switchboard.testkit.TestClient;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// What clients can read of a stream.
class HistoryTest {
  private static final String CHANNEL = "open:x";

  private final StreamNode node = new StreamNode();

  @BeforeEach
  void publishSomething() {
    for (int number = 1; number <= 5; number++) {
      node.append(CHANNEL, number);
    }
  }

  @AfterEach
  void stop() {
    node.close();
  }

  private static JsonObject history(TestClient client, JsonObject parameters) {
    JsonObject reply = client.call("history", parameters);
    assertThat(reply.containsKey("history")).as(reply.encode()).isTrue();
    return reply.getJsonObject("history");
  }

  private JsonObject since(long offset) {
    return of("offset", offset).put("epoch", node.top(CHANNEL).epoch());
  }

  @ParameterizedTest
  @EnumSource
  void withoutALimitThereIsThePositionAlone(Encoding encoding) {
    // Given
    try (var client = node.connect(encoding)) {
      // When
      JsonObject result = history(client, channel(CHANNEL));

      // Then
      assertThat(publications(result)).isEmpty();
      assertThat(result.getLong("offset")).isEqualTo(5);
      assertThat(result.getString("epoch")).isEqualTo(node.top(CHANNEL).epoch());
    }
  }

  @ParameterizedTest
  @EnumSource
  void aPageFollowsAPage(Encoding encoding) {
    // Given
    try (var client = node.connect(encoding)) {
      // When
      JsonObject first = history(client, channel(CHANNEL).put("limit", 2));
      JsonObject second = history(client, channel(CHANNEL).put("limit", 2).put("since", since(2)));
      JsonObject rest = history(client, channel(CHANNEL).put("limit", -1).put("since", since(4)));

      // Then
      assertThat(publications(first)).containsExactly("1:1", "2:2");
      assertThat(first.getLong("offset")).as("the end, not the last one").isEqualTo(5);
      assertThat(publications(second)).containsExactly("3:3", "4:4");
      assertThat(publications(rest)).containsExactly("5:5");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aPageGoesBeforeAPage(Encoding encoding) {
    // Given
    try (var client = node.connect(encoding)) {
      var backwards = channel(CHANNEL).put("limit", 2).put("reverse", true);

      // When
      JsonObject first = history(client, backwards);
      JsonObject second = history(client, backwards.copy().put("since", since(4)));
      JsonObject rest = history(client, backwards.copy().put("since", since(2)));

      // Then
      assertThat(publications(first)).containsExactly("5:5", "4:4");
      assertThat(publications(second)).containsExactly("3:3", "2:2");
      assertThat(publications(rest)).containsExactly("1:1");
    }
  }

  @ParameterizedTest
  @EnumSource
  void anotherEpochAndThePlaceBeforeTheFirstAreErrors(Encoding encoding) {
    // Given
    try (var client = node.connect(encoding)) {
      // When
      JsonObject elsewhere =
          client.call(
              "history", channel(CHANNEL).put("since", of("offset", 1).put("epoch", "other")));
      JsonObject before =
          client.call(
              "history", channel(CHANNEL).put("reverse", true).put("since", of("offset", 0)));

      // Then
      assertThat(error(elsewhere)).isEqualTo(112);
      assertThat(error(before)).isEqualTo(107);
    }
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          off:x,   108
          live:x,  103
          news,    103
          nowhere:x, 102
          """)
  void notEverybodyMayReadEverything(String channel, int code) {
    // Given
    try (var client = node.connect(Encoding.JSON)) {
      // When
      JsonObject reply = client.call("history", channel(channel).put("limit", 1));

      // Then
      assertThat(error(reply)).isEqualTo(code);
    }
  }

  @Test
  void subscribersMayReadWhereTheyMay() {
    // Given
    node.append("news", 1);
    try (var client = node.connect(Encoding.JSON)) {
      client.subscribe("news");

      // When
      JsonObject result = history(client, channel("news").put("limit", 1));

      // Then
      assertThat(publications(result)).containsExactly("1:1");
    }
  }

  @Test
  void aPageHoldsSoManyPublications() {
    // Given
    for (int number = 0; number < 400; number++) {
      node.node().append("open:many", Publication.of(new byte[] {'1'}, null), 400);
    }
    try (var client = node.connect(Encoding.JSON)) {
      // When
      JsonObject all = history(client, channel("open:many").put("limit", -1));
      JsonObject more = history(client, channel("open:many").put("limit", 350));

      // Then
      assertThat(publications(all)).hasSize(300);
      assertThat(publications(more)).hasSize(300);
    }
  }

  @Test
  void aPageHoldsSoManyBytesAndTheNextOneFollows() {
    // Given
    byte[] large = ("\"" + "x".repeat(60_000) + "\"").getBytes(StandardCharsets.UTF_8);
    for (int number = 0; number < 20; number++) {
      node.node().append("open:large", Publication.of(large, null), 20);
    }
    try (var client = node.connect(Encoding.JSON)) {
      List<Long> offsets = new ArrayList<>();
      int pages = 0;

      // When
      while (offsets.size() < 20 && pages < 20) {
        long last = offsets.isEmpty() ? 0 : offsets.getLast();
        history(client, channel("open:large").put("limit", -1).put("since", of("offset", last)))
            .getJsonArray("publications")
            .forEach(each -> offsets.add(((JsonObject) each).getLong("offset")));
        pages++;
      }

      // Then
      assertThat(offsets).hasSize(20).isSorted();
      assertThat(pages).isEqualTo(3);
    }
  }

  @Test
  void aStreamThatCannotBeReadIsATemporaryError() {
    // Given
    node.streams().fail(true);
    try (var client = node.connect(Encoding.JSON)) {
      // When
      JsonObject reply = client.call("history", channel(CHANNEL).put("limit", 1));

      // Then
      assertThat(error(reply)).isEqualTo(100);
    }
  }
}
