package dev.switchboard.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/// The frames a socket has still to be sent, shared by all sockets that were told the same.
///
/// A list that grows at its end without ever changing: adding a frame gives a new batch, and the
/// batch remembers the last one grown from it. So a thousand subscribers that receive the same four
/// publications in one loop turn walk to the same object, and its bytes are put together once.
/// Confined to one event loop.
final class Batch {
  private final Batch previous;
  private final Frame frame;
  private final int bytes;
  private final int frames;
  private Batch grown;
  private ByteBuf joined;

  private Batch(Batch previous, Frame frame) {
    this.previous = previous;
    this.frame = frame;
    this.bytes = previous == null ? 0 : previous.bytes + frame.size();
    this.frames = previous == null ? 0 : previous.frames + 1;
  }

  /// The batch without a frame, from which all of a loop's batches grow.
  static Batch root() {
    return new Batch(null, null);
  }

  /// This batch and one more frame.
  Batch plus(Frame next) {
    if (grown == null || grown.frame != next) {
      grown = new Batch(this, next);
    }
    return grown;
  }

  /// Forgets what grew from here, so that delivered frames can be collected.
  void forgetGrown() {
    grown = null;
  }

  /// Bytes of all frames together.
  int bytes() {
    return bytes;
  }

  /// How many frames it holds.
  int frames() {
    return frames;
  }

  /// All frames in one buffer, put together at the first call; [#release] gives it back.
  ByteBuf joined(ByteBufAllocator allocator) {
    if (joined == null) {
      joined = allocator.directBuffer(bytes, bytes);
      joined.writerIndex(bytes);
      for (Batch part = this; part.previous != null; part = part.previous) {
        joined.setBytes(part.previous.bytes, part.frame.bytes());
      }
    }
    return joined;
  }

  /// Whether [#joined] holds a buffer that must be released.
  boolean isJoined() {
    return joined != null;
  }

  void release() {
    joined.release();
    joined = null;
  }
}
