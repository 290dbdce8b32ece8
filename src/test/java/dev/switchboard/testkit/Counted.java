package dev.switchboard.testkit;

import static org.assertj.core.api.Assertions.assertThat;

/// A cost as it was counted once, to which later counts are held.
///
/// A count does not depend on how fast or busy the machine is, so 15 % more is a regression. Half
/// of it says that the figure is out of date, and would let a regression pass, or that what costs
/// was not done.
///
/// @param what in the words of a failure
/// @param figure as counted when the test was written, or last had reason to change
public record Counted(String what, double figure) {
  private static final double REGRESSION = 1.15;
  private static final double OUT_OF_DATE = 0.5;

  /// Holds that it still costs about as much.
  public void check(double count) {
    assertThat(count)
        .as("%s, which were %s", what, figure)
        .isBetween(figure * OUT_OF_DATE, figure * REGRESSION);
  }
}
