package dev.switchboard.perf;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;

/// Where a number lies on an axis, and which numbers are written at it.
///
/// @param step from one of these to the next; 0 when each is ten times the one before
record Scale(double from, double to, double step) {
  private static final int STEPS = 5;

  /// From zero to above the largest; what is below zero counts too.
  static Scale linear(DoubleStream values) {
    double[] all = DoubleStream.concat(values, DoubleStream.of(0)).toArray();
    double least = DoubleStream.of(all).min().orElse(0);
    double most = DoubleStream.of(all).max().orElse(0);
    double step = step(most > least ? most - least : 1);
    double top = Math.max(step, step * Math.ceil(most / step));
    return new Scale(step * Math.floor(least / step), top, step);
  }

  /// From the power of ten below the smallest to the one above the largest.
  static Scale logarithmic(DoubleStream values) {
    double[] all = values.filter(value -> value > 0).toArray();
    double least = DoubleStream.of(all).min().orElse(1);
    double most = DoubleStream.of(all).max().orElse(1);
    double from = Math.floor(Math.log10(least));
    double to = Math.max(from + 1, Math.ceil(Math.log10(most)));
    return new Scale(Math.pow(10, from), Math.pow(10, to), 0);
  }

  /// A round number of which a few fill the range.
  private static double step(double range) {
    double power = Math.pow(10, Math.floor(Math.log10(range / STEPS)));
    double rest = range / STEPS / power;
    return power * (rest <= 1 ? 1 : rest <= 2 ? 2 : rest <= 5 ? 5 : 10);
  }

  /// Between 0 and 1 for what is on the axis.
  double share(double value) {
    return step == 0
        ? Math.log10(value / from) / Math.log10(to / from)
        : (value - from) / (to - from);
  }

  /// The numbers to write.
  List<Double> ticks() {
    List<Double> ticks = new ArrayList<>();
    int count = (int) Math.round(step == 0 ? Math.log10(to / from) : (to - from) / step);
    for (int i = 0; i <= count; i++) {
      ticks.add(step == 0 ? from * Math.pow(10, i) : from + i * step);
    }
    return ticks;
  }

  /// A number as short as it can be told apart from its neighbours.
  static String text(double value) {
    double size = Math.abs(value);
    if (size >= 1_000_000) {
      return trimmed("%.2f", value / 1e6) + "M";
    }
    if (size >= 1_000 || value == Math.rint(value)) {
      return FanoutRun.whole(value);
    }
    return trimmed(size >= 10 ? "%.1f" : "%.3f", value);
  }

  private static String trimmed(String format, double value) {
    return format.formatted(value).replaceFirst("0+$", "").replaceFirst("\\.$", "");
  }
}
