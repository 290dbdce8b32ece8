package dev.switchboard.perf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/// Inflates the messages of all sockets of a client (RFC 7692, 7.2.2), each on its own.
final class Inflation {
  private static final byte[] TAIL = {0, 0, -1, -1};

  private final Inflater inflater = new Inflater(true);
  private final ByteBuffer message;

  /// @param bytesMax of one message
  Inflation(int bytesMax) {
    message = ByteBuffer.allocateDirect(bytesMax).order(ByteOrder.LITTLE_ENDIAN);
  }

  /// The message that `length` bytes of `in` from index `at` are; good until the next call.
  ByteBuffer inflate(ByteBuffer in, int at, int length) {
    inflater.reset();
    message.clear();
    try {
      inflater.setInput(in.slice(at, length));
      inflater.inflate(message);
      inflater.setInput(TAIL);
      inflater.inflate(message);
    } catch (DataFormatException e) {
      throw PerfException.failed("the server sent a message that cannot be inflated", e);
    }
    if (!message.hasRemaining()) {
      throw PerfException.failed("a message does not fit the buffer");
    }
    return message.flip();
  }
}
