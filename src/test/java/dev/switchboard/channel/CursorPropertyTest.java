package dev.switchboard.channel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.channel.Cursor.Step;
import dev.switchboard.protocol.Publication;
import dev.switchboard.stream.Position;
import dev.switchboard.stream.Query;
import dev.switchboard.stream.Slice;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/// Whatever happens to hints, with a truthful log everybody gets the log or is told of the loss.
class CursorPropertyTest {
  /// What can happen.
  enum Event {
    APPEND,
    HINT,
    HINT_NEWEST,
    EXECUTE,
    ANSWER,
    FAIL,
    TICK,
    TRIM,
    RENEW,
    TOLD,
    DOUBT
  }

  /// One thing that happens, and a number that says which or how much.
  record Happening(Event event, int number) {}

  @Provide
  Arbitrary<List<Happening>> histories() {
    var events =
        Arbitraries.frequency(
            Tuple.of(20, Event.APPEND),
            Tuple.of(20, Event.HINT),
            Tuple.of(10, Event.HINT_NEWEST),
            Tuple.of(10, Event.EXECUTE),
            Tuple.of(10, Event.ANSWER),
            Tuple.of(3, Event.FAIL),
            Tuple.of(8, Event.TICK),
            Tuple.of(2, Event.TRIM),
            Tuple.of(1, Event.RENEW),
            Tuple.of(2, Event.TOLD),
            Tuple.of(2, Event.DOUBT));
    return Combinators.combine(events, Arbitraries.integers().between(0, 10_000))
        .as(Happening::new)
        .list()
        .ofMinSize(1)
        .ofMaxSize(300);
  }

  @Property(tries = 2_000)
  void everybodyGetsTheLogInOrderOrIsToldOfTheLoss(@ForAll("histories") List<Happening> history) {
    // Given
    var world = new World();

    // When
    history.forEach(world::happen);
    world.calmDown();

    // Then
    assertThat(world.cursor.position()).isEqualTo(world.top());
    assertThat(world.cursor.isWaiting()).isFalse();
  }

  /// A log that tells the truth, the nodes' hints, and a member who writes down what it is given.
  private static final class World {
    private final Cursor cursor = new Cursor();
    private final List<Hint> hints = new ArrayList<>();
    private final ArrayDeque<Query> asked = new ArrayDeque<>();
    private final ArrayDeque<Slice> answers = new ArrayDeque<>();
    private List<Publication> log = new ArrayList<>();
    private Position seen;
    private long trimmed;
    private int epoch;
    private int now = Integer.MAX_VALUE - 500;

    private record Hint(String epoch, Publication publication) {}

    private World() {
      // Somebody else publishes before the position is known.
      append();
      hints.forEach(hint -> cursor.offer(hint.epoch, hint.publication, now));
      seen = top();
      take(cursor.start(seen, now));
    }

    private Position top() {
      return new Position("e" + epoch, log.size());
    }

    private void append() {
      var publication = new Publication(new byte[0], null, log.size() + 1, Map.of(), 0);
      log.add(publication);
      hints.add(new Hint("e" + epoch, publication));
    }

    private void happen(Happening happening) {
      int number = happening.number;
      switch (happening.event) {
        case APPEND -> append();
        case HINT -> hint(hints.get(hints.size() - 1 - number % Math.min(20, hints.size())));
        case HINT_NEWEST -> hint(hints.getLast());
        case EXECUTE -> execute(1 + number % 7);
        case ANSWER -> answer();
        case FAIL -> {
          if (!asked.isEmpty()) {
            asked.clear();
            take(cursor.failed(now));
          }
        }
        case TICK -> tick(number % 120);
        case TRIM -> trimmed = Math.max(trimmed, log.size() - number % 4);
        case RENEW -> {
          epoch++;
          log = new ArrayList<>();
          trimmed = 0;
        }
        case TOLD -> take(cursor.told(top(), now));
        case DOUBT -> take(cursor.doubt(now));
      }
    }

    private void hint(Hint hint) {
      take(cursor.offer(hint.epoch, hint.publication, now));
    }

    private void tick(int millis) {
      now += millis;
      take(cursor.tick(now));
    }

    /// Reads the log for the cursor; the answer is on its way then.
    private void execute(int page) {
      if (!asked.isEmpty()) {
        long since = asked.poll().since().orElseThrow();
        answers.add(
            new Slice(
                top(),
                log.stream()
                    .filter(each -> each.offset() > Math.max(since, trimmed))
                    .limit(page)
                    .toList()));
      }
    }

    private void answer() {
      if (!answers.isEmpty()) {
        take(cursor.taken(answers.poll(), now));
      }
    }

    private void calmDown() {
      take(cursor.doubt(now));
      for (int round = 0; round < 500 && (cursor.isWaiting() || isAsked()); round++) {
        execute(300);
        answer();
        tick(100);
      }
    }

    private boolean isAsked() {
      return !asked.isEmpty() || !answers.isEmpty();
    }

    private void take(List<Step> steps) {
      for (Step step : steps) {
        switch (step) {
          case Step.Deliver(var publications) -> publications.forEach(this::deliver);
          case Step.Lost(var resumed, var anew) -> lose(resumed, anew);
          case Step.Read(var query) -> {
            assertThat(isAsked()).as("one read at a time").isFalse();
            asked.add(query);
          }
        }
      }
    }

    private void deliver(Publication publication) {
      assertThat(publication.offset()).isEqualTo(seen.offset() + 1);
      assertThat(hints)
          .as("of that epoch")
          .anyMatch(hint -> hint.publication == publication && hint.epoch.equals(seen.epoch()));
      seen = new Position(seen.epoch(), publication.offset());
    }

    private void lose(Position resumed, boolean anew) {
      if (anew) {
        assertThat(resumed.epoch()).isNotEqualTo(seen.epoch());
      } else {
        assertThat(resumed.epoch()).isEqualTo(seen.epoch());
        assertThat(resumed.offset()).isGreaterThan(seen.offset());
        if (resumed.epoch().equals(top().epoch())) {
          assertThat(resumed.offset()).as("only what is gone is lost").isLessThanOrEqualTo(trimmed);
        }
      }
      seen = resumed;
    }
  }
}
