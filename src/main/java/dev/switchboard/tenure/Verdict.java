package dev.switchboard.tenure;

/// What the owner of a shard's partition may do with the copy it has.
public sealed interface Verdict {
  /// Append: the copy and its title are in force.
  record GoOn() implements Verdict {}

  /// Append, with this title from now on, which goes to the backup with the batch.
  record Retitle(Title title) implements Verdict {}

  /// First a node has to give up what it has of the title: see [Tenure#giveUp].
  record Ask(long node, GiveUp.Plea plea) implements Verdict {}

  /// The copy may lack what was acknowledged, or another one may have gone on from it: start the
  /// shard with a new generation and new epochs, and with this title.
  record Renew(Title title, Doubt doubt) implements Verdict {}

  /// Why a copy cannot be gone on from.
  enum Doubt {
    /// There is none: a shard nobody wrote to yet, or all copies are lost.
    NO_COPY,
    /// It is of nodes that lost their majority.
    OTHER_LINEAGE,
    /// This node held a newer one, or gave this one up.
    OUTDATED,
    /// This node or both holders were off the roster meanwhile.
    OFF_ROSTER,
    /// A holder went on without this node.
    HISTORY,
    /// A holder has more than this copy.
    SHORTER,
    /// It was given up for somebody who is off the roster, and may have gone on.
    GIVEN_AWAY
  }

  /// Refuse: this node or its backup is on no roster yet.
  record Refuse() implements Verdict {}
}
