package dev.switchboard.perf;

import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/// Counts the newline-joined messages of a text frame, eight bytes at a time.
///
/// The buffer must be little-endian.
final class LineScan implements MessageScan {
  private static final String PONG = "{}";
  private static final long NEWLINES = 0x0A0A_0A0A_0A0A_0A0AL;
  private static final long LOW_SEVEN = 0x7F7F_7F7F_7F7F_7F7FL;

  private int messages;
  private int pings;

  @Override
  public int messages() {
    return messages;
  }

  @Override
  public int pings() {
    return pings;
  }

  @Override
  public byte[] pong() {
    return Frames.text(PONG);
  }

  @Override
  public Charset charset() {
    return StandardCharsets.UTF_8;
  }

  @Override
  public void scan(ByteBuffer in, int at, int length, Listener listener) {
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
        line(in, lineAt, newlineAt - lineAt, listener);
        lineAt = newlineAt + 1;
        hits &= hits - 1;
      }
    }
    for (; i < end; i++) {
      if (in.get(i) == '\n') {
        line(in, lineAt, i - lineAt, listener);
        lineAt = i + 1;
      }
    }
    line(in, lineAt, end - lineAt, listener);
  }

  /// A ping is `{}`, and nothing else has two bytes: the shortest real message is longer.
  private void line(ByteBuffer in, int at, int length, Listener listener) {
    if (length == 2) {
      pings++;
    } else if (length > 0) {
      messages++;
      listener.onMessage(in, at, length);
    }
  }
}
