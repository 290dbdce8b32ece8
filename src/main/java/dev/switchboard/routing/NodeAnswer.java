package dev.switchboard.routing;

import dev.switchboard.peer.PeerReply;

/// What came of asking one node.
sealed interface NodeAnswer {
  /// It answered.
  record Given(Answer answer) implements NodeAnswer {}

  /// It did not.
  record Missing(PeerReply.Reason reason) implements NodeAnswer {}
}
