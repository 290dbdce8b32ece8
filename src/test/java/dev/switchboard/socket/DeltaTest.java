package dev.switchboard.socket;

import static dev.switchboard.testkit.Shorthand.channel;
import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.delta.Patch;
import dev.switchboard.feed.StreamEnvelope;
import dev.switchboard.protocol.Encoding;
import dev.switchboard.protocol.Publication;
import dev.switchboard.testkit.TestClient;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Who asks for deltas gets patches where it has what they are made for, and whole payloads else.
class DeltaTest {
  private static final String CHANNEL = "delta:news";
  private static final String LONG = "ä long text that stays the same, for patches to copy it €€€";

  private final StreamNode node = new StreamNode();

  @AfterEach
  void stop() {
    node.close();
  }

  private static String payload(int number) {
    return "{\"number\":%d,\"text\":\"%s\",\"again\":%d}".formatted(number, LONG, number);
  }

  private StreamEnvelope append(String channel, String payload, Map<String, String> tags) {
    byte[] data = payload.getBytes(StandardCharsets.UTF_8);
    var publication = new Publication(data, null, 0, tags, 0);
    return node.node().append(channel, publication, 10, channel.startsWith("delta:"));
  }

  private void publish(int... numbers) {
    for (int number : numbers) {
      node.node().deliver(append(CHANNEL, payload(number), Map.of()));
    }
  }

  /// A client with deltas, which notes what it gets and how.
  private static final class Reader {
    private final TestClient client;
    private final Encoding encoding;
    private String text = "";

    Reader(TestClient client, Encoding encoding) {
      this.client = client;
      this.encoding = encoding;
    }

    JsonObject subscribe(String channel) {
      return subscribe(channel(channel));
    }

    JsonObject subscribe(JsonObject parameters) {
      JsonObject reply = client.call("subscribe", parameters.put("delta", "fossil"));
      assertThat(reply.containsKey("subscribe")).as(reply.encode()).isTrue();
      return reply.getJsonObject("subscribe");
    }

    /// How the next one came; what it says is in [#text].
    String next() {
      return read(client.push().getJsonObject("pub"));
    }

    String read(JsonObject publication) {
      Object data = publication.getValue("data");
      if (encoding == Encoding.JSON) {
        assertThat(data).isInstanceOf(String.class);
      }
      String written = data instanceof String string ? string : Json.encode(data);
      boolean delta = publication.getBoolean("delta", false);
      text =
          delta
              ? new String(Patch.apply(bytes(text), bytes(written)), StandardCharsets.UTF_8)
              : written;
      return delta ? "patch" : "whole";
    }

    private static byte[] bytes(String text) {
      return text.getBytes(StandardCharsets.UTF_8);
    }
  }

