package dev.switchboard.channel;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.switchboard.protocol.ClientCodec;
import dev.switchboard.protocol.Command;
import dev.switchboard.protocol.Encoding;
import dev.switchboard.protocol.MalformedException;
import dev.switchboard.testkit.Execution;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Any filter that a client may send, in JSON, against any tags that a service may give; and the
/// same line as a pattern over names.
///
/// The first line of an input is the filter, the others are names and values of tags in turn.
class FilterFuzzTest {
  private static final int NODES_MAX = 100;

  @FuzzTest
  void filtersAndTags(byte[] input) throws Exception {
    Execution.watch(input, FilterFuzzTest::take);
  }

  /// Inputs to start from.
  static Map<String, byte[]> seeds() {
    return Map.of(
        "equal", input("{'key':'a','cmp':'eq','val':'1'}\na\n1"),
        "among", input("{'key':'a','cmp':'nin','vals':['1','2','1']}\na\n3"),
        "missing", input("{'key':'b','cmp':'nex'}\na\n1"),
        "text", input("{'key':'a','cmp':'ct','val':'\u00fc'}\na\ngr\u00fcn"),
        "number", input("{'key':'a','cmp':'gte','val':'1e9'}\na\n999999999.5"),
        "far-number", input("{'key':'a','cmp':'lt','val':'1E+2147483647'}\na\n1E-2147483647"),
        "all",
            input("{'op':'and','nodes':[{'key':'a','cmp':'ex'},{'key':'a','cmp':'sw','val':'1'}]}"),
        "not", input("{'op':'not','nodes':[{'op':'or','nodes':[{'key':'a','cmp':'ew'}]}]}\na\n1"),
        "glob", input("a*a*a*?b\n" + "a".repeat(40) + "\n1"));
  }

  private static byte[] input(String text) {
    return text.replace('\'', '"').getBytes(UTF_8);
  }

  private static void take(byte[] input) {
    List<String> lines = new String(input, UTF_8).lines().toList();
    if (lines.isEmpty()) {
      return;
    }
    Map<String, String> tags = new LinkedHashMap<>();
    for (int at = 1; at + 1 < lines.size(); at += 2) {
      tags.put(lines.get(at), lines.get(at + 1));
    }
    Command.FilterNode node = node(lines.getFirst());
    if (node != null) {
      TagFilter.of(node, NODES_MAX)
          .ifPresent(
              filter ->
                  assertThat(new TagFilter.Not(filter).matches(tags))
                      .isNotEqualTo(filter.matches(tags)));
    }
    var glob = new Glob(lines.getFirst());
    tags.keySet().forEach(glob::matches);
    assertThat(new Glob(lines.getFirst().replace('?', '*')).matches(lines.getFirst())).isTrue();
  }

  private static Command.FilterNode node(String json) {
    String command = "{\"id\":1,\"subscribe\":{\"channel\":\"c\",\"tf\":" + json + "}}";
    try {
      return ClientCodec.of(Encoding.JSON).decode(command.getBytes(UTF_8)).getFirst()
              instanceof Command.Subscribe subscribe
          ? subscribe.filter()
          : null;
    } catch (MalformedException refused) {
      return null;
    }
  }
}
