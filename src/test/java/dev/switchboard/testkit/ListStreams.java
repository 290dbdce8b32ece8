package dev.switchboard.testkit;

import dev.switchboard.protocol.Publication;
import dev.switchboard.store.Streams;
import dev.switchboard.stream.Appended;
import dev.switchboard.stream.Draft;
import dev.switchboard.stream.Position;
import dev.switchboard.stream.Query;
import dev.switchboard.stream.Retention;
import dev.switchboard.stream.Slice;
import dev.switchboard.stream.StreamException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/// Streams as plain lists, one per channel: what the real ones must be like, seen from outside.
///
/// Keeps by size alone. A test can trim, begin a new epoch, and keep answers back.
public final class ListStreams implements Streams {
  private final ConcurrentHashMap<String, Log> logs = new ConcurrentHashMap<>();
  private final ConcurrentLinkedQueue<Runnable> heldBack = new ConcurrentLinkedQueue<>();
  private final AtomicInteger epochs = new AtomicInteger();
  private final AtomicInteger reads = new AtomicInteger();
  private volatile boolean holding;
  private volatile boolean failing;

  /// A channel's stream; immutable.
  private record Log(Position top, List<Publication> publications) {
    Log append(Publication publication, int size) {
      long offset = top.offset() + 1;
      var kept =
          Stream.concat(publications.stream(), Stream.of(numbered(publication, offset))).toList();
      return new Log(new Position(top.epoch(), offset), kept).last(size);
    }

    Log last(int size) {
      int from = Math.max(0, publications.size() - size);
      return new Log(top, publications.subList(from, publications.size()));
    }

    Slice slice(Query query) {
      var matching =
          publications.stream()
              .filter(
                  publication ->
                      query.since().isEmpty()
                          || (query.reverse()
                              ? publication.offset() < query.since().getAsLong()
                              : publication.offset() > query.since().getAsLong()))
              .toList();
      var ordered = query.reverse() ? matching.reversed() : matching;
      return new Slice(top, List.copyOf(ordered.stream().limit(query.limit()).toList()));
    }
  }

  private static Publication numbered(Publication publication, long offset) {
    return new Publication(
        publication.data(), publication.info(), offset, publication.tags(), publication.time());
  }

  @Override
  public Future<Appended> append(String channel, Draft draft, Retention retention) {
    return Future.succeededFuture(
        new Appended.Stored(publish(channel, draft.publication(), retention.size()).top()));
  }

  /// Appends at once.
  ///
  /// @param size publications to keep
  /// @return where the stream ends now, and what was appended
  public Slice publish(String channel, Publication publication, int size) {
    Log log = logs.compute(channel, (_, old) -> orNew(old).append(publication, size));
    return new Slice(log.top(), List.of(log.publications().getLast()));
  }

  @Override
  public Future<Slice> read(String channel, Query query) {
    reads.incrementAndGet();
    if (failing) {
      return Future.failedFuture(
          new StreamException(StreamException.Reason.UNAVAILABLE, "as the test wants it"));
    }
    Slice slice = read(channel).slice(query);
    if (!holding) {
      return Future.succeededFuture(slice);
    }
    Promise<Slice> answer = Promise.promise();
    Context caller = Vertx.currentContext();
    heldBack.add(() -> caller.runOnContext(_ -> answer.complete(slice)));
    return answer.future();
  }

  @Override
  public Future<Void> remove(String channel) {
    trim(channel, 0);
    return Future.succeededFuture();
  }

  private Log read(String channel) {
    return logs.computeIfAbsent(channel, _ -> orNew(null));
  }

  private Log orNew(Log old) {
    return old == null
        ? new Log(new Position("epoch" + epochs.incrementAndGet(), 0), List.of())
        : old;
  }

  /// Where a channel's stream ends.
  public Position top(String channel) {
    return read(channel).top();
  }

  /// Keeps only the newest publications of a channel.
  public void trim(String channel, int size) {
    logs.compute(channel, (_, old) -> orNew(old).last(size));
  }

  /// Forgets a channel's stream, and begins it anew with another epoch.
  public void renew(String channel) {
    logs.put(channel, orNew(null));
  }

  /// Keeps answers back from now on; each says what was so when it was asked for.
  public void hold() {
    holding = true;
  }

  /// Gives all answers that were kept back, in order, and those that follow at once.
  public void release() {
    holding = false;
    var answers = new ArrayList<Runnable>();
    for (Runnable next = heldBack.poll(); next != null; next = heldBack.poll()) {
      answers.add(next);
    }
    answers.forEach(Runnable::run);
  }

  /// Answers that are kept back.
  public int held() {
    return heldBack.size();
  }

  /// Fails every read from now on, or no more.
  public void fail(boolean now) {
    failing = now;
  }

  /// Reads so far.
  public int reads() {
    return reads.get();
  }
}
