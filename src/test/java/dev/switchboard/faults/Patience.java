package dev.switchboard.faults;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/// Waits for conditions, never longer than a limit, and says how long it took.
final class Patience {
  private static final long LOOK_MILLIS = 50;

  private Patience() {}

  /// Looks until a condition holds; empty when it did not in time.
  static Optional<Duration> until(Duration limit, BooleanSupplier condition) {
    long begun = System.nanoTime();
    while (true) {
      if (condition.getAsBoolean()) {
        return Optional.of(Duration.ofNanos(System.nanoTime() - begun));
      }
      if (System.nanoTime() - begun > limit.toNanos()) {
        return Optional.empty();
      }
      pass(Duration.ofMillis(LOOK_MILLIS));
    }
  }

  /// Looks at all at once until the condition holds for each; the time of the slowest.
  static <T> Optional<Duration> untilEach(Duration limit, List<T> all, Predicate<T> condition) {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      return all.stream()
          .map(
              one ->
                  CompletableFuture.supplyAsync(
                      () -> until(limit, () -> condition.test(one)), threads))
          .toList()
          .stream()
          .map(CompletableFuture::join)
          .reduce((one, other) -> one.flatMap(a -> other.map(b -> a.compareTo(b) > 0 ? a : b)))
          .orElse(Optional.of(Duration.ZERO));
    }
  }

  /// Lets time pass: a fault lasts as long as it lasts.
  static void pass(Duration time) {
    try {
      TimeUnit.NANOSECONDS.sleep(time.toNanos());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }
}
