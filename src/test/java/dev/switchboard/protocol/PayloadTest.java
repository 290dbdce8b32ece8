package dev.switchboard.protocol;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Payloads stay the bytes they were.
class PayloadTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "0",
        "-0",
        "-1.50e+10",
        "1E400",
        "123456789012345678901234567890",
        "true",
        "false",
        "null",
        "\"\"",
        "\"plain\"",
        "\"}],{[\"",
        "\"\\\"\\\\\"",
        "\"\\\\\"",
        "\"\\u00e9\\ud83d\\ude00\\ud800\"",
        "\"é€😀\u007f\"",
        "[]",
        "[ ]",
        "{}",
        "{ }",
        "[1 , 2,\t3]",
        "{\"a\" :\n {\"b\":\r\n[null,{\"c\":\"]\"}]}, \"a\":1}",
        "{\"id\":9,\"publish\":{\"data\":1},\"\":0}",
        "[[[[[[[[[[]]]]]]]]]]"
      })
  void cutsPayloadsOutAsTheyStand(String payload) throws MalformedException {
    for (var form : new String[] {"%s", " %s", "%s ", "\n\t%s\r\n"}) {
      for (var around : new String[] {"'data':%s,'method':'m'", "'method':'m','data':%s"}) {
        // Given
        var members = around.replace('\'', '"').formatted(form.formatted(payload));
        var json = "{\"id\":1,\"rpc\":{" + members + "}}";

        // When
        var command = (Command.Rpc) JsonCodec.INSTANCE.decode(json.getBytes(UTF_8)).getFirst();

        // Then
        assertThat(new String(command.data(), UTF_8)).isEqualTo(payload);
        assertThat(command.method()).isEqualTo("m");
      }
    }
  }

  @Test
  void looksAtEveryByteOfAString() {
    for (int at = 1; at <= 24; at++) {
      for (int value = 0; value <= 0xff; value++) {
        // Given
        byte[] json = ("\"" + "a".repeat(24) + "\"").getBytes(UTF_8);
        json[at] = (byte) value;

        // When
        boolean sound = Json.isValue(json);

        // Then
        boolean plain = value >= ' ' && value < 0x80 && value != '"' && value != '\\';
        assertThat(sound).as("%d at %d", value, at).isEqualTo(plain);
      }
    }
  }

  @Test
  void dropsLineEndsOnly() throws UnencodableException {
    // Given
    var payload = "\n{ \"a\" :\r\n[1,\n\t2]}\n".getBytes(UTF_8);

    // When
    var json = JsonCodec.INSTANCE.encode(new Push.Message(payload));

    // Then
    assertThat(json).asString().isEqualTo("{\"push\":{\"message\":{\"data\":{ \"a\" :[1,\t2]}}}}");
  }

  @Test
  void keepsLineEndsInProtobuf() {
    // Given
    var payload = "[\r\n]".getBytes(UTF_8);

    // When
    var binary = ProtobufCodec.INSTANCE.encode(new Push.Message(payload));

    // Then
    assertThat(binary).endsWith('[', '\r', '\n', ']');
  }

  /// Each character stands for one byte.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "\u0000",
        "abc",
        "{",
        "}",
        "{}{}",
        "1 2",
        "1,2",
        "01",
        "+1",
        "1.",
        ".5",
        "1e",
        "-",
        "NaN",
        "tru",
        "truex",
        "nul",
        "'a'",
        "\"a",
        "\"a\nb\"",
        "\"\\x\"",
        "\"\\u12g4\"",
        "[1,]",
        "[,1]",
        "[1 2]",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{a:1}",
        "{1:1}",
        "[}",
        "//x\n1",
        " ",
        "\u00ef\u00bb\u00bf{}",
        "\"\u00c0\u00a2\"",
        "\"\u00ed\u00a0\u0080\"",
        "\"\u0080\"",
        "\"\u00f4\u0090\u0080\u0080\"",
        "\"\u00e2\u0082\"",
        "\"\u00c3",
        "\"\u00f5\u0080\u0080\u0080\""
      })
  void refusesBytesThatAreNotJson(String payload) {
    // Given
    var bytes = payload.getBytes(ISO_8859_1);
    var info = new ClientInfo("u", "c", null, bytes);

    // When Then
    assertThat(Json.isValue(bytes)).isFalse();
    assertThatThrownBy(() -> JsonCodec.INSTANCE.encode(new Reply.Rpc(1, bytes)))
        .isInstanceOf(UnencodableException.class);
    assertThatThrownBy(() -> JsonCodec.INSTANCE.encode(new Push.Join("x", info)))
        .isInstanceOf(UnencodableException.class);
    assertThat(ProtobufCodec.INSTANCE.encode(new Reply.Rpc(1, bytes))).endsWith(bytes);
  }

  @Test
  void limitsDepth() {
    // Given
    var deepest = "[".repeat(64) + "]".repeat(64);
    var deeper = "{\"a\":".repeat(65) + "1" + "}".repeat(65);

    // When Then
    assertThat(Json.isValue(deepest.getBytes(UTF_8))).isTrue();
    assertThat(Json.isValue(deeper.getBytes(UTF_8))).isFalse();
    assertThat(Json.isValue("[".repeat(1_000_000).getBytes(UTF_8))).isFalse();
  }

  @Test
  void escapesStrings() throws UnencodableException {
    // Given
    var reason = "\"\\/\n\u0000\u001f\u007fé€😀\ud800";

    // When
    var json = new String(JsonCodec.INSTANCE.encode(new Push.Disconnect(1, reason)), UTF_8);

    // Then
    var escaped = "\\\"\\\\/\\u000a\\u0000\\u001f\u007fé€😀?";
    assertThat(json).contains("\"reason\":\"" + escaped + "\"");
  }

  @Test
  void escapesKeysOfMaps() throws UnencodableException {
    // Given
    var publication = new Publication(null, null, 0, Map.of("a\"b", "\n"), 0);

    // When
    var json = JsonCodec.INSTANCE.encode(new Push.Publish("c\\d", publication));

    // Then
    var pub = "{\"tags\":{\"a\\\"b\":\"\\u000a\"}}";
    assertThat(json)
        .asString()
        .isEqualTo("{\"push\":{\"channel\":\"c\\\\d\",\"pub\":" + pub + "}}");
  }

  @Test
  void writesPayloadsLargerThanAnyGuess() throws UnencodableException {
    // Given
    var text = "\"" + "é".repeat(100_000) + "\"";

    // When
    var json = JsonCodec.INSTANCE.encode(new Reply.Rpc(1, text.getBytes(UTF_8)));

    // Then
    assertThat(json).asString().isEqualTo("{\"id\":1,\"rpc\":{\"data\":" + text + "}}");
  }
}
