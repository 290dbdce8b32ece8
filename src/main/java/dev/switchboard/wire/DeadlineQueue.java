package dev.switchboard.wire;

import java.util.ArrayDeque;
import java.util.function.Consumer;

/// Things that must happen within the same time, oldest first: no timer for each.
///
/// What happened in time stays until its deadline and is then found to be settled. Confined to one
/// event loop, whose tick calls [#sweep].
///
/// @param <T> what is waited for
public final class DeadlineQueue<T> {
  private final ArrayDeque<Entry<T>> entries = new ArrayDeque<>();
  private final int millis;

  private record Entry<T>(T subject, int deadline) {}

  /// @param millis how long each entry may take
  public DeadlineQueue(long millis) {
    this.millis = (int) millis;
  }

  /// Starts the time of `subject`.
  public void add(T subject) {
    entries.add(new Entry<>(subject, SocketLoop.nowMillis() + millis));
  }

  /// Calls `action` for everything whose time is not over.
  public void forEach(Consumer<T> action) {
    entries.forEach(entry -> action.accept(entry.subject));
  }

  /// Calls `late` for every entry whose time is over.
  public void sweep(int nowMillis, Consumer<T> late) {
    while (!entries.isEmpty() && nowMillis - entries.peek().deadline >= 0) {
      late.accept(entries.poll().subject);
    }
  }
}
