package dev.switchboard.routing;

import dev.switchboard.peer.PeerReply;
import dev.switchboard.peer.Peers;
import dev.switchboard.protocol.MalformedException;
import dev.switchboard.tenure.GaveUp;
import dev.switchboard.tenure.GiveUp;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What nodes ask each other: questions of this node that go out, and those of others that arrive.
///
/// Confined to the peer loop, but for [#ask].
final class PeerQuestions {
  private static final Logger LOG = LoggerFactory.getLogger(PeerQuestions.class);

  private final Peers peers;
  private final Loops loops;
  private final Consumer<Runnable> peerLoop;
  private final Function<Question, Future<Answer>> answers;

  /// @param peerLoop has work done on the peer loop; from any thread
  /// @param answers answers for this node; that may take a while and end on any thread
  PeerQuestions(
      Peers peers,
      Loops loops,
      Consumer<Runnable> peerLoop,
      Function<Question, Future<Answer>> answers) {
    this.peers = peers;
    this.loops = loops;
    this.peerLoop = peerLoop;
    this.answers = answers;
  }

  /// Asks another node. Any thread.
  Future<NodeAnswer> ask(long incarnation, Question question) {
    byte[] bytes = PeerCodec.encode(question);
    boolean ageing = question instanceof Question.Tell(_, Order.Message _);
    Promise<NodeAnswer> answered = Promise.promise();
    peerLoop.accept(
        () -> peers.ask(incarnation, bytes, ageing, reply -> answered.complete(read(reply))));
    return answered.future();
  }

  private static NodeAnswer read(PeerReply reply) {
    return switch (reply) {
      case PeerReply.Answered(byte[] bytes) -> {
        try {
          yield new NodeAnswer.Given(PeerCodec.answer(bytes));
        } catch (MalformedException strange) {
          LOG.debug("an answer of another version", strange);
          yield new NodeAnswer.Missing(PeerReply.Reason.FAILED);
        }
      }
      case PeerReply.Unanswered(var reason) -> new NodeAnswer.Missing(reason);
    };
  }

  /// Another node asks.
  ///
  /// @param answer is given the encoded answer, or null when there is none, on the peer loop
  void onQuestion(byte[] bytes, Consumer<byte[]> answer) {
    Future<Answer> answered;
    // What the asker said before the question comes first.
    loops.handOver();
    try {
      answered = answers.apply(PeerCodec.question(bytes));
    } catch (MalformedException strange) {
      answered = Future.failedFuture(strange);
    }
    Loops.onCaller(answered)
        .onSuccess(given -> answer.accept(PeerCodec.encode(given)))
        .onFailure(
            failure -> {
              LOG.debug("a question of another node failed", failure);
              answer.accept(null);
            });
  }

  /// Asks a node to give up a shard of the streams. Any thread.
  Future<GaveUp> ask(long incarnation, GiveUp question) {
    return ask(incarnation, new Question.Release(question))
        .compose(
            answer ->
                answer instanceof NodeAnswer.Given(Answer.Released(var word))
                    ? Future.succeededFuture(word)
                    : Future.failedFuture("the holder does not give it up now"));
  }
}
