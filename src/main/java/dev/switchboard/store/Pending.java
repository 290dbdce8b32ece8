package dev.switchboard.store;

import dev.switchboard.stream.StreamException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Somebody who waits for an answer, and what that keeps in memory.
///
/// The first answer from any thread counts; it is told on the context it was asked on.
///
/// @param <R> the answer
final class Pending<R> {
  private static final Logger LOG = LoggerFactory.getLogger(Pending.class);

  private final Promise<R> promise = Promise.promise();
  private final Context caller = Vertx.currentContext();
  private final AtomicBoolean answered = new AtomicBoolean();
  private final long since = System.nanoTime();
  private final Room room;
  private final int bytes;

  private Pending(Room room, int bytes) {
    this.room = room;
    this.bytes = bytes;
  }

  Future<R> future() {
    return promise.future();
  }

  int bytes() {
    return bytes;
  }

  boolean isAnswered() {
    return answered.get();
  }

  /// Whether it has waited for so long, by `System.nanoTime()`.
  boolean isOlder(long now, long nanos) {
    return now - since > nanos;
  }

  /// How much may wait: for one shard, and on the whole node. Safe on any thread.
  ///
  /// @param node bytes that wait for any shard
  /// @param shard bytes that wait for this one
  record Room(AtomicLong node, AtomicLong shard, long nodeMax, long shardMax) {
    /// Takes somebody in.
    ///
    /// @return null when there is no room
    <R> Pending<R> enter(int bytes) {
      if (node.addAndGet(bytes) > nodeMax | shard.addAndGet(bytes) > shardMax) {
        leave(bytes);
        return null;
      }
      return new Pending<>(this, bytes);
    }

    private void leave(int bytes) {
      node.addAndGet(-bytes);
      shard.addAndGet(-bytes);
    }
  }

  /// Answers to many, told with one task per context. Confined to one call.
  static final class Answers {
    private final Map<Context, List<Runnable>> byCaller = new HashMap<>();

    /// @return whether it is the first answer
    <R> boolean succeed(Pending<R> one, R answer) {
      return settle(one, () -> one.promise.complete(answer));
    }

    /// @return whether it is the first answer
    boolean fail(Pending<?> one, StreamException failure) {
      return settle(one, () -> one.promise.fail(failure));
    }

    private boolean settle(Pending<?> one, Runnable answer) {
      if (!one.answered.compareAndSet(false, true)) {
        return false;
      }
      one.room.leave(one.bytes);
      byCaller.computeIfAbsent(one.caller, _ -> new ArrayList<>()).add(answer);
      return true;
    }

    void tell() {
      Context here = Vertx.currentContext();
      byCaller.forEach(
          (caller, answers) -> {
            if (caller == null || caller == here) {
              answers.forEach(Answers::safely);
            } else {
              caller.runOnContext(_ -> answers.forEach(Answers::safely));
            }
          });
    }

    /// What a caller does with its answer must not keep others from theirs.
    private static void safely(Runnable answer) {
      try {
        answer.run();
      } catch (RuntimeException mistake) {
        LOG.error("A caller failed over its answer", mistake);
      }
    }
  }
}
