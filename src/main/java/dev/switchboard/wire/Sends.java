package dev.switchboard.wire;

import dev.switchboard.ring.SendRing;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The sends of one flush that enter the kernel together. Confined to its event loop.
final class Sends {
  private static final Logger LOG = LoggerFactory.getLogger(Sends.class);
  // So many share a system call that one more would save nothing worth its memory.
  static final int CAPACITY = 256;

  private final SendRing ring;
  private final Socket[] sockets = new Socket[CAPACITY];
  private final ByteBuf[] bytes = new ByteBuf[CAPACITY];
  private int count;
  private boolean broken;

  private Sends(SendRing ring) {
    this.ring = ring;
  }

  /// Empty where the kernel does not offer that.
  static Optional<Sends> open() {
    try {
      return Optional.of(new Sends(new SendRing(CAPACITY)));
    } catch (IOException refused) {
      LOG.info("sends go to the kernel one by one: {}", refused.getMessage());
      return Optional.empty();
    }
  }

  /// Whether sockets may share a system call.
  boolean areShared() {
    return !broken;
  }

  /// Whether [#submit] has to come first.
  boolean isFull() {
    return ring.isFull();
  }

  /// Queues what a socket has to send.
  ///
  /// @param frames which stay where they are until [#submit] returns
  void add(Socket socket, int descriptor, ByteBuf frames) {
    sockets[count] = socket;
    bytes[count++] = frames;
    ring.add(descriptor, frames.memoryAddress(), frames.readableBytes());
  }

  /// Sends all that is queued, and waits for nobody.
  void submit() {
    if (count == 0) {
      return;
    }
    try {
      ring.submit(this::onSent);
      clear();
    } catch (IOException refused) {
      LOG.warn("sends go to the kernel one by one from here on", refused);
      broken = true;
      // What the others got is not known.
      giveUp();
    }
  }

  private void onSent(int index, int result) {
    Socket socket = sockets[index];
    sockets[index] = null;
    socket.onSent(bytes[index], result);
  }

  /// Sends nothing: what is queued is too old, so those clients start again.
  void giveUp() {
    ring.clear();
    for (int index = 0; index < count; index++) {
      if (sockets[index] != null) {
        sockets[index].giveUp();
      }
    }
    clear();
  }

  private void clear() {
    Arrays.fill(sockets, 0, count, null);
    Arrays.fill(bytes, 0, count, null);
    count = 0;
  }

  void close() {
    broken = true;
    ring.close();
  }
}
