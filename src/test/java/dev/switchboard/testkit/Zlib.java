package dev.switchboard.testkit;

import dev.switchboard.protocol.Encoding;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/// Compresses and inflates messages as RFC 7692 says, with the JDK's zlib and nothing of ours.
public final class Zlib {
  private static final byte[] TAIL = {0, 0, -1, -1};
  private static final int ROOM = 4_096;
  private static final int RSV1 = 4;

  private Zlib() {}

  /// A message compressed on its own (7.2.1).
  public static byte[] deflate(byte[] message) {
    try (var open = new Ending(new Deflater(9, true))) {
      byte[] flushed = open.flush(message);
      return Arrays.copyOf(flushed, flushed.length - TAIL.length);
    }
  }

  /// Two messages of which the second is compressed with the first in mind.
  ///
  /// @return the second
  public static byte[] deflateAfter(byte[] first, byte[] second) {
    try (var open = new Ending(new Deflater(9, true))) {
      open.flush(first);
      byte[] flushed = open.flush(second);
      return Arrays.copyOf(flushed, flushed.length - TAIL.length);
    }
  }

  /// A message that must be whole and compressed on its own (7.2.2).
  public static byte[] inflate(byte[] payload) {
    var inflater = new Inflater(true);
    try {
      byte[] input = Arrays.copyOf(payload, payload.length + TAIL.length);
      System.arraycopy(TAIL, 0, input, payload.length, TAIL.length);
      inflater.setInput(input);
      var message = new ByteArrayOutputStream();
      byte[] part = new byte[ROOM];
      for (int read = inflater.inflate(part); read > 0; read = inflater.inflate(part)) {
        message.write(part, 0, read);
      }
      if (!inflater.needsInput()) {
        throw new AssertionError("not all of the message is compressed");
      }
      return message.toByteArray();
    } catch (DataFormatException wrong) {
      throw new AssertionError("not a compressed message", wrong);
    } finally {
      inflater.end();
    }
  }

  /// A compressed message in one frame.
  public static ClientFrame frame(Encoding kind, byte[] message) {
    return fragments(kind, message, Integer.MAX_VALUE).getFirst();
  }

  /// A compressed message in frames that hold so many bytes each.
  public static List<ClientFrame> fragments(Encoding kind, byte[] message, int pieceBytes) {
    byte[] payload = deflate(message);
    List<ClientFrame> frames = new ArrayList<>();
    for (int from = 0; from < payload.length; ) {
      int to = from + Math.min(pieceBytes, payload.length - from);
      byte[] piece = Arrays.copyOfRange(payload, from, to);
      var frame =
          from > 0
              ? ClientFrame.of(ClientFrame.CONTINUATION, piece)
              : ClientFrame.of(opcode(kind), piece).rsv(RSV1);
      frames.add(to < payload.length ? frame.more() : frame);
      from = to;
    }
    return frames;
  }

  private static int opcode(Encoding kind) {
    return switch (kind) {
      case JSON -> ClientFrame.TEXT;
      case PROTOBUF -> ClientFrame.BINARY;
    };
  }

  private record Ending(Deflater deflater) implements AutoCloseable {
    byte[] flush(byte[] message) {
      deflater.setInput(message);
      var all = new ByteArrayOutputStream();
      byte[] part = new byte[ROOM];
      int written = ROOM;
      while (written == ROOM) {
        written = deflater.deflate(part, 0, ROOM, Deflater.SYNC_FLUSH);
        all.write(part, 0, written);
      }
      return all.toByteArray();
    }

    @Override
    public void close() {
      deflater.end();
    }
  }
}
