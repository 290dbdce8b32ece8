package dev.switchboard.simulation;

/// A bug that the simulation puts around the code under test, to see that it is found.
enum Planted {
  /// As it is.
  NOTHING,
  /// The receiver takes what comes again for new.
  NO_DEDUPLICATION,
  /// Nodes go on listening to those that are no members any more.
  NO_FENCING,
  /// Subscribers are told that they are subscribed before the peers know.
  REPLY_BEFORE_INTEREST,
  /// Nobody says that a session left a channel.
  NO_LEAVE
}
