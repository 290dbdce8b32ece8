package dev.switchboard.deflate;

import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/// Compresses and inflates the messages of all sockets of one event loop. Confined to that loop.
///
/// Both halves start anew with every message. Their memory, about 300 kB outside the heap, is there
/// once for each loop and freed when this object is collected.
public final class Deflation {
  /// What a sender leaves out at the end of each message (RFC 7692, 7.2.1).
  private static final int TAIL_BYTES = 4;

  /// What was left out, and behind it a last block without content: only who reads it as just that
  /// has read a whole message.
  private static final byte[] TAIL = {0, 0, -1, -1, 1, 0, 0, -1, -1};

  private static final int BUFFER_BYTES = 16_384;

  private final int bytesMin;
  private final Deflater deflater;
  private final Inflater inflater = new Inflater(true);
  private byte[] compressed = new byte[BUFFER_BYTES];
  private byte[] inflated = new byte[BUFFER_BYTES];
  private long runs;

  /// @param bytesMin shorter messages stay as they are
  /// @param level 1, the fastest, to 9, the smallest
  public Deflation(int bytesMin, int level) {
    this.bytesMin = bytesMin;
    this.deflater = new Deflater(level, true);
  }

  /// Compresses a message.
  ///
  /// @param from where in `bytes` it begins; it ends where they end
  /// @return null when it is too short, or would not get shorter
  public byte[] deflate(byte[] bytes, int from) {
    int length = bytes.length - from;
    if (length < bytesMin) {
      return null;
    }
    runs++;
    // With the tail: what needs more room than this is no shorter than the message.
    int room = length + TAIL_BYTES;
    byte[] out = room <= compressed.length ? compressed : new byte[room];
    deflater.setInput(bytes, from, length);
    int written = deflater.deflate(out, 0, room, Deflater.SYNC_FLUSH);
    deflater.reset();
    return written == room ? null : Arrays.copyOf(out, written - TAIL_BYTES);
  }

  /// How often a message was really compressed.
  public long runs() {
    return runs;
  }

  /// Inflates a message, and stops as soon as it is longer than allowed.
  public Inflated inflate(byte[] message, int bytesMax) {
    try {
      int length = read(message, 0, bytesMax);
      if (length > bytesMax) {
        return new Inflated.TooLong();
      }
      // A sender may end with a last block of its own (7.2.3.4), after which nothing is missing.
      if (!inflater.finished()) {
        int end = read(TAIL, length, bytesMax);
        if (end != length || !inflater.finished() || inflater.getRemaining() > 0) {
          return new Inflated.Broken();
        }
      }
      return new Inflated.Whole(Arrays.copyOf(inflated, length));
    } catch (DataFormatException notDeflate) {
      return new Inflated.Broken();
    } finally {
      inflater.reset();
    }
  }

  /// Inflates all of `input` behind the `length` bytes that are there already.
  ///
  /// @return the new length; one more than allowed stands for anything longer
  private int read(byte[] input, int length, int bytesMax) throws DataFormatException {
    inflater.setInput(input);
    int all = length;
    while (all <= bytesMax) {
      if (all == inflated.length) {
        inflated = Arrays.copyOf(inflated, (int) Math.min(2L * all, bytesMax + 1L));
      }
      int room = (int) Math.min(inflated.length, bytesMax + 1L) - all;
      int read = inflater.inflate(inflated, all, room);
      all += read;
      int rest = inflater.getRemaining();
      if (inflater.finished() && rest > 0) {
        // After a last block more blocks may follow, in the same message.
        inflater.reset();
        inflater.setInput(input, input.length - rest, rest);
      } else if (read == 0) {
        break;
      }
    }
    return all;
  }
}
