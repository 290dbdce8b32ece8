package dev.switchboard.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.switchboard.testkit.Execution;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Any bytes as a message of a client: what is read means the same in both encodings.
///
/// The first byte of an input chooses the encoding, and whether it is a message on a socket, one
/// that comes by a request of its own, or the first one of a client that only listens.
class CommandFuzzTest {
  private static final int JSON = 0;
  private static final int PROTOBUF = 1;
  private static final int EMULATED = 2;
  private static final int UNIDIRECTIONAL = 4;

  @FuzzTest
  void messages(byte[] input) throws Exception {
    Execution.watch(input, CommandFuzzTest::take);
  }

  /// Inputs to start from.
  static Map<String, byte[]> seeds() throws IOException {
    Map<String, byte[]> seeds = new LinkedHashMap<>();
    List<GoldenCommands.Golden> all = GoldenCommands.all().toList();
    for (int index = 0; index < all.size(); index++) {
      var golden = all.get(index);
      String name = golden.command().getClass().getSimpleName() + "-" + index;
      seeds.put(name + "-json", input(JSON, golden.json().replace('\'', '"').getBytes(UTF_8)));
      seeds.put(name + "-protobuf", input(PROTOBUF, delimited(List.of(golden.proto()))));
    }
    seeds.put("lines", input(JSON, "{\"id\":1,\"rpc\":{}}\n{}\n".getBytes(UTF_8)));
    seeds.put("escapes", input(JSON, "{\"send\":{\"data\":\"\\ud83d\\u0041\"}}".getBytes(UTF_8)));
    seeds.put(
        "emulated",
        input(EMULATED, "{\"node\":\"n\",\"session\":\"s\",\"data\":\"{}\\n{}\"}".getBytes(UTF_8)));
    seeds.put("emulated-protobuf", input(EMULATED | PROTOBUF, new byte[] {10, 1, 'n', 26, 1, 0}));
    seeds.put("listener", input(UNIDIRECTIONAL, "{\"token\":\"t\",\"subs\":{}}".getBytes(UTF_8)));
    return seeds;
  }

  private static byte[] input(int choice, byte[] bytes) {
    byte[] input = new byte[1 + bytes.length];
    input[0] = (byte) choice;
    System.arraycopy(bytes, 0, input, 1, bytes.length);
    return input;
  }

  private static void take(byte[] input) throws Exception {
    if (input.length == 0) {
      return;
    }
    byte[] bytes = Arrays.copyOfRange(input, 1, input.length);
    boolean json = (input[0] & PROTOBUF) == JSON;
    ClientCodec codec = ClientCodec.of(json ? Encoding.JSON : Encoding.PROTOBUF);
    try {
      if ((input[0] & EMULATED) != 0) {
        ClientCodec.Emulated emulated = codec.decodeEmulated(bytes);
        assertThat(emulated.message().length).isLessThanOrEqualTo(bytes.length);
      } else if ((input[0] & UNIDIRECTIONAL) != 0) {
        check(ClientCodec.unidirectional().decode(bytes), true);
      } else {
        check(codec.decode(bytes), json);
      }
    } catch (MalformedException refused) {
      assertThat(refused).hasMessageMatching("(?s).+");
    }
  }

  private static void check(List<Command> commands, boolean json) throws Exception {
    assertThat(commands).isNotEmpty();
    var protos = protos(commands);
    List<Command> binary = ProtobufCodec.INSTANCE.decode(delimited(protos));
    assertThat(protos(binary)).isEqualTo(protos);
    if (json) {
      var text = new ByteArrayOutputStream();
      for (Command command : commands) {
        text.writeBytes(CommandWriter.toJson(command));
        text.write('\n');
      }
      assertThat(protos(JsonCodec.INSTANCE.decode(text.toByteArray()))).isEqualTo(protos);
    }
  }

  private static List<dev.switchboard.protocol.proto.Command> protos(List<Command> commands) {
    List<dev.switchboard.protocol.proto.Command> protos = new ArrayList<>();
    commands.forEach(command -> protos.add(CommandWriter.toProto(command)));
    return protos;
  }

  private static byte[] delimited(List<dev.switchboard.protocol.proto.Command> commands)
      throws IOException {
    var out = new ByteArrayOutputStream();
    for (var command : commands) {
      command.writeDelimitedTo(out);
    }
    return out.toByteArray();
  }
}
