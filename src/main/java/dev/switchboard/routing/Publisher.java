package dev.switchboard.routing;

import dev.switchboard.config.GatewayConfig.Namespace;
import dev.switchboard.feed.StreamEnvelope;
import dev.switchboard.protocol.ChannelName;
import dev.switchboard.protocol.Publication;
import dev.switchboard.protocol.Push;
import dev.switchboard.session.Envelope;
import dev.switchboard.store.Streams;
import dev.switchboard.stream.Appended;
import dev.switchboard.stream.Draft;
import dev.switchboard.stream.Position;
import dev.switchboard.stream.Retention;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Publishes for clients and services: keeps what a namespace wants kept, then tells subscribers.
///
/// Safe on any thread. The order matters: a subscriber must never see what could still be refused
/// or lost, so nobody is told before the log has it.
public final class Publisher {
  private final MessageRouter router;
  private final Streams streams;
  private final int wildcardSegmentsMax;

  /// @param router to the subscribers
  /// @param streams where publications are kept
  /// @param wildcardSegmentsMax `client.wildcard_segments_max`
  public Publisher(MessageRouter router, Streams streams, int wildcardSegmentsMax) {
    this.router = router;
    this.streams = streams;
    this.wildcardSegmentsMax = wildcardSegmentsMax;
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
      return live(channel, policy, draft.publication()).map(_ -> Optional.empty());
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
                  .ifPresent(kept -> tell(channel, policy, kept, acceptedAt));
            })
        .map(Optional::of);
  }

  /// Publishes what is not kept, to all who hear of it or to nobody.
  private Future<Void> live(String channel, Namespace policy, Publication publication) {
    if (!policy.allowWildcardSubscriptions()) {
      return router.publish(channel, publication);
    }
    long acceptedAt = System.nanoTime();
    List<Push.Publish> forms = heard(channel, publication);
    forms.addFirst(new Push.Publish(channel, publication));
    try {
      router.publications().ifPresent(others -> others.publish(forms, acceptedAt));
    } catch (BusyException busy) {
      return Future.failedFuture(busy);
    }
    return router.loops().publish(envelopes(forms, acceptedAt));
  }

  private void tell(String channel, Namespace policy, StreamEnvelope.Kept kept, long acceptedAt) {
    router.tell(new StreamEnvelope(channel, kept, acceptedAt));
    if (policy.allowWildcardSubscriptions()) {
      // Nobody finds these in a log: where there is no room they are lost.
      List<Push.Publish> heard = heard(channel, kept.publication());
      router.publications().ifPresent(others -> heard.forEach(others::offer));
      router.loops().publish(envelopes(heard, acceptedAt));
    }
  }

  /// A publication as it is for each of the wildcards that stand for its channel.
  private List<Push.Publish> heard(String channel, Publication publication) {
    Publication heard = publication.heardOf(channel);
    List<Push.Publish> forms = new ArrayList<>(wildcardSegmentsMax + 1);
    for (String wildcard : new ChannelName(channel).wildcards(wildcardSegmentsMax)) {
      forms.add(new Push.Publish(wildcard, heard));
    }
    return forms;
  }

  private static List<Envelope> envelopes(List<Push.Publish> forms, long acceptedAt) {
    return forms.stream().map(form -> new Envelope(form, acceptedAt)).toList();
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
