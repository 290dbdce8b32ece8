package dev.switchboard.protocol;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import dev.switchboard.protocol.proto.RpcRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/// What holds for any bytes; Jackson is the second opinion on JSON.
class CodecPropertyTest {
  private static final List<String> PIECES =
      List.of(
          "{",
          "}",
          "[",
          "]",
          ":",
          ",",
          "\"",
          "\\",
          "\n",
          " ",
          "\r",
          "\t",
          "\"a\"",
          "\"id\":1",
          "\"rpc\":",
          "\"data\":",
          "\"send\":{}",
          "\"channel\":\"c\"",
          "\"subscribe\":",
          "null",
          "true",
          "false",
          "0",
          "-",
          "1",
          ".",
          "e",
          "+",
          "\\u",
          "d83d",
          "\u0000",
          "é",
          "😀");

  private final ObjectMapper jackson =
      new ObjectMapper(
          JsonFactory.builder()
              .disable(JsonFactory.Feature.CHARSET_DETECTION)
              .streamReadConstraints(
                  StreamReadConstraints.builder()
                      .maxNestingDepth(JsonReader.DEPTH_MAX)
                      .maxNumberLength(100_000)
                      .build())
              .build());

  @Provide
  Arbitrary<String> values() {
    return Arbitraries.lazyOf(
        () -> Arbitraries.of("0", "-1.5E+3", "true", "null", "\"\\u0041\\n\\\\\"", "[]", "{ }"),
        () -> Arbitraries.longs().map(String::valueOf),
        () -> Arbitraries.doubles().map(String::valueOf),
        this::strings,
        () -> values().list().ofMaxSize(4).map(list -> "[" + String.join(", ", list) + "]"),
        () ->
            Arbitraries.maps(strings(), values())
                .ofMaxSize(3)
                .map(
                    map ->
                        "{"
                            + String.join(
                                ",\t",
                                map.entrySet().stream()
                                    .map(e -> e.getKey() + " : " + e.getValue())
                                    .toList())
                            + "}"));
  }

  private Arbitrary<String> strings() {
    return Arbitraries.strings()
        .ofMaxLength(12)
        .map(
            text -> {
              try {
                return jackson.writeValueAsString(new String(text.getBytes(UTF_8), UTF_8));
              } catch (IOException e) {
                throw new AssertionError(e);
              }
            });
  }

  /// Up to four bytes from the edges of what may stand where in UTF-8.
  @Provide
  Arbitrary<List<Integer>> utf8Borders() {
    return Arbitraries.of(
            0x41, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1, 0xec,
            0xed, 0xee, 0xef, 0xf0, 0xf1, 0xf3, 0xf4, 0xf5, 0xff)
        .list()
        .ofMaxSize(4);
  }

  @Provide
  Arbitrary<String> jsonLike() {
    return Arbitraries.of(PIECES).list().ofMaxSize(14).map(pieces -> String.join("", pieces));
  }

  @Property(tries = 1000)
  void jsonPayloadsSurviveBothEncodings(@ForAll("values") String value) throws Exception {
    // Given
    var payload = value.getBytes(UTF_8);
    var json = "{\"id\":1,\"rpc\":{\"data\":" + value + ",\"method\":\"m\"}}";
    var proto = new ByteArrayOutputStream();
    dev.switchboard.protocol.proto.Command.newBuilder()
        .setId(1)
        .setRpc(RpcRequest.newBuilder().setMethod("m").setData(ByteString.copyFrom(payload)))
        .build()
        .writeDelimitedTo(proto);

    // When
    var text = (Command.Rpc) JsonCodec.INSTANCE.decode(json.getBytes(UTF_8)).getFirst();
    var binary = (Command.Rpc) ProtobufCodec.INSTANCE.decode(proto.toByteArray()).getFirst();
    var reply = JsonCodec.INSTANCE.encode(new Reply.Rpc(1, binary.data()));

    // Then
    assertThat(text.data()).isEqualTo(payload);
    assertThat(binary.data()).isEqualTo(payload);
    assertThat(reply).asString(UTF_8).isEqualTo("{\"id\":1,\"rpc\":{\"data\":" + value + "}}");
  }

