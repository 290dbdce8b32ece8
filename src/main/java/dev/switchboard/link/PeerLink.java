package dev.switchboard.link;

import dev.switchboard.link.LinkMessage.Batch;
import dev.switchboard.link.LinkMessage.Entry;
import dev.switchboard.link.LinkMessage.Header;
import dev.switchboard.link.LinkMessage.Hello;
import dev.switchboard.link.LinkMessage.Tick;
import dev.switchboard.link.LinkMessage.Welcome;
import dev.switchboard.link.LinkMeters.Count;
import dev.switchboard.link.Outlet.Control;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// One end of a pair: carries items to one other node and takes its items in, in order and once,
/// over a transport that loses, doubles, reorders and delays.
///
/// Owned by the peer loop, except for what says "any thread". A state machine: it acts when it is
/// called and never by itself.
///
/// * Nothing is sent again because time passed: the transport queues without limit, so that would
///   bury a slow peer. Only a HELLO that says what is missing brings it again.
/// * The two generations name the stream. A message that names another is of an end that is no
///   more, and is forgotten; an end that meets a newer one starts over.
/// * A stuck peer costs its window of items, and half as much again of messages that the transport
///   has not written.
/// * Publications and sends age, on both sides; state does not, so it is bounded by being refused.
public final class PeerLink {
  /// Which end of which pair a link is.
  ///
  /// @param own incarnation of this node
  /// @param peer incarnation of the other
  /// @param generation above 0, and higher than that of every earlier link between the two made by
  ///   this node
  public record Ends(long own, long peer, long generation) {}

  /// What all links of a node share.
  ///
  /// @param nanos a clock that never goes back; safe on any thread
  public record Surroundings(
      LinkSettings settings,
      LongSupplier nanos,
      LinkCodec codec,
      Transport transport,
      LinkMeters meters) {}

  private enum State {
    GREETING,
    OPEN,
    CLOSED
  }

  private static final int PUBLISHED_SHARE = 7;
  private static final int WHOLE = 8;

  private final Ends ends;
  private final Surroundings around;
  private final LinkListener listener;
  private final long ageMax;
  private final long lease;
  private final PeerClock clock;
  private final Window window;
  private final Outgoing outgoing;
  private final Incoming incoming = new Incoming();
  private final Outlet outlet;

  // Read on any thread, written on the peer loop.
  private volatile State state = State.GREETING;
  private long peerGeneration;
  private long incompatibleGeneration;
  private boolean offerRefused;

  /// A link that greets its peer from the first [#onTick] on.
  public PeerLink(Ends ends, Surroundings surroundings, LinkListener listener) {
    LinkSettings settings = surroundings.settings();
    this.ends = ends;
    this.around = surroundings;
    this.listener = listener;
    ageMax = micros(settings.ageMax());
    lease = micros(settings.lease());
    clock = new PeerClock(surroundings.nanos(), lease);
    window = new Window(settings.windowBytes());
    outgoing = new Outgoing(window);
    outlet = new Outlet(ends.peer(), surroundings, outgoing, this::header);
  }

  private static long micros(Duration duration) {
    return TimeUnit.NANOSECONDS.toMicros(duration.toNanos());
  }

  /// Incarnation of the node at the other end. Any thread.
  public long peer() {
    return ends.peer();
  }

  /// Takes room in the window for an item that is sent later, or given back. Any thread.
  ///
  /// The last eighth of the window is kept for what is [offered][#offer], so that publications
  /// cannot keep state out.
  ///
  /// @param size as [Item#size]; an item of more than half a window is never taken
  /// @return false when the peer is busy
  public boolean tryReserve(int size) {
    boolean reserved = window.reserve(size, PUBLISHED_SHARE);
    if (!reserved) {
      count(Count.BUSY, 1);
    }
    return reserved;
  }

  /// Gives back what was reserved for an item that is not sent after all. Any thread.
  public void unreserve(int size) {
    window.release(size);
  }

