package dev.switchboard.protocol;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Messages that end a connection with 3501.
class MalformedTest {
  static Stream<String> broken() {
    return Stream.of(
        "",
        " ",
        "\n",
        "\r\n\t ",
        "\u0000",
        "null",
        "true",
        "1",
        "'text'",
        "[]",
        "[{}]",
        "x",
        "{",
        "}",
        "{'id'",
        "{'id':",
        "{'id':1",
        "{'id':1,",
        "{'id':1,}",
        "{,}",
        "{'id' 1}",
        "{id:1}",
        "{'id':1 'rpc':{}}",
        "{}{}",
        "{},{}",
        "{}\n{",
        "{}\n1",
        "{}\n\u0000",
        "{}x",
        "\u00ef\u00bb\u00bf{}",
        "\u00fe\u00ff\u0000{\u0000}",
        "{\u0000}\u0000",
        "{/**/}",
        "{'id':1,'rpc':{'data':1}",
        "{'id':1,'rpc':{'data':}}",
        "{'id':1,'rpc':{'data':1 2}}",
        "{'id':1,'rpc':{'data':01}}",
        "{'id':1,'rpc':{'data':1.}}",
        "{'id':1,'rpc':{'data':-}}",
        "{'id':1,'rpc':{'data':NaN}}",
        "{'id':1,'rpc':{'data':tru}}",
        "{'id':1,'rpc':{'data':[}}",
        "{'id':1,'rpc':{'data':[1,]}}",
        "{'id':1,'rpc':{'data':{'a'}}}",
        "{'id':1,'rpc':{'data':'a\nb'}}",
        "{'id':1,'rpc':{'data':'\\a'}}",
        "{'id':1,'rpc':{'data':'\\u00g0'}}",
        "{'id':1,'rpc':{'data':'\u00c0\u00a2'}}",
        "{'id':1,'rpc':{'data':'\u00ed\u00a0\u0080'}}",
        "{'id':1,'rpc':{'data':'\u00ff'}}",
        "{'id':1,'rpc':{'method':'\u00c3'}}",
        "{'id':1,'rpc':{'data':'a}}");
  }

  static Stream<String> mistyped() {
    return Stream.of(
        "{'id':'1','rpc':{}}",
        "{'id':-1,'rpc':{}}",
        "{'id':1.0,'rpc':{}}",
        "{'id':1e3,'rpc':{}}",
        "{'id':4294967296,'rpc':{}}",
        "{'id':99999999999999999999,'rpc':{}}",
        "{'id':true,'rpc':{}}",
        "{'id':[],'rpc':{}}",
        "{'id':-1}",
        "{'connect':1}",
        "{'id':1,'connect':'x'}",
        "{'id':1,'connect':[]}",
        "{'id':1,'rpc':{},'send':1}",
        "{'id':1,'connect':{'token':1}}",
        "{'id':1,'connect':{'subs':[]}}",
        "{'id':1,'connect':{'subs':{'a':1}}}",
        "{'id':1,'connect':{'headers':{'a':1}}}",
        "{'id':1,'connect':{'flag':9223372036854775808}}",
        "{'id':1,'connect':{'flag':'1'}}",
        "{'id':1,'subscribe':{'channel':1}}",
        "{'id':1,'subscribe':{'channel':'c','recover':1}}",
        "{'id':1,'subscribe':{'channel':'c','recover':'true'}}",
        "{'id':1,'subscribe':{'channel':'c','offset':-1}}",
        "{'id':1,'subscribe':{'channel':'c','offset':'1'}}",
        "{'id':1,'subscribe':{'channel':'c','offset':1.5}}",
        "{'id':1,'subscribe':{'channel':'c','offset':18446744073709551616}}",
        "{'id':1,'subscribe':{'channel':'c','type':2147483648}}",
        "{'id':1,'subscribe':{'channel':'c','tf':[]}}",
        "{'id':1,'history':{'channel':'c','limit':-2147483649}}",
        "{'id':1,'history':{'channel':'c','limit':1.5}}",
        "{'id':1,'history':{'channel':'c','since':1}}",
        "{'id':1,'history':{'channel':'c','since':{'offset':-1}}}",
        "{'id':1,'history':{'channel':'c','reverse':0}}");
  }

