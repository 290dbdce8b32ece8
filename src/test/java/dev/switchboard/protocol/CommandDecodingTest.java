package dev.switchboard.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Every command a client can send, in both encodings.
class CommandDecodingTest {
  @ParameterizedTest
  @MethodSource("dev.switchboard.protocol.GoldenCommands#all")
  void readsJson(GoldenCommands.Golden golden) throws MalformedException {
    // When
    var commands = JsonCodec.INSTANCE.decode(bytes(golden.json()));

    // Then
    assertSame(commands, List.of(golden.command()));
  }

  @ParameterizedTest
  @MethodSource("dev.switchboard.protocol.GoldenCommands#all")
  void readsProtobuf(GoldenCommands.Golden golden) throws MalformedException, IOException {
    // When
    var commands = ProtobufCodec.INSTANCE.decode(delimited(golden.proto()));

    // Then
    assertSame(commands, List.of(golden.command()));
  }

  @Test
  void readsAllCommandsOfOneJsonMessageInOrder() throws MalformedException {
    // Given
    var objects = GoldenCommands.all().map(golden -> golden.json().replace("\n", "")).toList();
    var lines = String.join("\n", objects);

    for (var message : List.of(lines, lines + "\n", "\r\n " + lines + " \t\n\n")) {
      // When
      var commands = JsonCodec.INSTANCE.decode(bytes(message));

      // Then
      assertSame(commands, GoldenCommands.all().map(GoldenCommands.Golden::command).toList());
    }
  }

  @Test
  void readsAllCommandsOfOneProtobufMessageInOrder() throws MalformedException, IOException {
    // Given
    var messages =
        GoldenCommands.all()
            .map(GoldenCommands.Golden::proto)
            .toArray(dev.switchboard.protocol.proto.Command[]::new);

    // When
    var commands = ProtobufCodec.INSTANCE.decode(delimited(messages));

    // Then
    assertSame(commands, GoldenCommands.all().map(GoldenCommands.Golden::command).toList());
  }

  @Test
  void readsHandComputedProtobuf() throws MalformedException {
    // Given: length 12; id 5; publish {channel "ab", data "{}"}; then a pong, then one in 2 bytes
    byte[] message = {
      12, 0x08, 5, 0x3a, 8, 0x0a, 2, 'a', 'b', 0x12, 2, '{', '}', 0, (byte) 0x80, 0
    };

    // When
    var commands = ProtobufCodec.INSTANCE.decode(message);

    // Then
    assertSame(
        commands,
        List.of(new Command.Publish(5, "ab", bytes("{}")), new Command.Pong(), new Command.Pong()));
  }

  /// The first present request in the protocol's order counts, wherever it stands.
  @ParameterizedTest
  @CsvSource({
    "connect, Connect",
    "subscribe, Subscribe",
    "unsubscribe, Unsubscribe",
    "publish, Publish",
    "presence, Presence",
    "presence_stats, PresenceStats",
    "history, History",
    "rpc, Rpc",
    "send, Send",
    "refresh, Refresh",
    "sub_refresh, SubRefresh"
  })
  void actsOnTheFirstPresentRequest(String name, String type) throws Exception {
    // Given
    var order =
        List.of(
            "connect",
            "subscribe",
            "unsubscribe",
            "publish",
            "presence",
            "presence_stats",
            "history",
            "rpc",
            "send",
            "refresh",
            "sub_refresh");
    var present = order.subList(order.indexOf(name), order.size());
    var members = present.stream().map(r -> "'" + r + "':{'channel':'c','token':'t'}").toList();
    var forward = "{'id':1," + String.join(",", members) + "}";
    var backward = "{" + String.join(",", members.reversed()) + ",'id':1}";
    var proto = proto(1);
    for (var request : present) {
      var field = proto.getDescriptorForType().findFieldByName(request);
      var value = proto.newBuilderForField(field);
      for (var part : List.of("channel", "token")) {
        var known = field.getMessageType().findFieldByName(part);
        if (known != null) {
          value.setField(known, "x");
        }
      }
      proto.setField(field, value.build());
    }

    // When
    var first = JsonCodec.INSTANCE.decode(bytes(forward)).getFirst();
    var last = JsonCodec.INSTANCE.decode(bytes(backward)).getFirst();
    var binary = ProtobufCodec.INSTANCE.decode(delimited(proto.build())).getFirst();

    // Then
    assertThat(List.of(first, last, binary))
        .extracting(command -> command.getClass().getSimpleName())
        .containsOnly(type);
  }