  /// Queues an item whose size was reserved, until [#flush]. A closed link forgets it.
  public void send(Item item) {
    if (state == State.CLOSED) {
      window.release(item.size());
      return;
    }
    outgoing.add(item, clock.now());
  }

  /// Reserves and queues. An item of more than half a window is never taken.
  ///
  /// @return false when there is no room: [LinkListener#onRoom] will tell when there is
  public boolean offer(Item item) {
    if (!window.reserve(item.size(), WHOLE)) {
      offerRefused = true;
      return false;
    }
    send(item);
    return true;
  }

  /// Whether both ends know each other. Any thread.
  public boolean open() {
    return state == State.OPEN;
  }

  /// Number of the last item queued; starts again at 0 when the peer's end is new.
  public long sequence() {
    return outgoing.last();
  }

  /// Number up to which the peer has everything.
  public long acknowledged() {
    return outgoing.acknowledged();
  }

  /// Whether we may rely on what the peer told us of its state. Any thread.
  public boolean leaseHeld() {
    return state == State.OPEN && clock.leaseHeld();
  }

  /// Whether the peer may rely on what we told it, also when we have closed the link since: who
  /// waits for the peer waits until this is false. Any thread.
  public boolean leaseGranted() {
    return clock.leaseGranted();
  }

  /// The shortest round trip lately seen; zero when there is none to believe.
  public Duration roundTrip() {
    return Duration.of(clock.roundTrip(), ChronoUnit.MICROS);
  }

  /// Bytes of the window in use. Any thread.
  public long windowUsed() {
    return window.used();
  }

  /// Bytes handed to the transport that it has not written yet.
  public long unwritten() {
    return outlet.unwritten();
  }

  /// Ends the link for good and frees its window; nobody is told.
  public void close() {
    state = State.CLOSED;
    outlet.close();
    outgoing.clear();
  }

  /// The heartbeat: greets or ticks, asks for what is missing, drops what is too old. Flushes.
  public void onTick() {
    if (state == State.CLOSED) {
      return;
    }
    clock.tick();
    long aged = outgoing.age(clock.now() - ageMax);
    if (aged > 0) {
      count(Count.AGED, aged);
      listener.onDropped(this, aged);
    }
    if (state == State.GREETING) {
      outlet.owe(Control.HELLO);
    } else {
      outlet.owe(Control.TICK);
      if (incoming.asksOnTick()) {
        ask();
      }
    }
    tellOfRoom();
    flush();
  }

  /// Takes a message in; what follows from it leaves with the next [#flush].
  ///
  /// @param message authenticated; of or for another incarnation it is forgotten
  public void onMessage(LinkMessage message) {
    Header start = message.header();
    boolean ofThisPair = start.from() == ends.peer() && start.to() == ends.own();
    if (!ofThisPair || state == State.CLOSED) {
      count(Count.STALE, 1);
      return;
    }
    clock.noticeGap();
    switch (message) {
      case Hello hello -> onHello(hello);
      case Welcome welcome -> onWelcome(welcome);
      case Batch batch -> {
        if (hear(batch.header())) {
          onBatch(batch);
        }
      }
      case Tick tick -> {
        if (hear(tick.header())) {
          incoming.expect(tick.sent());
        }
      }
    }
  }

  private void onHello(Hello hello) {
    Header header = hello.header();
    if (header.generation() < peerGeneration) {
      count(Count.STALE, 1);
      return;
    }
    if (hello.versionMin() > LinkMessage.VERSION_MAX
        || hello.versionMax() < LinkMessage.VERSION_MIN) {
      refuse(hello);
      return;
    }
    meet(header.generation());
    if (!outlet.answer(hello.request())) {
      count(Count.DUPLICATES, 1);
      return;
    }
    if (header.peerGeneration() == ends.generation()) {
      hear(header);
    } else {
      clock.hear(header.beat(), false);
    }
  }

