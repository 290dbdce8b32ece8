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
  /// @return what the stream says, nothing for a channel without history; fails with
  ///   [BusyException], which has happened when this returns, or with
  ///   [dev.switchboard.stream.StreamException]
  public Future<Optional<Appended>> publish(String channel, Namespace policy, Draft draft) {
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
        .onSuccess(appended -> tell(channel, draft.publication(), appended, acceptedAt))
        .map(Optional::of);
  }

  private void tell(String channel, Publication publication, Appended appended, long acceptedAt) {
    switch (appended) {
      case Appended.Stored(Position at) ->
          router.tell(
              new StreamEnvelope(
                  channel, at.epoch(), publication.withOffset(at.offset()), acceptedAt));
      case Appended.Passed(Position at) ->
          router.tell(new StreamEnvelope(channel, at.epoch(), publication, acceptedAt));
      // Who published it first told them.
      case Appended.Repeated _, Appended.Outdated _ -> {}
    }
  }
}
