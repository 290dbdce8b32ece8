package dev.switchboard.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;

/// What waits for one owner: one batch is under way, the next one fills meanwhile.
///
/// Anybody may add; what one thread adds stays in order. Whoever raises the flag has the lane to
/// itself until [#landed], so what belongs to a flight needs no lock.
///
/// @param <T> what waits
final class Lane<T> {
  private final Queue<T> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean flying = new AtomicBoolean();
  private final Bounds<T> bounds;
  private final Consumer<List<T>> takeOff;

  /// How much may fly in one batch; a single one may be larger.
  record Bounds<T>(int itemsMax, int bytesMax, ToIntFunction<T> size, Predicate<T> wanted) {}

  /// @param takeOff sends a batch, never an empty one, and calls [#landed] once when it is over
  Lane(Bounds<T> bounds, Consumer<List<T>> takeOff) {
    this.bounds = bounds;
    this.takeOff = takeOff;
  }

  void add(T one) {
    waiting.add(one);
    fly();
  }

  /// Lets go of the flight; the next one starts when somebody waits.
  void landed() {
    flying.set(false);
    fly();
  }

  /// Those that wait and are in no flight yet, oldest first, as far as one can tell.
  Iterable<T> waiting() {
    return waiting;
  }

  private void fly() {
    while (!waiting.isEmpty() && flying.compareAndSet(false, true)) {
      List<T> batch = take();
      if (!batch.isEmpty()) {
        takeOff.accept(batch);
        return;
      }
      // All of it was given up. What came in since saw the flag, so look again.
      flying.set(false);
    }
  }

  private List<T> take() {
    List<T> batch = new ArrayList<>();
    int bytes = 0;
    for (T next = waiting.peek(); next != null; next = waiting.peek()) {
      int size = bounds.size().applyAsInt(next);
      boolean full = batch.size() >= bounds.itemsMax() || bytes + size > bounds.bytesMax();
      if (!batch.isEmpty() && full) {
        break;
      }
      waiting.poll();
      if (bounds.wanted().test(next)) {
        batch.add(next);
        bytes += size;
      }
    }
    return batch;
  }
}
