package dev.switchboard.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;

/// What has come of a message that is not whole yet: fragments, and a piece of a frame.
///
/// A socket has one only between the parts of a message, so that an idle one pays nothing for it.
/// Confined to one event loop; [Guard] keeps it within the limits.
final class Unfinished {
  /// Of a socket whose next bytes mean nothing, as they follow a broken frame or a goodbye.
  static final Unfinished UNREADABLE = new Unfinished();

  private ByteBuf frame;
  private byte[] message;
  private int bytes;
  private int fragments;
  private int utf8 = Utf8.COMPLETE;
  private boolean compressed;

  /// How many fragments of the message came; 0 between messages.
  int fragments() {
    return fragments;
  }

  /// How long the fragments are together.
  int bytes() {
    return bytes;
  }

  /// Whether the message is compressed.
  boolean isCompressed() {
    return compressed;
  }

  /// Where the text stands, as [Utf8] counts.
  int utf8() {
    return utf8;
  }

  /// Keeps a fragment.
  ///
  /// @param text where the text stands behind it
  void add(byte[] fragment, boolean isCompressed, int text) {
    if (message == null) {
      message = fragment;
    } else {
      if (bytes + fragment.length > message.length) {
        message = Arrays.copyOf(message, Math.max(bytes + fragment.length, 2 * message.length));
      }
      System.arraycopy(fragment, 0, message, bytes, fragment.length);
    }
    bytes += fragment.length;
    fragments++;
    compressed = isCompressed;
    utf8 = text;
  }

  /// All fragments and the last one.
  byte[] joined(byte[] last) {
    byte[] whole = Arrays.copyOf(message, bytes + last.length);
    System.arraycopy(last, 0, whole, bytes, last.length);
    return whole;
  }

  /// The piece of a frame that came before, with what has come now behind it; what has come now
  /// when there is none.
  ByteBuf continued(ByteBuf now) {
    ByteBuf before = frame;
    frame = null;
    return before == null ? now : before.writeBytes(now);
  }

  /// Keeps what is left, the beginning of a frame.
  ///
  /// @param isOurs whether it came from [#continued] and nothing was taken from it: then it grows
  ///   where it is
  void keep(ByteBuf left, boolean isOurs) {
    frame = isOurs ? left : Unpooled.buffer(left.readableBytes()).writeBytes(left);
  }
}
