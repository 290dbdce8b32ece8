package dev.switchboard.events;

import dev.switchboard.config.EventsConfig;
import dev.switchboard.lifecycle.Note;
import dev.switchboard.protocol.ClientId;
import dev.switchboard.store.Rolls.Taken;
import io.vertx.core.Future;
import java.util.BitSet;
import java.util.List;

/// Looks after the rolls that this node owns. Confined to one event loop.
///
/// It says who is alive, so that what others had open ends with them, and closes connections of
/// users who have too many. Why the owner of a roll: of all nodes exactly one is, whoever dies.
final class Caretaker {
  private static final int TICKS = 4;

  private final Registrar.World world;
  private final List<Reporter> reporters;
  private final ConnectionCap cap;
  private final BitSet busy = new BitSet();
  private int ticks;

  Caretaker(Registrar.World world, List<Reporter> reporters, ConnectionCap cap) {
    this.world = world;
    this.reporters = reporters;
    this.cap = cap;
  }

  /// Four times a second.
  void onTick() {
    if (++ticks < TICKS) {
      return;
    }
    ticks = 0;
    for (int number = 0; number < reporters.size(); number++) {
      int stream = number;
      if (reporters.get(stream).isOwn() && !busy.get(stream)) {
        busy.set(stream);
        look(reporters.get(stream)).onComplete(_ -> busy.clear(stream));
      }
    }
  }

  private Future<Void> look(Reporter reporter) {
    EventsConfig events = world.config().events();
    long now = world.clock().millis();
    long since = now - events.lastSeenTtl().toMillis();
    int seenMax = events.lastSeenMax() / reporters.size();
    return reporter
        .put(new Note.Alive(now, world.members().get(), seenMax, since, cap.cap()))
        .compose(taken -> follow(reporter, taken));
  }

  private Future<Void> follow(Reporter reporter, Taken taken) {
    if (taken.answer().unfinished()) {
      return look(reporter);
    }
    List<ClientId> over = taken.answer().over();
    return over.isEmpty() ? Future.succeededFuture() : cap.trim(over);
  }
}
