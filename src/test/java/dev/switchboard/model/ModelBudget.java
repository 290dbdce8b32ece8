package dev.switchboard.model;

import dev.switchboard.model.ShardWorld.Budget;

/// What is left after one more of a kind happened.
final class ModelBudget {
  private ModelBudget() {}

  static Budget append(Budget b) {
    return with(b, -1, 0, 0, 0, 0, 0, 0, 0);
  }

  static Budget roster(Budget b) {
    return with(b, 0, -1, 0, 0, 0, 0, 0, 0);
  }

  static Budget sync(Budget b) {
    return with(b, 0, 0, -1, 0, 0, 0, 0, 0);
  }

  static Budget change(Budget b) {
    return with(b, 0, 0, 0, -1, 0, 0, 0, 0);
  }

  static Budget renewal(Budget b) {
    return with(b, 0, 0, 0, 0, -1, 0, 0, 0);
  }

  static Budget restart(Budget b) {
    return with(b, 0, 0, 0, 0, 0, -1, 0, 0);
  }

  static Budget expiry(Budget b) {
    return with(b, 0, 0, 0, 0, 0, 0, -1, 0);
  }

  static Budget merge(Budget b) {
    return with(b, 0, 0, 0, 0, 0, 0, 0, -1);
  }

  private static Budget with(Budget b, int... d) {
    return new Budget(
        b.appends() + d[0],
        b.rosters() + d[1],
        b.syncs() + d[2],
        b.changes() + d[3],
        b.renewals() + d[4],
        b.restarts() + d[5],
        b.expiries() + d[6],
        b.merges() + d[7]);
  }
}
