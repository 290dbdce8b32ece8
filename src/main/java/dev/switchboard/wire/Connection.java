package dev.switchboard.wire;

import io.netty.buffer.ByteBuf;

/// What carries the bytes of a [Socket] to its client. Confined to the socket's event loop.
///
/// It says to the socket when bytes came, when it takes more, and once when it is gone.
sealed interface Connection permits DirectConnection, PipelineConnection {
  /// Whether [#write] may be called: what was written is with the kernel, or nearly so.
  boolean isWritable();

  /// Writes `bytes`, and keeps what the kernel does not take now.
  ///
  /// @param bytes which stay with the caller
  void write(ByteBuf bytes);

  /// How many bytes were written that the kernel did not take yet.
  long unwrittenBytes();

  /// The file descriptor, if what is sent on it would not overtake anything; otherwise -1.
  int idleDescriptor();

  /// Ends the connection behind what was written.
  void end();

  /// Ends the connection now; the client sees that it was broken, not ended.
  void abort();
}
