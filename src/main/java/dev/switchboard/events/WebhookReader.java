package dev.switchboard.events;

import dev.switchboard.lifecycle.EventStream;
import dev.switchboard.lifecycle.EventText;
import dev.switchboard.lifecycle.Note;
import dev.switchboard.metrics.EventMeters;
import dev.switchboard.metrics.EventMeters.Delivery;
import dev.switchboard.protocol.Publication;
import dev.switchboard.store.Rolls;
import dev.switchboard.store.Rolls.Taken;
import dev.switchboard.store.Streams;
import dev.switchboard.stream.Query;
import dev.switchboard.stream.Retention;
import dev.switchboard.stream.Slice;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Delivers one stream of events to one webhook, as long as this node owns the stream. Confined to
/// one event loop.
///
/// One request at a time, and no other events before it was taken: so the order of the stream holds
/// at the consumer. How far it got is kept with the roll, so another node goes on from there. What
/// was delivered and not noted comes again, with its offset.
final class WebhookReader {
  private static final Logger LOG = LoggerFactory.getLogger(WebhookReader.class);
  private static final long PAUSE_MILLIS_MIN = 500;
  private static final long PAUSE_MILLIS_MAX = 30_000;

  private final int stream;
  private final String name;
  private final World world;
  private Letter letter;
  private String epoch = "";
  private long read = -1;
  private boolean busy;
  private boolean more;
  private long pauseMillis = PAUSE_MILLIS_MIN;
  private long resumeAt;
  private long failingSince;

  /// What readers work with.
  ///
  /// @param retention of the streams of events
  /// @param post sends a letter; fails unless it was taken
  /// @param millis from some point on
  /// @param batchMax events in one letter
  /// @param giveUpMillis after which a letter that is not taken is dead
  record World(
      Rolls rolls,
      Streams streams,
      Retention retention,
      EventMeters meters,
      Function<Letter, Future<Void>> post,
      LongSupplier millis,
      int batchMax,
      long giveUpMillis) {}

  /// Events on their way to a webhook.
  ///
  /// @param id the same whenever it is sent again by the same node
  /// @param last offset of the last event
  record Letter(String id, byte[] body, long last, int events) {
    static Letter of(int stream, Slice slice) {
      var body = new StringBuilder();
      List<Publication> events = slice.publications();
      String epoch = slice.top().epoch();
      body.append("{\"stream\":").append(stream);
      body.append(",\"epoch\":\"").append(epoch).append("\",\"events\":[");
      for (Publication event : events) {
        body.append(event == events.getFirst() ? "" : ",");
        body.append(EventText.among("\"offset\":" + event.offset(), event.data()));
      }
      long first = events.getFirst().offset();
      long last = events.getLast().offset();
      return new Letter(
          "evt_%d_%s_%d_%d".formatted(stream, epoch, first, last),
          body.append("]}").toString().getBytes(StandardCharsets.UTF_8),
          last,
          events.size());
    }
  }

  /// @param name of the webhook
  WebhookReader(int stream, String name, World world) {
    this.stream = stream;
    this.name = name;
    this.world = world;
  }

  /// Four times a second.
  void onTick() {
    if (!world.rolls().owns(stream)) {
      // Whoever owns it now begins where the roll says.
      read = -1;
      letter = null;
    } else if (!busy && now() >= resumeAt) {
      busy = true;
      more = false;
      step()
          .onComplete(
              _ -> {
                busy = false;
                if (more) {
                  onTick();
                }
              });
    }
  }

  private Future<?> step() {
    if (read < 0) {
      return note("", 0).onSuccess(this::begin);
    }
    return letter == null ? write() : send();
  }

  private void begin(Taken taken) {
    epoch = taken.top().epoch();
    read = taken.answer().read();
  }

  private Future<?> write() {
    var next = new Query(world.batchMax(), OptionalLong.of(read), false);
    return world
        .streams()
        .read(EventStream.channel(stream), next)
        .compose(
            slice -> {
              if (read < 0) {
                // It changed hands meanwhile: whoever has it now goes on.
                return Future.succeededFuture();
              }
              if (!slice.top().epoch().equals(epoch)) {
                // Begun anew, from the first event.
                epoch = slice.top().epoch();
                read = 0;
                return Future.succeededFuture();
              }
              return take(slice);
            });
  }

  private Future<?> take(Slice slice) {
    List<Publication> events = slice.publications();
    long next = events.isEmpty() ? slice.top().offset() + 1 : events.getFirst().offset();
    if (read == 0) {
      // New here: it begins with the oldest event there is.
      read = next - 1;
    } else if (next > read + 1) {
      LOG.warn(
          "events {} to {} of {} were forgotten before webhook {} had them",
          read + 1,
          next - 1,
          EventStream.channel(stream),
          name);
      world.meters().onDeadLetters(next - 1 - read);
      read = next - 1;
    }
    if (events.isEmpty()) {
      return Future.succeededFuture();
    }
    letter = Letter.of(stream, slice);
    failingSince = now();
    return send();
  }

  private Future<?> send() {
    Letter sent = letter;
    return world
        .post()
        .apply(sent)
        .transform(answer -> answer.succeeded() ? delivered(sent) : refused(sent, answer.cause()));
  }

  private Future<Taken> delivered(Letter sent) {
    world.meters().onDelivery(Delivery.DELIVERED);
    return done(sent);
  }

  private Future<Taken> refused(Letter sent, Throwable failure) {
    boolean dead = now() - failingSince >= world.giveUpMillis();
    world.meters().onDelivery(dead ? Delivery.GIVEN_UP : Delivery.FAILED);
    if (dead) {
      LOG.warn(
          "webhook {} would not take {} events for too long: {}",
          name,
          sent.events(),
          failure.getMessage());
      world.meters().onDeadLetters(sent.events());
      return done(sent);
    }
    resumeAt = now() + pauseMillis;
    pauseMillis = Math.min(2 * pauseMillis, PAUSE_MILLIS_MAX);
    return Future.succeededFuture();
  }

  private Future<Taken> done(Letter sent) {
    if (letter == sent) {
      read = sent.last();
      letter = null;
    }
    more = sent.events() == world.batchMax();
    pauseMillis = PAUSE_MILLIS_MIN;
    return note(epoch, sent.last());
  }

  private long now() {
    return world.millis().getAsLong();
  }

  private Future<Taken> note(String of, long offset) {
    return world.rolls().note(stream, new Note.Read(name, of, offset), world.retention());
  }
}
