package dev.switchboard.tenure;

/// What the owner of a shard's partition may do with the copy it has.
public sealed interface Verdict {
  /// Append: the copy and its title are in force.
  record GoOn() implements Verdict {}

  /// Append, with this title from now on, which goes to the backup with the batch.
  record Retitle(Title title) implements Verdict {}

  /// First a node that holds the title has to give it up: see [Tenure#giveUp].
  record Ask(long holder) implements Verdict {}

  /// The copy may lack what was acknowledged, or another one may have gone on from it: start the
  /// shard with a new generation and new epochs, and with this title.
  record Renew(Title title) implements Verdict {}

  /// Refuse: this node or its backup is on no roster yet.
  record Refuse() implements Verdict {}
}
