package dev.switchboard.simulation;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// What happened, in words; only when somebody wants to know.
final class Trace {
  private static final int KEPT = 100;

  private final Queue<String> last = new ArrayDeque<>();
  private final Consumer<String> each;
  private final boolean on;

  private Trace(boolean on, Consumer<String> each) {
    this.on = on;
    this.each = each;
  }

  /// Nobody wants to know.
  static Trace off() {
    return new Trace(false, line -> {});
  }

  /// The last lines are kept.
  static Trace lastLines() {
    return new Trace(true, line -> {});
  }

  /// Every line goes there.
  static Trace to(Consumer<String> each) {
    return new Trace(true, each);
  }

  boolean on() {
    return on;
  }

  void add(long now, Supplier<String> text) {
    if (!on) {
      return;
    }
    String line = "%,15d us  %s".formatted(now / Timeline.MICRO, text.get());
    each.accept(line);
    last.add(line);
    if (last.size() > KEPT) {
      last.remove();
    }
  }

  String last() {
    return String.join("\n", last);
  }
}
