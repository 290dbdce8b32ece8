package dev.switchboard.peer;

/// What travels on a link, one item each.
sealed interface PeerItem {
  /// A publication for whoever subscribes on that node.
  ///
  /// @param hash of the channel, so that a node without subscribers need not read on
  /// @param publication encoded by routing
  record Publish(long hash, byte[] publication) implements PeerItem {}

  /// Which channels and users the sender has.
  ///
  /// @param news encoded by `interest`
  record Interest(byte[] news) implements PeerItem {}

  /// Who of the sender's sessions is on a channel.
  ///
  /// @param news encoded by `presence`
  record Presence(byte[] news) implements PeerItem {}

  /// Something the receiver is to do or to tell.
  ///
  /// @param id comes back in the answer
  record Question(long id, byte[] question) implements PeerItem {}

  /// The answer to a [Question].
  ///
  /// @param answered false when the receiver failed; the answer is empty then
  record Answer(long id, boolean answered, byte[] answer) implements PeerItem {}

  /// A step in agreeing on which nodes count.
  ///
  /// @param message encoded by routing
  record Roster(byte[] message) implements PeerItem {}

  /// The sender dropped publications of streams that it owed the receiver: they are in the log.
  record Repair() implements PeerItem {}

  /// The sender is leaving: it has no sessions any more and will not ask again.
  record Leaving() implements PeerItem {}
}
