package dev.switchboard.channel;

import dev.switchboard.protocol.Publication;
import dev.switchboard.stream.Position;
import dev.switchboard.stream.Query;
import dev.switchboard.stream.Slice;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;

/// How far one audience of a stream has got: takes publications in any order and gives them in
/// theirs, each once. Confined to the audience's event loop; knows no I/O.
///
/// Publications come from several nodes, so they overtake each other and get lost. One that is
/// early waits for those before it, for 50 ms or until 256 wait; then the log is asked. What the
/// log does not have any more, and another epoch, is a loss, and said to be one.
///
/// Times are the loop's milliseconds, which wrap around.
public final class Cursor {
  /// Publications at most that wait for others.
  public static final int WINDOW = 256;

  /// How long a hole may stay before the log is asked.
  public static final int PATIENCE_MILLIS = 50;

  /// How long after a failed read the log is asked again.
  public static final int RETRY_MILLIS = 1_000;

  /// Publications at most per read.
  public static final int PAGE = 300;

  private static final int EPOCHS_MAX = 4;

  /// What the owner of the cursor does now; in the order given.
  public sealed interface Step {
    /// Gives these to everybody, in this order.
    record Deliver(List<Publication> publications) implements Step {}

    /// Tells everybody who was before `resumed` that something is missing.
    ///
    /// @param anew whether the epoch is another one than before, so that everybody was
    record Lost(Position resumed, boolean anew) implements Step {}

    /// Reads this part of the log, and says what came of it with [#taken] or [#failed].
    record Read(Query query) implements Step {}
  }

  private String epoch;
  private long offset;
  private int heardAt;
  private Pending pending;

  /// What is not in order; most cursors are at rest and have none.
  private static final class Pending {
    private final Map<String, Held> epochs = new HashMap<>();
    private Set<String> asked = Set.of();
    private long since;
    private int size;
    private int due;
    private boolean doubt;
    private boolean reading;
    private boolean failed;

    private Pending(int due) {
      this.due = due;
    }

    /// Asks the log now, unless that failed a moment ago.
    private void hurry(int now) {
      if (!failed) {
        due = now;
      }
    }

    private Held of(String name) {
      return epochs.computeIfAbsent(name, _ -> new Held());
    }
  }

  /// What is known of one epoch beyond what was given.
  private static final class Held {
    private final TreeMap<Long, Publication> publications = new TreeMap<>();
    private long known;
  }

  /// Whether it has a position; before that it only keeps what it is offered.
  public boolean isStarted() {
    return epoch != null;
  }

  /// Where the audience is: everything up to here was given, or said to be lost.
  public Position position() {
    return new Position(epoch, offset);
  }

  /// When something was last heard of the stream, or asked.
  public int heardAt() {
    return heardAt;
  }

  /// Whether [#tick] has something to do later.
  public boolean isWaiting() {
    return pending != null && epoch != null && !pending.reading;
  }

  /// The log says that the stream ends here; everything up to here is somebody else's affair.
  public List<Step> start(Position top, int now) {
    epoch = top.epoch();
    offset = top.offset();
    heardAt = now;
    if (pending != null) {
      pending.due = now + PATIENCE_MILLIS;
      if (hasOthers()) {
        pending.hurry(now);
      }
    }
    return steps(drained(new ArrayList<>()), now);
  }

  /// A publication came, perhaps not for the first time.
  public List<Step> offer(String from, Publication publication, int now) {
    heardAt = now;
    List<Publication> ready = new ArrayList<>(1);
    if (!from.equals(epoch)) {
      hold(from, publication, now);
    } else if (publication.offset() == offset + 1) {
      offset++;
      ready.add(publication);
      drained(ready);
    } else if (publication.offset() > offset) {
      hold(from, publication, now);
    }
    return steps(ready, now);
  }

  /// The log was seen to end at `top`, perhaps a while ago.
  public List<Step> told(Position top, int now) {
    heardAt = now;
    boolean behind = top.epoch().equals(epoch) && top.offset() > offset;
    if (isStarted() && (behind || !top.epoch().equals(epoch))) {
      Held held = hold(top.epoch(), null, now);
      held.known = Math.max(held.known, top.offset());
    }
    return steps(List.of(), now);
  }

  /// Something may have been missed without a trace: asks the log.
  public List<Step> doubt(int now) {
    heardAt = now;
    if (isStarted()) {
      pending(now).doubt = true;
      pending.hurry(now);
    }
    return steps(List.of(), now);
  }

  /// Time passed.
  public List<Step> tick(int now) {
    return steps(List.of(), now);
  }

  /// The log could not be read.
  public List<Step> failed(int now) {
    pending.reading = false;
    pending.failed = true;
    pending.doubt = true;
    pending.due = now + RETRY_MILLIS;
    return List.of();
  }

