package dev.switchboard.perf;

import java.io.IOException;
import java.util.List;
import java.util.regex.Pattern;

/// What a node says is in the streams of some channels.
///
/// @param published publications that ever were in them: the sum of their offsets
/// @param kept those that are still there
record KeptLog(long published, long kept) {
  private static final Pattern OFFSET = Pattern.compile("\"offset\":(\\d+)");

  /// Reads the streams over the API of a node; fails on one that has a hole or is shorter than its
  /// history should be.
  ///
  /// @param history publications a channel keeps
  static KeptLog read(HttpApi node, List<String> channels, int history) {
    KeptLog sum = new KeptLog(0, 0);
    for (String channel : channels) {
      KeptLog one = read(node, channel, history);
      sum = new KeptLog(sum.published + one.published, sum.kept + one.kept);
    }
    return sum;
  }

  private static KeptLog read(HttpApi node, String channel, int history) {
    long[] offsets = offsets(ask(node, channel));
    if (offsets.length == 0) {
      throw PerfException.failed("the history of " + channel + " has no offset");
    }
    int kept = offsets.length - 1;
    long top = offsets[kept];
    for (int i = 0; i < kept; i++) {
      if (offsets[i] != top - kept + 1 + i) {
        throw PerfException.failed("%s is at %d and has a hole".formatted(channel, top));
      }
    }
    if (kept != Math.min(top, history)) {
      throw PerfException.failed("%s is at %d and keeps only %d".formatted(channel, top, kept));
    }
    return new KeptLog(top, kept);
  }

  /// Those of the publications, then that of the stream.
  static long[] offsets(String answer) {
    return OFFSET
        .matcher(answer)
        .results()
        .mapToLong(one -> Long.parseLong(one.group(1)))
        .toArray();
  }

  private static String ask(HttpApi node, String channel) {
    String answer;
    try {
      answer = node.call("api/history", "{\"channel\":\"" + channel + "\",\"limit\":-1}");
    } catch (IOException e) {
      throw PerfException.failed("cannot read the history of " + channel, e);
    }
    if (!answer.startsWith("{\"result\":")) {
      throw PerfException.failed("cannot read the history of " + channel + ": " + answer);
    }
    return answer;
  }
}
