package dev.switchboard.model;

import dev.switchboard.model.ShardWorld.Budget;

/// How much may happen in a [ShardModel]; each scope is explored to its end.
enum Scope {
  /// Late and lost batches, nodes off and on the roster.
  ROSTERS(3, new Budget(1, 2, 0, 1, 0, 0, 0, 0), true),
  /// Copies moved and replaced by older ones, while all are there.
  MOVES(3, new Budget(2, 0, 1, 1, 0, 0, 0, 0), true),
  /// A new owner on a node that never had the shard.
  NEWCOMER(4, new Budget(2, 0, 1, 1, 0, 0, 0, 0), true),
  /// Copies lost, shards begun anew, streams that expire.
  LOSSES(3, new Budget(1, 1, 0, 1, 1, 0, 0, 0), false),
  /// A stream that was silent for long.
  EXPIRY(2, new Budget(2, 0, 0, 2, 1, 1, 1, 0), true),
  /// Copies moved twice, hands changed twice.
  MOVES_TWICE(3, new Budget(2, 0, 2, 2, 0, 0, 0, 0), false),
  /// All of it, a little.
  ALL_OF_IT(3, new Budget(2, 1, 1, 2, 1, 0, 0, 0), false),
  /// Copies lost while nodes come and go.
  RESTARTS(3, new Budget(2, 1, 1, 1, 1, 1, 0, 0), false),
  /// A node merges into another part of the cluster, with what it has.
  MERGES(3, new Budget(1, 1, 0, 1, 0, 0, 0, 1), false),
  /// The same with two nodes.
  MERGES_OF_TWO(2, new Budget(1, 1, 0, 1, 1, 0, 0, 1), true),
  /// A node merges while it is off the roster and on again.
  MERGES_LATE(3, new Budget(1, 2, 0, 1, 0, 0, 0, 1), false),
  /// Two new owners, on nodes with copies, who do not know of each other.
  NEWCOMERS(4, new Budget(2, 0, 0, 2, 0, 0, 0, 0), false),
  /// Off the roster and on again, with changes of hands between.
  RETURNS(3, new Budget(2, 2, 0, 2, 0, 0, 0, 0), false);

  private final int nodes;
  private final Budget budget;
  private final boolean small;

  Scope(int nodes, Budget budget, boolean small) {
    this.nodes = nodes;
    this.budget = budget;
    this.small = small;
  }

  /// Whether it is part of the tests; the others take minutes.
  boolean isSmall() {
    return small;
  }

  ShardModel model(Hands hands) {
    return new ShardModel(nodes, this == NEWCOMERS ? nodes : 2, budget, hands);
  }
}
