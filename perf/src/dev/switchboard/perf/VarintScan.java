package dev.switchboard.perf;

import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/// Counts the messages of a binary frame, each behind its length as a varint.
final class VarintScan implements MessageScan {
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
    return Frames.binary(new byte[] {0});
  }

  @Override
  public Charset charset() {
    return StandardCharsets.ISO_8859_1;
  }

  /// A message without bytes is a ping.
  @Override
  public void scan(ByteBuffer in, int at, int length, Listener listener) {
    messages = 0;
    pings = 0;
    int end = at + length;
    int i = at;
    while (i < end) {
      int size = 0;
      int shift = 0;
      byte next;
      do {
        next = in.get(i++);
        size |= (next & 0x7F) << shift;
        shift += 7;
      } while (next < 0);
      if (size < 0 || size > end - i) {
        throw PerfException.failed("a message is longer than its frame");
      }
      if (size == 0) {
        pings++;
      } else {
        messages++;
        listener.onMessage(in, i, size);
      }
      i += size;
    }
  }
}
