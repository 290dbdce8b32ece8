package dev.switchboard.wire;

import dev.switchboard.deflate.Inflated;
import dev.switchboard.metrics.GatewayMetrics.Fault;
import dev.switchboard.protocol.CloseCode;
import dev.switchboard.protocol.Encoding;
import io.netty.buffer.ByteBuf;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads the frames of clients and lets through whole, lawful messages only (RFC 6455, 5-7).
///
/// The header of each frame, UTF-8 as it streams, size and number of fragments, the budget for
/// control frames, and the right close code for each breach. Compressed messages (RFC 7692) are
/// kept as they come, within about the same size, and inflated when whole: what does that belongs
/// to the loop, and remembers nothing between two calls. One for all sockets of an event loop, and
/// confined to it: what is to be known of a socket between two reads is its [Unfinished].
final class Guard {
  private static final Logger LOG = LoggerFactory.getLogger(Guard.class);

  private static final int FINAL = 0x80;
  private static final int RESERVED = 0x70;
  private static final int RSV1 = 0x40;
  private static final int OPCODE = 0x0f;
  private static final int CONTINUATION = 0x0;
  private static final int TEXT = 0x1;
  private static final int BINARY = 0x2;
  private static final int CONTROL = 0x8;
  private static final int CLOSE = 0x8;
  private static final int PING = 0x9;
  private static final int PONG = 0xa;

  private static final int MASKED = 0x80;
  private static final int LENGTH = 0x7f;
  private static final int LENGTH_IN_2_BYTES = 126;
  private static final int LENGTH_IN_8_BYTES = 127;
  private static final int CONTROL_BYTES_MAX = 125;
  private static final int MASK_BYTES = 4;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private final SocketLoop loop;

  Guard(SocketLoop loop) {
    this.loop = loop;
  }

  /// Takes what came for `socket`; none of it is needed any more when this returns.
  ///
  /// Must run under the loop's Vert.x context.
  void read(Socket socket, ByteBuf bytes) {
    Unfinished before = socket.unfinished();
    if (before == Unfinished.UNREADABLE) {
      return;
    }
    ByteBuf all = before == null ? bytes : before.continued(bytes);
    int start = all.readerIndex();
    while (socket.unfinished() != Unfinished.UNREADABLE && takeFrame(socket, all)) {}
    if (socket.unfinished() != Unfinished.UNREADABLE && all.isReadable()) {
      socket.begun().keep(all, all != bytes && all.readerIndex() == start);
    } else if (before != null && before.fragments() == 0) {
      socket.forget(before);
    }
  }

  /// Takes a frame, if a whole one is there.
  ///
  /// @return whether there may be more
  private boolean takeFrame(Socket socket, ByteBuf in) {
    int available = in.readableBytes();
    if (available == 0) {
      return false;
    }
    int at = in.readerIndex();
    int first = in.getUnsignedByte(at);
    if (!isLawful(socket, first)) {
      return refuse(socket, CloseCode.PROTOCOL_ERROR);
    }
    if (available < 2) {
      return false;
    }
    int second = in.getUnsignedByte(at + 1);
    int length = second & LENGTH;
    if ((second & MASKED) == 0 || isControl(first) && !mayBeControl(first, length)) {
      return refuse(socket, CloseCode.PROTOCOL_ERROR);
    }
    int maskAt = 2 + lengthBytes(length);
    if (available < maskAt) {
      return false;
    }
    long size = size(in, at + 2, length);
    if (size < 0) {
      return refuse(socket, CloseCode.PROTOCOL_ERROR);
    }
    if (size > bytesMax(socket.deflates())) {
      return refuse(socket, CloseCode.MESSAGE_TOO_BIG);
    }
    int payloadAt = maskAt + MASK_BYTES;
    if (available < payloadAt + size) {
      return false;
    }
    // After a close began only a close is wanted.
    if (!socket.isClosing() || (first & OPCODE) == CLOSE) {
      byte[] payload = new byte[(int) size];
      in.getBytes(at + payloadAt, payload);
      unmask(payload, in.getInt(at + maskAt));
      take(socket, first, payload);
    }
    in.skipBytes(payloadAt + (int) size);
    return true;
  }

  /// Whether a frame may begin like that now.
  private static boolean isLawful(Socket socket, int first) {
    int opcode = first & OPCODE;
    int reserved = first & RESERVED;
    boolean compressed = reserved == RSV1 && (opcode == TEXT || opcode == BINARY);
    if (reserved != 0 && !(compressed && socket.deflates())) {
      return false;
    }
    return switch (opcode) {
      case CONTINUATION -> socket.isClosing() || isWithinMessage(socket);
      case TEXT, BINARY -> socket.isClosing() || !isWithinMessage(socket);
      case CLOSE, PING, PONG -> (first & FINAL) != 0;
      default -> false;
    };
  }

  private static boolean isWithinMessage(Socket socket) {
    Unfinished unfinished = socket.unfinished();
    return unfinished != null && unfinished.fragments() > 0;
  }

  private static boolean isControl(int first) {
    return (first & CONTROL) != 0;
  }

  private static boolean mayBeControl(int first, int length) {
    return length <= CONTROL_BYTES_MAX && !((first & OPCODE) == CLOSE && length == 1);
  }

  private static int lengthBytes(int length) {
    return switch (length) {
      case LENGTH_IN_2_BYTES -> 2;
      case LENGTH_IN_8_BYTES -> 8;
      default -> 0;
    };
  }

