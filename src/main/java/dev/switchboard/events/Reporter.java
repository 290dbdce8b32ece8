package dev.switchboard.events;

import dev.switchboard.lifecycle.Note;
import dev.switchboard.protocol.ClientId;
import dev.switchboard.store.Rolls;
import dev.switchboard.store.Rolls.Taken;
import dev.switchboard.stream.Position;
import dev.switchboard.stream.Retention;
import io.vertx.core.Future;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongConsumer;

/// What this node has to say to one stream of events. Confined to one event loop.
///
/// A stream that begins anew, with another epoch, has lost its roll: then all that is open here is
/// said again.
final class Reporter {
  // How often a stream that nothing was said to is looked at.
  private static final int TICKS_QUIET = 20;

  private final int stream;
  private final Rolls rolls;
  private final Retention retention;
  private final Function<List<ClientId>, Future<Boolean>> full;
  private final Backlog backlog;
  private final Listener listener;
  private final Set<ClientId> letIn = new HashSet<>();
  private String epoch = "";
  private long top;
  private int quiet;

  /// Hears what becomes of the stream.
  ///
  /// @param lost there is another roll, which knows nothing of this node
  /// @param grown there are new events
  record Listener(Runnable lost, Consumer<Position> grown, LongConsumer retried) {}

  /// @param full whether nobody may come in beside these connections of a user
  Reporter(
      int stream,
      Rolls rolls,
      Retention retention,
      Function<List<ClientId>, Future<Boolean>> full,
      Listener listener) {
    this.stream = stream;
    this.rolls = rolls;
    this.retention = retention;
    this.full = full;
    this.listener = listener;
    this.backlog = new Backlog(this::carryOut);
  }

  private Future<Taken> carryOut(Note note) {
    return note instanceof Note.Connected connected ? admit(connected) : put(note);
  }

  /// Some who were counted may be gone. Should one too many come in by this, the caretaker sees to
  /// it. All of it is one step: nothing else is said of the session before it is decided.
  private Future<Taken> admit(Note.Connected note) {
    return put(note)
        .compose(
            taken ->
                taken.answer().refused()
                    ? full.apply(taken.answer().over())
                        .compose(refused -> decide(note, taken, refused))
                    : Future.succeededFuture(taken));
  }

  /// Whoever was let in meanwhile did begin, and so must its events.
  private Future<Taken> decide(Note.Connected note, Taken taken, boolean refused) {
    return refused && !letIn.contains(note.client())
        ? Future.succeededFuture(taken)
        : put(note.leniently());
  }

  /// See [Backlog#add].
  Future<Taken> say(Note note) {
    return backlog.add(note);
  }

  /// As [#say], for a session that begins.
  Future<Taken> begin(Note.Connected note) {
    return backlog.add(note).onComplete(_ -> letIn.remove(note.client()));
  }

  /// A session that waits is let in before its event is kept: it stands, see [Backlog#insist].
  void letIn(ClientId client) {
    letIn.add(client);
    backlog.insist(client);
  }

  /// See [Backlog#addAgain].
  void sayAgain(Note note) {
    backlog.addAgain(note);
  }

  /// Puts a note once.
  Future<Taken> put(Note note) {
    return rolls.note(stream, note, retention).onSuccess(taken -> look(taken.top()));
  }

  private void look(Position position) {
    quiet = 0;
    if (!position.epoch().equals(epoch)) {
      // Without an event before, nothing was open.
      boolean lost = top > 0;
      epoch = position.epoch();
      top = 0;
      if (lost) {
        listener.lost().run();
      }
    }
    if (position.offset() > top) {
      top = position.offset();
      listener.grown().accept(position);
    }
  }

  /// Four times a second.
  void onTick() {
    int retried = backlog.retry();
    if (retried > 0) {
      listener.retried().accept(retried);
    }
    if (++quiet >= TICKS_QUIET) {
      quiet = 0;
      put(new Note.Look(List.of()));
    }
  }

  /// Notes that wait.
  long waiting() {
    return backlog.size();
  }

  /// Whether this node is the one that looks after the stream.
  boolean isOwn() {
    return rolls.owns(stream);
  }
}
