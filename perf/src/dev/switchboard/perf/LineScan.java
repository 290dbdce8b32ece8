package dev.switchboard.perf;

import java.nio.ByteBuffer;

/// Counts the newline-joined messages of a frame, eight bytes at a time, pings apart.
///
/// One instance is reused for every frame of a client: counting must cost next to nothing, or the
/// client would be what is measured. The buffer must be little-endian.
final class LineScan {
  private static final long NEWLINES = 0x0A0A_0A0A_0A0A_0A0AL;
  private static final long LOW_SEVEN = 0x7F7F_7F7F_7F7F_7F7FL;

  /// Who is told of each message.
  interface Lines {
    /// One message that is not a ping: `length` bytes of `in` from index `at`.
    void onMessage(ByteBuffer in, int at, int length);
  }

  /// For whoever only wants the counts.
  static final Lines UNHEARD = (_, _, _) -> {};

  /// Messages that are not pings, found by the last scan.
  private int messages;

  /// Empty objects found by the last scan; each wants an answer.
  private int pings;

  int messages() {
    return messages;
  }

  int pings() {
    return pings;
  }

  /// Counts in `length` bytes of `in` from index `at`, and tells `lines` of each message.
  void scan(ByteBuffer in, int at, int length, Lines lines) {
    messages = 0;
    pings = 0;
    int end = at + length;
    int lineAt = at;
    int i = at;
    for (; i + Long.BYTES <= end; i += Long.BYTES) {
      long difference = in.getLong(i) ^ NEWLINES;
      long hits = ~((difference & LOW_SEVEN) + LOW_SEVEN | difference | LOW_SEVEN);
      while (hits != 0) {
        int newlineAt = i + (Long.numberOfTrailingZeros(hits) >>> 3);
        line(in, lineAt, newlineAt - lineAt, lines);
        lineAt = newlineAt + 1;
        hits &= hits - 1;
      }
    }
    for (; i < end; i++) {
      if (in.get(i) == '\n') {
        line(in, lineAt, i - lineAt, lines);
        lineAt = i + 1;
      }
    }
    line(in, lineAt, end - lineAt, lines);
  }

  /// Only `{}` has two bytes: the shortest real message is longer.
  private void line(ByteBuffer in, int at, int length, Lines lines) {
    if (length == 2) {
      pings++;
    } else if (length > 0) {
      messages++;
      lines.onMessage(in, at, length);
    }
  }
}
