package dev.switchboard.balance;

import java.util.List;

/// How many sessions a node has too many: a pure decision.
///
/// Where clients come to nodes at random, numbers differ by chance, by about the root of their
/// mean; to correct that would move people about for ever.
///
/// @param tolerancePercent from the mean, which is left alone
record Surplus(int tolerancePercent) {
  private static final double PERCENT = 100;
  private static final int CHANCE = 3;

  /// What a node has above the mean of all, or 0 while nobody is further from it than the
  /// tolerance, or than chance explains.
  ///
  /// @param own sessions of the node
  /// @param others those of each other node
  int of(long own, List<Long> others) {
    double all = own + others.stream().mapToLong(Long::longValue).sum();
    double mean = all / (others.size() + 1);
    double slack = Math.max(mean * tolerancePercent / PERCENT, CHANCE * Math.sqrt(mean));
    boolean uneven = own > mean + slack || others.stream().anyMatch(count -> count < mean - slack);
    return uneven ? (int) Math.max(0, own - mean) : 0;
  }
}