  @Property(tries = 2000)
  void anyBytesAreCommandsOrMalformed(@ForAll byte[] message) {
    assertThat(outcome(JsonCodec.INSTANCE, message)).isNotNull();
    assertThat(outcome(ProtobufCodec.INSTANCE, message)).isNotNull();
  }

  @Property(tries = 2000)
  void anyFramedBytesAreCommandsOrMalformed(@ForAll byte[] message) {
    // Given
    var framed = new byte[message.length % 128 + 1];
    framed[0] = (byte) (framed.length - 1);
    System.arraycopy(message, 0, framed, 1, framed.length - 1);

    // When Then
    assertThat(outcome(ProtobufCodec.INSTANCE, framed)).isNotNull();
  }

  @Property(tries = 5000)
  void jsonLikeTextIsCommandsOrMalformed(@ForAll("jsonLike") String text) {
    assertThat(outcome(JsonCodec.INSTANCE, ("{" + text).getBytes(UTF_8))).isNotNull();
    assertThat(outcome(JsonCodec.INSTANCE, text.getBytes(ISO_8859_1))).isNotNull();
  }

  @Property(tries = 5000)
  void agreesWithJacksonOnWhatJsonIs(@ForAll("jsonLike") String text) {
    assertThat(Json.isValue(text.getBytes(UTF_8))).isEqualTo(jacksonAccepts(text));
  }

  @Property(tries = 3000)
  void agreesWithJacksonOnDamagedJson(
      @ForAll("values") String value, @ForAll int at, @ForAll char damage) {
    // Given
    int place = Math.floorMod(at, value.length());
    var replaced = value.substring(0, place) + (char) (damage % 128) + value.substring(place + 1);
    var cut = value.substring(0, place);

    // When Then
    for (var text : List.of(value, replaced, cut, value + cut)) {
      var wellFormed = new String(text.getBytes(UTF_8), UTF_8);
      assertThat(Json.isValue(wellFormed.getBytes(UTF_8)))
          .as(wellFormed)
          .isEqualTo(jacksonAccepts(wellFormed));
    }
  }

  @Property(tries = 20_000)
  void agreesWithProtobufOnUtf8(@ForAll("utf8Borders") List<Integer> text) {
    // Given
    var quoted = new ByteArrayOutputStream();
    quoted.write('"');
    text.forEach(quoted::write);
    quoted.write('"');
    var bytes = quoted.toByteArray();

    // When
    boolean wellFormed = ByteString.copyFrom(bytes).isValidUtf8();

    // Then
    assertThat(Json.isValue(bytes)).isEqualTo(wellFormed);
  }

  @Property(tries = 1000)
  void anyTextIsOneJsonString(@ForAll String text) throws Exception {
    // When
    var json = JsonCodec.INSTANCE.encode(new Push.Disconnect(3000, text));
    var binary = ProtobufCodec.INSTANCE.encode(new Push.Disconnect(3000, text));

    // Then
    var expected = new String(text.getBytes(UTF_8), UTF_8);
    var reason = jackson.readTree(json).at("/push/disconnect/reason").asText();
    assertThat(reason).isEqualTo(expected);
    assertThat(binary).endsWith(expected.getBytes(UTF_8));
    assertThat(json).doesNotContain('\n', '\r');
  }

  private static List<Command> outcome(ClientCodec codec, byte[] message) {
    try {
      var commands = codec.decode(message);
      assertThat(commands).isNotEmpty().doesNotContainNull();
      return commands;
    } catch (MalformedException _) {
      return new ArrayList<>();
    }
  }

  private boolean jacksonAccepts(String text) {
    try (var parser = jackson.createParser(text.getBytes(UTF_8))) {
      if (parser.nextToken() == null) {
        return false;
      }
      parser.skipChildren();
      return parser.nextToken() == null;
    } catch (IOException _) {
      return false;
    }
  }
}
