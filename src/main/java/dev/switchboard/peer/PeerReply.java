package dev.switchboard.peer;

/// What became of a question to another node.
public sealed interface PeerReply {
  /// The other node answered.
  record Answered(byte[] answer) implements PeerReply {}

  /// There is no answer, and whether the other node acted is not known unless it was never asked.
  record Unanswered(Reason reason) implements PeerReply {}

  /// Why there is no answer.
  enum Reason {
    /// Never asked: too many questions or too many bytes are on the way.
    BUSY,
    /// The other node failed to answer.
    FAILED,
    /// The node is not, or no longer, a member.
    GONE,
    /// No answer within `cluster.request_timeout`.
    LATE
  }
}