  static Stream<String> incomplete() {
    return Stream.of(
        "{'id':1}",
        "{'id':1,'ping':{}}",
        "{'id':1,'unknown':{}}",
        "{'id':1,'rpc':null}",
        "{'id':1,'subscribe':{}}",
        "{'id':1,'subscribe':{'channel':''}}",
        "{'id':1,'unsubscribe':{}}",
        "{'id':1,'publish':{'data':1}}",
        "{'id':1,'presence':{}}",
        "{'id':1,'presence_stats':{'channel':null}}",
        "{'id':1,'history':{}}",
        "{'id':1,'sub_refresh':{'token':'t'}}",
        "{'id':1,'refresh':{}}",
        "{'id':1,'refresh':{'token':''}}",
        "{'id':1,'subscribe':{},'rpc':{}}",
        "{'publish':{'channel':'c'},'send':{}}",
        "{'rpc':{},'send':{}}",
        "{'connect':{},'send':{}}",
        "{}\n{'id':1}",
        "{'id':1,'rpc':{}}\n{'id':2,'publish':{}}");
  }

  /// Each character stands for one byte.
  @ParameterizedTest
  @MethodSource({"broken", "mistyped", "incomplete"})
  void refusesJson(String json) {
    // Given
    var message = json.replace('\'', '"').getBytes(ISO_8859_1);

    // When Then
    assertThatThrownBy(() -> JsonCodec.INSTANCE.decode(message))
        .isInstanceOf(MalformedException.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {63, 64, 1000, 100_000})
  void refusesDeepJson(int depth) {
    // Given
    var data = "[".repeat(depth) + "]".repeat(depth);
    var message = "{\"id\":1,\"rpc\":{\"data\":" + data + "}}";

    // When Then
    assertThatThrownBy(() -> JsonCodec.INSTANCE.decode(message.getBytes(ISO_8859_1)))
        .isInstanceOf(MalformedException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // no message, no end of a length, lengths past the end, a length of 6 bytes, 2^35 - 1
        "",
        "80",
        "ffff",
        "01",
        "020801ff",
        "0408016a",
        "ffffffff0f",
        "808080808000",
        "ffffffff7f",
        // an unreadable tag, wrong wire types, a group without end, an end without group
        "0100",
        "0107",
        "0208ff",
        "0209 01",
        "0103",
        "0104",
        "0373 74 0c",
        // a nested length past the end, an invalid UTF-8 channel, an overlong one
        "04 0801 6a05",
        "07 0801 2a03 0a01ff",
        "08 0801 2a04 0a02c0a2",
        "08 0801 7204 0a02eda0",
        // id alone, ping, no channel: subscribe to history, sub_refresh; refresh without token
        "02 0801",
        "04 0801 5a00",
        "04 0801 2a00",
        "04 0801 3200",
        "04 0801 3a00",
        "04 0801 4200",
        "04 0801 4a00",
        "04 0801 5200",
        "04 0801 7a00",
        "04 0801 7200",
        // id 0 with publish and send, then a good one followed by a bad one
        "07 3a03 0a0163 6200",
        "04 0801 6a00 02 0801",
        "00 01"
      })
  void refusesProtobuf(String hex) {
    // Given
    var message = HexFormat.of().parseHex(hex.replace(" ", ""));

    // When Then
    assertThatThrownBy(() -> ProtobufCodec.INSTANCE.decode(message))
        .isInstanceOf(MalformedException.class);
  }

  /// What the broken ones above were made from.
  @ParameterizedTest
  @ValueSource(strings = {"04 0801 6a00", "02 6200", "00 00", "8000", "07 0801 2a03 0a0163"})
  void acceptsTheirGoodNeighbours(String hex) throws MalformedException {
    // Given
    var message = HexFormat.of().parseHex(hex.replace(" ", ""));

    // When
    var commands = ProtobufCodec.INSTANCE.decode(message);

    // Then
    assertThat(commands).isNotEmpty();
  }
}
