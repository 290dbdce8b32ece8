package dev.switchboard.routing;

import dev.switchboard.config.GatewayConfig.Namespace;
import dev.switchboard.feed.StreamEnvelope;
import dev.switchboard.protocol.Publication;
import dev.switchboard.store.Streams;
import dev.switchboard.stream.Appended;
import dev.switchboard.stream.Draft;
import dev.switchboard.stream.Position;
import dev.switchboard.stream.Retention;
import io.vertx.core.Future;
import java.util.Optional;

/// Publishes for clients and services: keeps what a namespace wants kept, then tells subscribers.
///
/// Safe on any thread. The order matters: a subscriber must never see what could still be refused
/// or lost, so nobody is told before the log has it.
public final class Publisher {
  private final MessageRouter router;
  private final Streams streams;

  /// @param router to the subscribers
  /// @param streams where publications are kept
  public Publisher(MessageRouter router, Streams streams) {
    this.router = router;
    this.streams = streams;
  }

  /// Publishes to a channel.
  ///
  /// @param delta whether it may go as a patch to who wants that, whatever the namespace says
  /// @return what the stream says, nothing for a channel without history; fails with
  ///   [BusyException], which has happened when this returns, or with
  ///   [dev.switchboard.stream.StreamException]
  public Future<Optional<Appended>> publish(
      String channel, Namespace policy, Draft draft, boolean delta) {
    if (policy.historySize() == 0) {
      return router.publish(channel, draft.publication()).map(_ -> Optional.empty());
    }
    if (router.resynchronising()) {
      return Future.failedFuture(new BusyException("this node slept and is learning anew"));
    }
    long acceptedAt = System.nanoTime();
    var retention =
        new Retention(policy.historySize(), policy.historyTtl(), policy.historyMetaTtl());
    return streams
        .append(channel, draft, retention)
        .onSuccess(
            appended -> {
              boolean deltas = delta || policy.deltaPublish();
              kept(draft.publication(), appended, deltas)
                  .ifPresent(kept -> router.tell(new StreamEnvelope(channel, kept, acceptedAt)));
            })
        .map(Optional::of);
  }

  /// What subscribers are told; nothing when who published it first told them.
  private static Optional<StreamEnvelope.Kept> kept(
      Publication publication, Appended appended, boolean deltas) {
    return switch (appended) {
      case Appended.Stored(Position at) ->
          Optional.of(
              new StreamEnvelope.Kept(at.epoch(), publication.withOffset(at.offset()), deltas));
      case Appended.Passed(Position at) ->
          Optional.of(new StreamEnvelope.Kept(at.epoch(), publication, deltas));
      case Appended.Repeated _, Appended.Outdated _ -> Optional.empty();
    };
  }
}
