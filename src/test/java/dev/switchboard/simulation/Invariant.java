package dev.switchboard.simulation;

/// What must hold, whatever happens.
enum Invariant {
  /// Nothing of an incarnation is taken in after the receiver learned that it is no member, and
  /// nothing is delivered to sessions of an earlier incarnation of the receiver.
  NO_STALE_INCARNATION,
  /// No publication is taken in that was sent longer than `link.age_max` ago, or lies on the node
  /// for long.
  NO_LATE_PUBLICATION,
  /// While a node holds the lease of another one in its view, it knows all channels and users that
  /// are established there.
  SUBSCRIBE_REPLY_RULE,
  /// A node whose own tick is over a lease ago, or that has said good-bye, refuses publications.
  NO_STALE_PUBLISHER,
  /// A subscriber gets publications of a node in the order they were sent, none twice.
  ONCE_IN_ORDER,
  /// What a subscriber does not get is announced as a gap, or somebody left a view.
  LOSS_ANNOUNCED,
  /// In good weather nothing is lost and nobody is busy.
  CALM_LOSES_NOTHING,
  /// Claims are confirmed in time while the node runs.
  CLAIMS_CONFIRMED,
  /// Every question has one reply, in time.
  QUESTIONS_ANSWERED,
  /// Windows and what the bus holds stay within their limits, and are empty at rest.
  BOUNDED,
  /// Ten seconds after the last fault all nodes know the same, over open links with leases.
  ROUTES_CONVERGE,
  /// Then, presence is exactly the sessions there are, on every node that has any.
  PRESENCE_CONVERGES,
  /// No node hears twice that a client joined a channel without hearing between that it left.
  PRESENCE_ALTERNATES,
  /// The code under test does not throw, and understands what it says.
  NO_SURPRISE
}
