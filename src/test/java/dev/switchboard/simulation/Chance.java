package dev.switchboard.simulation;

import java.util.List;
import java.util.SplittableRandom;

/// Dice, all thrown from the seed of a schedule.
///
/// Each part of the model has its own, so that a change of one does not change the others.
final class Chance {
  private final SplittableRandom random;

  Chance(long seed) {
    this(new SplittableRandom(seed));
  }

  private Chance(SplittableRandom random) {
    this.random = random;
  }

  Chance split() {
    return new Chance(random.split());
  }

  boolean once(double probability) {
    return probability > 0 && random.nextDouble() < probability;
  }

  int below(int bound) {
    return random.nextInt(bound);
  }

  long between(long low, long high) {
    return low >= high ? low : random.nextLong(low, high + 1);
  }

  /// Mostly near `low`, seldom near `high`: each order of magnitude is as likely as the next.
  long spread(long low, long high) {
    return Math.round(low * Math.pow((double) high / low, random.nextDouble()));
  }

  /// Time until the next of events that come with this mean time between them.
  long untilNext(long mean) {
    return Math.round(-Math.log(1 - random.nextDouble()) * mean);
  }

  @SafeVarargs
  final <T> T of(T... options) {
    return options[below(options.length)];
  }

  <T> T of(List<T> options) {
    return options.get(below(options.size()));
  }

  long of(long[] options) {
    return options[below(options.length)];
  }

  long number() {
    return random.nextLong();
  }
}
