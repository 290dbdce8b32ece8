package dev.switchboard.perf;

/// The straight line that fits points best (least squares).
///
/// @param slope by how much it rises for each unit to the right
record Trend(double slope) {
  /// Through points of which there are at least two, one above the other nowhere.
  static Trend of(double[] xs, double[] ys) {
    double meanX = mean(xs);
    double meanY = mean(ys);
    double rise = 0;
    double run = 0;
    for (int i = 0; i < xs.length; i++) {
      rise += (xs[i] - meanX) * (ys[i] - meanY);
      run += (xs[i] - meanX) * (xs[i] - meanX);
    }
    return new Trend(rise / run);
  }

  private static double mean(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum / values.length;
  }
}
