package dev.switchboard.perf;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/// The bytes of one connection, plain or within TLS. Confined to the client's thread.
interface Wire {
  /// Whether the server can be spoken to: with TLS only after its handshake.
  boolean isOpen();

  /// Reads what is there.
  ///
  /// @return bytes put into `in`, or -1 at the end
  int read(ByteBuffer in) throws IOException;

  /// Takes what it can of `out`.
  void write(ByteBuffer out) throws IOException;

  /// Whether it has taken something that the kernel did not take yet.
  boolean owes();

  /// The connection as it is.
  record Plain(SocketChannel channel) implements Wire {
    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public int read(ByteBuffer in) throws IOException {
      return channel.read(in);
    }

    @Override
    public void write(ByteBuffer out) throws IOException {
      channel.write(out);
    }

    @Override
    public boolean owes() {
      return false;
    }
  }
}