  private void refuse(Hello hello) {
    long generation = hello.header().generation();
    if (generation > incompatibleGeneration) {
      incompatibleGeneration = generation;
      count(Count.INCOMPATIBLE, 1);
      listener.onIncompatible(this, hello.versionMin(), hello.versionMax());
    }
  }

  private void onWelcome(Welcome welcome) {
    Header header = welcome.header();
    boolean spoken =
        welcome.version() >= LinkMessage.VERSION_MIN
            && welcome.version() <= LinkMessage.VERSION_MAX;
    if (header.peerGeneration() != ends.generation()
        || header.generation() < peerGeneration
        || !spoken) {
      count(Count.STALE, 1);
      return;
    }
    meet(header.generation());
    hear(header);
  }

  /// Starts over when the peer's end is another than the one known.
  private void meet(long generation) {
    if (generation == peerGeneration) {
      return;
    }
    peerGeneration = generation;
    outlet.forgetRequests();
    incoming.clear();
    clock.clear();
    if (state == State.OPEN) {
      count(Count.RESETS, 1);
      long lost = outgoing.clear();
      listener.onOpened(this);
      if (lost > 0) {
        listener.onDropped(this, lost);
      }
      tellOfRoom();
    }
  }

  /// What every message of the pair says; who names both ends has met us, which opens the link.
  ///
  /// @return false when it is of or for an end that is no more
  private boolean hear(Header header) {
    if (header.generation() != peerGeneration || header.peerGeneration() != ends.generation()) {
      count(Count.STALE, 1);
      return false;
    }
    clock.hear(header.beat(), true);
    if (state == State.GREETING) {
      state = State.OPEN;
      outlet.open();
      listener.onOpened(this);
    }
    if (outgoing.acknowledge(header.received())) {
      listener.onAcknowledged(this);
      tellOfRoom();
    }
    return state == State.OPEN;
  }

  private void onBatch(Batch batch) {
    switch (incoming.judge(batch)) {
      case NEXT -> accept(batch);
      case DUPLICATE -> count(Count.DUPLICATES, 1);
      case EARLY -> {
        incoming.expect(batch.last());
        if (incoming.asksForGap()) {
          ask();
        }
      }
    }
  }

  private void accept(Batch batch) {
    int known = (int) Math.max(0, incoming.received() + 1 - batch.sequence());
    long bytes = 0;
    long aged = 0;
    for (Entry entry : batch.entries()) {
      bytes += entry.item().size();
    }
    incoming.accept(batch, bytes);
    if (batch.ackNow() || incoming.untold() >= around.settings().windowBytes() / 8) {
      outlet.oweAcknowledgement();
    }
    long limit = clock.peerTime() - ageMax;
    for (Entry entry : batch.entries().subList(known, batch.entries().size())) {
      if (entry.item().ageing() && entry.enqueuedAt() < limit) {
        aged++;
      } else if (state == State.OPEN) {
        listener.onItem(this, entry.item().bytes());
      }
    }
    count(Count.AGED, aged);
    if (aged + batch.dropped() > 0 && state == State.OPEN) {
      listener.onDropped(this, aged + batch.dropped());
    }
  }

  private void ask() {
    count(Count.GAPS, 1);
    outlet.owe(Control.HELLO);
  }

  private void tellOfRoom() {
    if (offerRefused && window.hasRoom()) {
      offerRefused = false;
      listener.onRoom(this);
    }
  }

  /// Hands what was queued and what is to be said to the transport; to be called at the end of a
  /// loop turn.
  public void flush() {
    outlet.flush();
  }

  /// What the next message starts with; it tells the peer all that came, and may grant.
  private Header header() {
    boolean grant =
        state == State.OPEN
            && outgoing.oldestStateAt() >= clock.now() - lease / 2
            && listener.mayGrant(this);
    incoming.tell();
    return new Header(
        ends.own(),
        ends.peer(),
        ends.generation(),
        peerGeneration,
        incoming.received(),
        clock.beat(grant));
  }

  private void count(Count what, long times) {
    around.meters().add(what, times);
  }
}
