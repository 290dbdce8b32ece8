package dev.switchboard.events;

import dev.switchboard.lifecycle.Note;
import dev.switchboard.protocol.ClientId;
import dev.switchboard.store.Rolls.Taken;
import dev.switchboard.stream.StreamException;
import dev.switchboard.stream.StreamException.Reason;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/// Notes of one stream of events that are not taken yet. Confined to one event loop.
///
/// The notes of one subject go one after the other, each when the one before is taken, so however
/// often they are put again their order holds; subjects do not wait for each other. A beginning
/// that nobody heard of and its end cancel out; how much may wait at all, the [Registrar] bounds.
final class Backlog {
  // So that the rooms of the streams are not filled with what was just refused.
  private static final int RETRIED_MAX = 1_000;

  private final Function<Note, Future<Taken>> door;
  private final Map<Object, Deque<Waiting>> subjects = new HashMap<>();
  private final Set<Object> failed = new LinkedHashSet<>();
  private long size;

  /// A note, and who wants to know what became of it.
  private static final class Waiting {
    private final Note note;
    private final Promise<Taken> told = Promise.promise();
    // Whether somebody may know of it.
    private boolean doubtful;
    private boolean flying;

    private Waiting(Note note, boolean doubtful) {
      this.note = note;
      this.doubtful = doubtful;
    }

    private boolean isUnheard() {
      return !flying && !doubtful;
    }
  }

  /// @param door puts a note to the roll
  Backlog(Function<Note, Future<Taken>> door) {
    this.door = door;
  }

  /// What the notes that must stay in order are about: a client or a channel.
  private static Object subject(Note note) {
    return switch (note) {
      case Note.Connected(var client, var _, long _, var _) -> client;
      case Note.Disconnected(var client, int _, var _, long _) -> client;
      case Note.Subscribed(var client, var _, long _) -> client;
      case Note.Unsubscribed(var client, var _, long _) -> client;
      case Note.Occupied(var channel, long _, long _) -> channel;
      case Note.Vacated(var channel, long _, long _) -> channel;
      case Note.Alive _, Note.Read _, Note.Look _ ->
          throw new IllegalArgumentException("a note without a subject");
    };
  }

  /// Has a note put until it is taken.
  ///
  /// @return fails only when the note is cancelled out
  Future<Taken> add(Note note) {
    return add(note, false);
  }

  /// Has a note put again that was taken before, as the roll may have been lost.
  Future<Taken> addAgain(Note note) {
    return add(note, true);
  }

  /// Lets the beginning of a session stand, whatever becomes of it: its client has its reply.
  void insist(ClientId client) {
    Deque<Waiting> queue = subjects.get(client);
    if (queue != null && queue.peek().note instanceof Note.Connected) {
      queue.peek().doubtful = true;
    }
  }

  private Future<Taken> add(Note note, boolean doubtful) {
    Object subject = subject(note);
    Deque<Waiting> queue = subjects.computeIfAbsent(subject, _ -> new ArrayDeque<>(2));
    if (cancels(queue, note)) {
      if (queue.isEmpty()) {
        subjects.remove(subject);
        failed.remove(subject);
      }
      return Future.failedFuture("never told");
    }
    var waiting = new Waiting(note, doubtful);
    queue.add(waiting);
    size++;
    if (queue.size() == 1) {
      put(subject, queue);
    }
    return waiting.told.future();
  }

  /// Takes out what the note ends, if nobody can have heard of it.
  private boolean cancels(Deque<Waiting> queue, Note note) {
    if (queue.isEmpty()) {
      return false;
    }
    boolean all = note instanceof Note.Disconnected;
    Waiting begun = all ? queue.peekFirst() : queue.peekLast();
    if (!begun.isUnheard() || !ends(note, begun.note)) {
      return false;
    }
    int left = all ? 0 : queue.size() - 1;
    while (queue.size() > left) {
      drop(queue.removeLast());
    }
    return true;
  }

  private void drop(Waiting waiting) {
    size--;
    waiting.told.fail("never told");
  }

  /// Whether one note is the end of what another begins.
  private static boolean ends(Note end, Note beginning) {
    return switch (beginning) {
      case Note.Connected _ -> end instanceof Note.Disconnected;
      case Note.Subscribed(var _, var channel, long _) ->
          end instanceof Note.Unsubscribed(var _, var left, long _) && left.equals(channel);
      case Note.Occupied _ -> end instanceof Note.Vacated;
      case Note.Disconnected _,
          Note.Unsubscribed _,
          Note.Vacated _,
          Note.Alive _,
          Note.Read _,
          Note.Look _ ->
          false;
    };
  }

  private void put(Object subject, Deque<Waiting> queue) {
    Waiting first = queue.peek();
    first.flying = true;
    door.apply(first.note)
        .onSuccess(
            taken -> {
              queue.remove();
              size--;
              goOn(subject, queue);
              first.told.complete(taken);
            })
        // Whether it was carried out or not: put again, it changes nothing twice.
        .onFailure(
            failure -> {
              first.flying = false;
              first.doubtful |= !isSure(failure);
              failed.add(subject);
              shorten(subject, queue);
            });
  }

  private void goOn(Object subject, Deque<Waiting> queue) {
    if (queue.isEmpty()) {
      subjects.remove(subject);
    } else {
      put(subject, queue);
    }
  }

  /// Whether nobody can have heard of it. Who was told that an owner did not answer may have been
  /// aboard of a batch already.
  private static boolean isSure(Throwable failure) {
    return failure instanceof StreamException refused
        && (refused.reason() == Reason.NO_QUORUM || refused.reason() == Reason.FULL);
  }

  /// What nobody heard of, and whose end has come meanwhile, is dropped with all in between.
  private void shorten(Object subject, Deque<Waiting> queue) {
    Waiting first = queue.peek();
    boolean ended = first.isUnheard() && ends(queue.peekLast().note, first.note);
    // In between there may be what goes on: only a session takes all of it along.
    if (ended && (first.note instanceof Note.Connected || queue.size() == 2)) {
      queue.forEach(this::drop);
      queue.clear();
      subjects.remove(subject);
      failed.remove(subject);
    }
  }

  /// Puts again what could not be kept, some of it.
  ///
  /// @return how many notes
  int retry() {
    List<Object> due = failed.stream().limit(RETRIED_MAX).toList();
    due.forEach(failed::remove);
    // One may fail at once, which puts it back.
    due.forEach(subject -> put(subject, subjects.get(subject)));
    return due.size();
  }

  /// Notes that wait.
  long size() {
    return size;
  }
}