  @ParameterizedTest
  @EnumSource
  void theFirstIsWholeAndTheOthersArePatches(Encoding encoding) {
    // Given
    publish(1);
    try (var client = node.connect(encoding);
        var plain = node.connect(encoding)) {
      var reader = new Reader(client, encoding);

      // When
      JsonObject result = reader.subscribe(CHANNEL);
      plain.subscribe(CHANNEL);
      publish(2, 3, 4);

      // Then
      assertThat(result.getBoolean("delta")).isTrue();
      List<String> ways = new ArrayList<>();
      for (int number = 2; number <= 4; number++) {
        ways.add(reader.next());
        assertThat(reader.text).isEqualTo(payload(number));
        assertThat(plain.push().getJsonObject("pub").getJsonObject("data"))
            .isEqualTo(new JsonObject(payload(number)));
      }
      assertThat(ways).containsExactly("whole", "patch", "patch");
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatIsRecoveredIsAChainThatGoesOn(Encoding encoding) {
    // Given
    try (var client = node.connect(encoding);
        var other = node.connect(encoding)) {
      other.subscribe(CHANNEL);
      publish(1, 2, 3, 4);
      var reader = new Reader(client, encoding);
      var since = StreamNode.recover(CHANNEL, node.top(CHANNEL)).put("offset", 1);

      // When
      JsonArray recovered = reader.subscribe(since).getJsonArray("publications");
      publish(5);

      // Then
      var ways =
          Stream.concat(
                  recovered.stream().map(each -> reader.read((JsonObject) each)),
                  Stream.of(1).map(_ -> reader.next()))
              .toList();
      assertThat(ways).containsExactly("whole", "patch", "patch", "patch");
      assertThat(reader.text).isEqualTo(payload(5));
    }
  }

  @ParameterizedTest
  @EnumSource
  void whoRecoversNothingHasNoBase(Encoding encoding) {
    // Given
    try (var client = node.connect(encoding);
        var other = node.connect(encoding)) {
      other.subscribe(CHANNEL);
      publish(1, 2);
      var reader = new Reader(client, encoding);

      // When
      reader.subscribe(StreamNode.recover(CHANNEL, node.top(CHANNEL)));
      publish(3, 4);

      // Then
      assertThat(List.of(reader.next(), reader.next())).containsExactly("whole", "patch");
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatIsNoGainGoesWhole(Encoding encoding) {
    // Given
    try (var client = node.connect(encoding)) {
      var reader = new Reader(client, encoding);
      reader.subscribe(CHANNEL);
      publish(1);

      // When
      node.node().deliver(append(CHANNEL, "17", Map.of()));
      publish(2);

      // Then
      assertThat(List.of(reader.next(), reader.next(), reader.next()))
          .containsExactly("whole", "whole", "whole");
      assertThat(reader.text).isEqualTo(payload(2));
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatIsNotKeptIsNoBase(Encoding encoding) {
    // Given
    try (var client = node.connect(encoding)) {
      var reader = new Reader(client, encoding);
      reader.subscribe(CHANNEL);
      publish(1);
      byte[] data = payload(99).getBytes(StandardCharsets.UTF_8);
      var kept =
          new StreamEnvelope.Kept(node.top(CHANNEL).epoch(), Publication.of(data, null), true);

      // When
      node.node().deliver(new StreamEnvelope(CHANNEL, kept, System.nanoTime()));
      publish(2, 3);

      // Then
      List<String> ways = new ArrayList<>();
      for (int number : List.of(1, 99, 2, 3)) {
        ways.add(reader.next());
        assertThat(reader.text).isEqualTo(payload(number));
      }
      assertThat(ways).containsExactly("whole", "whole", "whole", "patch");
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatWasFilteredOutIsNoBase(Encoding encoding) {
    // Given
    try (var client = node.connect(encoding)) {
      var reader = new Reader(client, encoding);
      var wanted = new JsonObject().put("key", "kind").put("cmp", "neq").put("val", "odd");
      reader.subscribe(channel(CHANNEL).put("tf", wanted));

      // When
      publish(1, 2);
      node.node().deliver(append(CHANNEL, payload(3), Map.of("kind", "odd")));
      publish(4, 5);

      // Then
      List<String> ways = new ArrayList<>();
      for (int number : List.of(1, 2, 4, 5)) {
        ways.add(reader.next());
        assertThat(reader.text).isEqualTo(payload(number));
      }
      assertThat(ways).containsExactly("whole", "patch", "whole", "patch");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aNamespaceMayLeaveItToThePublisher(Encoding encoding) {
    // Given
    try (var client = node.connect(encoding)) {
      var reader = new Reader(client, encoding);
      reader.subscribe("asked:news");

      // When
      for (boolean deltas : List.of(true, false, true)) {
        byte[] data = payload(1).getBytes(StandardCharsets.UTF_8);
        var publication = Publication.of(data, null);
        node.node().deliver(node.node().append("asked:news", publication, 10, deltas));
      }

      // Then
      assertThat(List.of(reader.next(), reader.next(), reader.next()))
          .containsExactly("whole", "whole", "patch");
    }
  }

  @ParameterizedTest
  @EnumSource
  void whereTheyAreNotAllowedNobodyGetsThem(Encoding encoding) {
    // Given
    try (var client = node.connect(encoding)) {
      // When
      JsonObject result = new Reader(client, encoding).subscribe("news");
      node.publish("news", 1);

      // Then
      assertThat(result.containsKey("delta")).isFalse();
      assertThat(client.push().getJsonObject("pub").getInteger("data")).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void bytesThatAreNoJsonEndAJsonSocketAlone(Encoding encoding) {
    // Given
    try (var client = node.connect(encoding)) {
      var reader = new Reader(client, encoding);
      reader.subscribe(CHANNEL);
      node.node().deliver(append(CHANNEL, payload(1), Map.of()));
      reader.next();

      // When
      node.node().deliver(append(CHANNEL, payload(2) + "!", Map.of()));

      // Then
      switch (encoding) {
        case JSON -> assertThat(client.closed().code()).isEqualTo(3506);
        case PROTOBUF -> assertThat(reader.next()).isEqualTo("patch");
      }
    }
  }
}
