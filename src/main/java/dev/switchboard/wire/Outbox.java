package dev.switchboard.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.vertx.core.internal.ContextInternal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// The sockets of one event loop that have something to send: one flush each per loop turn.
///
/// A send system call costs microseconds whatever its size, so everything a socket is told within a
/// turn leaves in one. A loop that slept within a turn, as a stopped process does, has nothing to
/// flush that a client should still see: those sockets end, and their clients come back. Confined
/// to its event loop.
final class Outbox {
  // Fewer are not worth a detour.
  private static final int TOGETHER_MIN = 4;

  private final ContextInternal context;
  private final ByteBufAllocator allocator;
  // Sockets that get frames of different kinds have nothing to share: each kind has a root.
  private final Batch[] roots = new Batch[2 * Framing.values().length];
  private final List<Batch> joined = new ArrayList<>();
  private List<Socket> waiting = new ArrayList<>();
  private List<Socket> flushing = new ArrayList<>();
  private List<Runnable> afterFlush = new ArrayList<>();
  private final long ageMaxNanos;
  private final Optional<Sends> sends;
  private boolean scheduled;
  private long scheduledAt;
  private boolean isFlushing;

  /// @param ageMax of what is flushed
  /// @param sends empty when each socket has its own system call
  Outbox(
      ContextInternal context, ByteBufAllocator allocator, Duration ageMax, Optional<Sends> sends) {
    this.sends = sends;
    this.context = context;
    this.allocator = allocator;
    this.ageMaxNanos = ageMax.toNanos();
    Arrays.setAll(roots, _ -> Batch.root());
  }

  /// The batch from which a socket with nothing to send starts.
  ///
  /// @param deflates whether the socket agreed to compression
  Batch root(Framing framing, boolean deflates) {
    return roots[2 * framing.ordinal() + (deflates ? 1 : 0)];
  }

  /// Flushes `socket` at the end of this loop turn.
  void add(Socket socket) {
    waiting.add(socket);
    schedule();
  }

  /// Runs `action` once everything queued so far was handed to its sockets.
  void afterFlush(Runnable action) {
    afterFlush.add(action);
    schedule();
  }

  /// The bytes of `batch`, valid until the flush ends.
  ByteBuf bytes(Batch batch) {
    if (!batch.isJoined()) {
      joined.add(batch);
      // A socket that became writable asks between two flushes; its bytes must be released too.
      if (!isFlushing) {
        schedule();
      }
    }
    return batch.joined(allocator);
  }

  private void schedule() {
    if (!scheduled) {
      scheduled = true;
      scheduledAt = System.nanoTime();
      // Queued behind the tasks of this turn, so messages from other loops still join the flush.
      context.runOnContext(_ -> flush());
    }
  }

  private void flush() {
    scheduled = false;
    isFlushing = true;
    var sockets = waiting;
    waiting = flushing;
    flushing = sockets;
    if (sockets.size() >= TOGETHER_MIN && sends.filter(Sends::areShared).isPresent()) {
      flushTogether(sockets, sends.get());
    } else {
      sockets.forEach(this::flush);
    }
    isFlushing = false;
    sockets.clear();
    joined.forEach(Batch::release);
    joined.clear();
    for (Batch root : roots) {
      root.forgetGrown();
    }
    if (!afterFlush.isEmpty()) {
      var actions = afterFlush;
      afterFlush = new ArrayList<>();
      actions.forEach(Runnable::run);
    }
  }

  private void flush(Socket socket) {
    // Asked for each: a process stopped in the middle of a wide flush has written to some only.
    if (isTooLate()) {
      socket.giveUp();
    } else {
      socket.flush();
    }
  }

  private void flushTogether(List<Socket> sockets, Sends shared) {
    for (Socket socket : sockets) {
      if (shared.isFull()) {
        submit(shared);
      }
      if (!socket.flushTo(shared)) {
        flush(socket);
      }
    }
    submit(shared);
  }

  private void submit(Sends shared) {
    if (isTooLate()) {
      shared.giveUp();
    } else {
      shared.submit();
    }
  }

  private boolean isTooLate() {
    return System.nanoTime() - scheduledAt > ageMaxNanos;
  }
}