  /// The log was read.
  ///
  /// @param slice of the query of the last [Step.Read]
  public List<Step> taken(Slice slice, int now) {
    heardAt = now;
    pending.reading = false;
    pending.failed = false;
    List<Step> steps = new ArrayList<>();
    forgetPast(slice.top().epoch());
    if (slice.top().epoch().equals(epoch)) {
      fill(slice, steps);
    } else {
      beginAnew(slice.top(), steps);
    }
    Held own = pending.of(epoch);
    own.known = Math.max(own.known, slice.top().offset());
    // The rest of the log at once; what is newer than the read may still be on its way.
    pending.due = offset < slice.top().offset() ? now : now + PATIENCE_MILLIS;
    if (hasOthers() || pending.doubt) {
      pending.hurry(now);
    }
    steps.addAll(steps(List.of(), now));
    return steps;
  }

  /// The log knows its epoch; the one of before, and those that it could have had, are over.
  private void forgetPast(String current) {
    pending.epochs.keySet().removeIf(name -> !name.equals(current) && isPast(name));
    pending.size =
        pending.epochs.values().stream().mapToInt(held -> held.publications.size()).sum();
  }

  private boolean isPast(String name) {
    return name.equals(epoch) || pending.asked.contains(name);
  }

  private void beginAnew(Position top, List<Step> steps) {
    epoch = top.epoch();
    var publications = pending.of(epoch).publications;
    offset =
        publications.isEmpty() ? top.offset() : Math.min(top.offset(), publications.firstKey() - 1);
    steps.add(new Step.Lost(position(), true));
    deliver(steps);
  }

  private void fill(Slice slice, List<Step> steps) {
    Held own = pending.of(epoch);
    long last = 0;
    for (Publication publication : slice.publications()) {
      last = publication.offset();
      if (last > offset && own.publications.put(last, publication) == null) {
        pending.size++;
      }
    }
    deliver(steps);
    // What was given beyond the slice came by itself: then the log has more to say.
    boolean more = last > pending.since && last <= offset;
    while (offset < slice.top().offset() && !more) {
      // A slice has no holes, so what comes next is gone.
      offset =
          own.publications.isEmpty()
              ? slice.top().offset()
              : Math.min(slice.top().offset(), own.publications.firstKey() - 1);
      steps.add(new Step.Lost(position(), false));
      deliver(steps);
      more = last > pending.since && last <= offset;
    }
  }

  private void deliver(List<Step> steps) {
    List<Publication> ready = drained(new ArrayList<>());
    if (!ready.isEmpty()) {
      steps.add(new Step.Deliver(ready));
    }
  }

  private List<Publication> drained(List<Publication> ready) {
    Held own = pending == null ? null : pending.epochs.get(epoch);
    while (own != null
        && !own.publications.isEmpty()
        && own.publications.firstKey() <= offset + 1) {
      Publication first = own.publications.pollFirstEntry().getValue();
      pending.size--;
      if (first.offset() > offset) {
        offset = first.offset();
        ready.add(first);
      }
    }
    return ready;
  }

  private Pending pending(int now) {
    if (pending == null) {
      pending = new Pending(now + PATIENCE_MILLIS);
    }
    return pending;
  }

  /// @param publication or null to note the epoch alone
  private Held hold(String name, Publication publication, int now) {
    Pending all = pending(now);
    boolean full = all.size >= WINDOW || all.epochs.size() >= EPOCHS_MAX;
    if (full || !name.equals(epoch)) {
      all.doubt |= full;
      all.hurry(now);
    }
    if (full && !all.epochs.containsKey(name)) {
      return new Held();
    }
    Held held = all.of(name);
    if (publication != null) {
      held.known = Math.max(held.known, publication.offset());
      if (all.size < WINDOW && held.publications.put(publication.offset(), publication) == null) {
        all.size++;
      }
    }
    return held;
  }

  private boolean hasOthers() {
    return pending.epochs.size() > (pending.epochs.containsKey(epoch) ? 1 : 0);
  }

  private List<Step> steps(List<Publication> ready, int now) {
    var read = settle(now);
    if (ready.isEmpty()) {
      return read == null ? List.of() : List.of(read);
    }
    var deliver = new Step.Deliver(ready);
    return read == null ? List.of(deliver) : List.of(deliver, read);
  }

  /// Rests when nothing is missing, or asks the log when it is time to.
  private Step settle(int now) {
    if (pending == null || epoch == null || pending.reading) {
      return null;
    }
    Held own = pending.epochs.get(epoch);
    boolean hole = own != null && own.known > offset;
    if (!hole && !pending.doubt && !hasOthers()) {
      pending = null;
      return null;
    }
    if (now - pending.due < 0) {
      return null;
    }
    pending.reading = true;
    pending.doubt = false;
    pending.since = offset;
    pending.asked = new HashSet<>(pending.epochs.keySet());
    return new Step.Read(new Query(PAGE, OptionalLong.of(offset), false));
  }
}
