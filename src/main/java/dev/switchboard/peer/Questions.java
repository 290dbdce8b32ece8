package dev.switchboard.peer;

import dev.switchboard.peer.PeerReply.Reason;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// The questions to one peer that wait for an answer. Confined to the peer loop.
///
/// In order of asking, which is the order of their deadlines: all have the same time.
final class Questions {
  private final Map<Long, Waiting> waiting = new LinkedHashMap<>();
  private final long timeoutNanos;
  private final int max;
  private long lastId;

  Questions(long timeoutNanos, int max) {
    this.timeoutNanos = timeoutNanos;
    this.max = max;
  }

  private record Waiting(long deadline, Consumer<PeerReply> onReply) {}

  boolean isFull() {
    return waiting.size() >= max;
  }

  int size() {
    return waiting.size();
  }

  /// Notes a question.
  ///
  /// @return the id it is to be sent with
  long add(long now, Consumer<PeerReply> onReply) {
    waiting.put(++lastId, new Waiting(now + timeoutNanos, onReply));
    return lastId;
  }

  /// The answer came; late ones find nobody waiting.
  void onAnswer(PeerItem.Answer answer) {
    Waiting asked = waiting.remove(answer.id());
    if (asked != null) {
      asked.onReply.accept(
          answer.answered()
              ? new PeerReply.Answered(answer.answer())
              : new PeerReply.Unanswered(Reason.FAILED));
    }
  }

  /// The question could not be sent.
  void refuse(long id) {
    waiting.remove(id).onReply.accept(new PeerReply.Unanswered(Reason.BUSY));
  }

  /// Gives up the questions whose time is over.
  void expire(long now) {
    var asked = waiting.values().iterator();
    List<Waiting> late = new ArrayList<>();
    while (asked.hasNext()) {
      Waiting next = asked.next();
      if (now - next.deadline < 0) {
        break;
      }
      late.add(next);
      asked.remove();
    }
    late.forEach(one -> one.onReply.accept(new PeerReply.Unanswered(Reason.LATE)));
  }

  /// Gives up all of them: the peer is gone.
  void fail() {
    List<Waiting> all = List.copyOf(waiting.values());
    waiting.clear();
    all.forEach(one -> one.onReply.accept(new PeerReply.Unanswered(Reason.GONE)));
  }
}