  /// The length of a payload, or -1 when it is not said in as few bytes as possible.
  private static long size(ByteBuf in, int at, int length) {
    return switch (length) {
      case LENGTH_IN_2_BYTES -> {
        int size = in.getUnsignedShort(at);
        yield size < LENGTH_IN_2_BYTES ? -1 : size;
      }
      case LENGTH_IN_8_BYTES -> {
        long size = in.getLong(at);
        yield size < 65_536 ? -1 : size;
      }
      default -> length;
    };
  }

  private int bytesMax(boolean compressed) {
    return compressed ? loop.limits().compressedBytesMax() : loop.limits().messageBytesMax();
  }

  private static void unmask(byte[] payload, int mask) {
    long wide = (long) mask << 32 | mask & 0xffff_ffffL;
    int at = 0;
    for (; at + Long.BYTES <= payload.length; at += Long.BYTES) {
      LONGS.set(payload, at, (long) LONGS.get(payload, at) ^ wide);
    }
    for (; at < payload.length; at++) {
      payload[at] ^= (byte) (mask >>> 24 - 8 * (at & 3));
    }
  }

  /// What follows cannot be read any more: not even a close frame.
  private static boolean refuse(Socket socket, CloseCode code) {
    socket.stopReading();
    socket.close(code);
    return false;
  }

  private void take(Socket socket, int first, byte[] payload) {
    try {
      switch (first & OPCODE) {
        case TEXT -> onFirst(socket, Encoding.JSON, first, payload);
        case BINARY -> onFirst(socket, Encoding.PROTOBUF, first, payload);
        case CONTINUATION -> onFragment(socket, socket.begun().isCompressed(), first, payload);
        case PING -> {
          if (withinBudget(socket)) {
            socket.onPing(payload);
          }
        }
        case PONG -> withinBudget(socket);
        default -> onClose(socket, payload);
      }
    } catch (RuntimeException | Error failure) {
      LOG.error("socket handler failed", failure);
      loop.metrics().onFault(Fault.SOCKET);
      socket.close(CloseCode.INTERNAL_ERROR);
    }
  }

  private static void onClose(Socket socket, byte[] body) {
    socket.stopReading();
    if (body.length == 0) {
      socket.onCloseFrame(CloseCode.NO_STATUS.code(), false);
      return;
    }
    int code = (body[0] & 0xff) << 8 | body[1] & 0xff;
    if (!mayBeSent(code)) {
      socket.close(CloseCode.PROTOCOL_ERROR);
      socket.endAfterFlush();
    } else if (Utf8.check(Utf8.COMPLETE, body, 2) != Utf8.COMPLETE) {
      socket.close(CloseCode.INVALID_PAYLOAD);
      socket.endAfterFlush();
    } else {
      socket.onCloseFrame(code, true);
    }
  }

  /// RFC 6455, 7.4, and the codes registered since.
  private static boolean mayBeSent(int code) {
    return code >= 1000 && code <= 1003
        || code >= 1007 && code <= 1014
        || code >= 3000 && code <= 4999;
  }

  private void onFirst(Socket socket, Encoding kind, int first, byte[] payload) {
    if (kind == socket.encoding()) {
      onFragment(socket, (first & RSV1) != 0, first, payload);
    } else {
      breach(socket, CloseCode.UNSUPPORTED_DATA);
    }
  }

  private void onFragment(Socket socket, boolean compressed, int first, byte[] payload) {
    Unfinished before = socket.unfinished();
    int fragments = before == null ? 0 : before.fragments();
    int bytes = before == null ? 0 : before.bytes();
    if (fragments == loop.limits().fragmentsMax()
        || bytes + payload.length > bytesMax(compressed)) {
      breach(socket, CloseCode.MESSAGE_TOO_BIG);
      return;
    }
    boolean last = (first & FINAL) != 0;
    int text = Utf8.COMPLETE;
    if (!compressed && socket.encoding() == Encoding.JSON) {
      text = Utf8.check(before == null ? Utf8.COMPLETE : before.utf8(), payload, 0);
      if (text == Utf8.INVALID || last && text != Utf8.COMPLETE) {
        breach(socket, CloseCode.INVALID_PAYLOAD);
        return;
      }
    }
    if (!last) {
      socket.begun().add(payload, compressed, text);
      return;
    }
    byte[] message = fragments == 0 ? payload : before.joined(payload);
    socket.forget(before);
    if (compressed) {
      onCompressed(socket, message);
    } else {
      socket.receive(message);
    }
  }

  /// A message whose length and text are known only when it is inflated, which ends at the limit.
  ///
  /// What cannot be inflated is no message of its type: 1007. RFC 7692 only says that the
  /// connection fails.
  private void onCompressed(Socket socket, byte[] message) {
    switch (loop.inflated(message)) {
      case Inflated.TooLong() -> breach(socket, CloseCode.MESSAGE_TOO_BIG);
      case Inflated.Broken() -> breach(socket, CloseCode.INVALID_PAYLOAD);
      case Inflated.Whole(byte[] whole) -> {
        if (socket.encoding() == Encoding.JSON
            && Utf8.check(Utf8.COMPLETE, whole, 0) != Utf8.COMPLETE) {
          breach(socket, CloseCode.INVALID_PAYLOAD);
        } else {
          socket.receive(whole);
        }
      }
    }
  }

  private boolean withinBudget(Socket socket) {
    var limit = loop.limits().controlFrames();
    long left = limit.take(socket.controlFrames(), SocketLoop.nowMillis());
    socket.controlFrames(left);
    if (!limit.allowed(left)) {
      breach(socket, CloseCode.POLICY_VIOLATION);
      return false;
    }
    return true;
  }

  /// The frame was one, so the close frame of the client can still be read.
  private static void breach(Socket socket, CloseCode code) {
    socket.forget(socket.unfinished());
    socket.close(code);
  }
}