  static Stream<Arguments> strings() {
    return Stream.of(
        arguments("'channel':'\\u0061\\n\\\\\\/\\u005C\\ud83d\\ude00'", "a\n\\/\\😀"),
        arguments("'channel':'b\\b\\f\\r\\t\\u0022'", "b\b\f\r\t\""),
        arguments("'channel':'é\u20ac😀'", "é\u20ac😀"),
        arguments("'ch\\u0061nnel':'a'", "a"),
        arguments("'channel':'x\\ud83dy'", "x?y"),
        arguments("'channel':'a','other':[{}],'channel':'b'", "b"));
  }

  @ParameterizedTest
  @MethodSource("strings")
  void readsStrings(String members, String channel) throws MalformedException {
    // Given
    var json = bytes("{'id':1,'presence':{" + members + "}}");

    // When
    var commands = JsonCodec.INSTANCE.decode(json);

    // Then
    assertThat(commands).containsExactly(new Command.Presence(1, channel));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'presence':{'channel':'a'},'id':1,'presence':{'channel':'b'}}",
        "{'id':1,'presence':{'channel':'b'},'connect':null,'x':{'id':2}}",
        "{'id':2,'id':1,'rpc':{'id':3},'presence':{'x':[{'channel':'a'}],'channel':'b'}}",
      })
  void takesTheLastOfRepeatedMembersAndSkipsUnknownOnes(String json) throws MalformedException {
    // When
    var commands = JsonCodec.INSTANCE.decode(bytes(json));

    // Then
    assertThat(commands).containsExactly(new Command.Presence(1, "b"));
  }

  @Test
  void takesNullForAbsent() throws MalformedException {
    // Given
    var json =
        """
        {'id':1,'subscribe':{'channel':'c','token':null,'recover':null,'offset':null,'tf':null,
        'flag':null,'data':null}}
        {'id':null,'connect':null}
        {'id':1,'connect':{'subs':null,'headers':null}}
        {'id':1,'history':{'channel':'c','since':null}}\
        """;

    // When
    var commands = JsonCodec.INSTANCE.decode(bytes(json));

    // Then
    assertSame(
        commands,
        List.of(
            new Command.Subscribe(
                1, "c", "", false, "", 0, bytes("null"), false, false, false, "", null, 0, 0),
            new Command.Pong(),
            new Command.Connect(1, "", null, Map.of(), "", "", Map.of(), 0),
            new Command.History(1, "c", 0, false, 0, "", false)));
  }

  private static void assertSame(List<Command> actual, List<Command> expected) {
    assertThat(actual).extracting(Object::getClass).isEqualTo(classes(expected));
    assertThat(actual).usingRecursiveComparison().isEqualTo(expected);
  }

  private static List<Class<?>> classes(List<Command> commands) {
    return commands.stream().<Class<?>>map(Object::getClass).toList();
  }

  private static dev.switchboard.protocol.proto.Command.Builder proto(int id) {
    return dev.switchboard.protocol.proto.Command.newBuilder().setId(id);
  }

  private static byte[] delimited(dev.switchboard.protocol.proto.Command... commands)
      throws IOException {
    var out = new ByteArrayOutputStream();
    for (var command : commands) {
      command.writeDelimitedTo(out);
    }
    return out.toByteArray();
  }

  private static byte[] bytes(String json) {
    return json.replace('\'', '"').getBytes(UTF_8);
  }
}
