package dev.switchboard.routing;

import dev.switchboard.config.GatewayConfig;
import dev.switchboard.config.GatewayConfig.Namespace;
import dev.switchboard.config.StartException;
import dev.switchboard.feed.StreamEnvelope;
import dev.switchboard.metrics.GatewayMetrics;
import dev.switchboard.metrics.SchemaMeters;
import dev.switchboard.protocol.ChannelName;
import dev.switchboard.protocol.Publication;
import dev.switchboard.protocol.Push;
import dev.switchboard.schema.BadSchemaException;
import dev.switchboard.schema.Schemas;
import dev.switchboard.schema.UnfitException;
import dev.switchboard.session.Envelope;
import dev.switchboard.store.Streams;
import dev.switchboard.stream.Appended;
import dev.switchboard.stream.Draft;
import dev.switchboard.stream.Position;
import dev.switchboard.stream.Retention;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Publishes for clients and services: keeps what a namespace wants kept, then tells subscribers.
///
/// Safe on any thread. The order matters: a subscriber must never see what could still be refused
/// or lost, so nobody is told before the log has it.
public final class Publisher {
  private final MessageRouter router;
  private final Streams streams;
  private final Schemas schemas;
  private final int wildcardSegmentsMax;

  /// @param router to the subscribers
  /// @param streams where publications are kept
  /// @param schemas that payloads must fit
  /// @param wildcardSegmentsMax `client.wildcard_segments_max`
  public Publisher(
      MessageRouter router, Streams streams, Schemas schemas, int wildcardSegmentsMax) {
    this.router = router;
    this.streams = streams;
    this.schemas = schemas;
    this.wildcardSegmentsMax = wildcardSegmentsMax;
  }

  /// The way of publications of one node, which reads the schemas that its configuration names.
  public static Publisher of(
      GatewayConfig config, MessageRouter router, Streams streams, GatewayMetrics metrics) {
    Map<String, Path> files = new HashMap<>();
    config.schemas().files().forEach(one -> files.put(one.fullName(), Path.of(one.file())));
    var limits =
        new Schemas.Limits(config.schemas().payloadBytesMax(), config.schemas().stepsMax());
    try {
      var schemas = Schemas.read(files, limits);
      SchemaMeters.register(metrics.registry(), schemas.refusals());
      return new Publisher(router, streams, schemas, config.client().wildcardSegmentsMax());
    } catch (BadSchemaException changed) {
      throw StartException.of("schemas.files", "has one that " + changed.getMessage(), changed);
    }
  }

  /// Publishes to a channel.
  ///
  /// @param delta whether it may go as a patch to who wants that, whatever the namespace says
  /// @return what the stream says, nothing for a channel without history; fails with
  ///   [UnfitException] or [BusyException], which has happened when this returns, or with
  ///   [dev.switchboard.stream.StreamException]
  public Future<Optional<Appended>> publish(
      String channel, Namespace policy, Draft draft, boolean delta) {
    try {
      schemas.check(policy.publicationSchema(), draft.publication().data());
    } catch (UnfitException unfit) {
      return Future.failedFuture(unfit);
    }
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
