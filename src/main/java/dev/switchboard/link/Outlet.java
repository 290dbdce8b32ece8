package dev.switchboard.link;

import dev.switchboard.link.LinkMessage.Batch;
import dev.switchboard.link.LinkMessage.Header;
import dev.switchboard.link.LinkMessage.Hello;
import dev.switchboard.link.LinkMessage.Tick;
import dev.switchboard.link.LinkMessage.Welcome;
import dev.switchboard.link.LinkMeters.Count;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Supplier;

/// What one end has to say next, and what of it the transport still holds.
///
/// Owned by the peer loop. The transport never says no, so this does: of batches it hands over an
/// eighth of a window at most (or one larger item), of other messages one at a time, until they are
/// written. The bus holds what it was given three times over, which makes the eighth nearly a half.
final class Outlet {
  /// A message without items; said once, however often it is owed. The most urgent comes first.
  enum Control {
    WELCOME,
    HELLO,
    TICK
  }

  private final long peer;
  private final PeerLink.Surroundings around;
  private final Outgoing outgoing;
  private final Supplier<Header> header;
  private final long capacity;

  private final Set<Control> owed = EnumSet.noneOf(Control.class);
  private boolean acknowledgementOwed;
  private boolean rewindOwed;
  private boolean open;
  private boolean closed;
  private boolean flushing;
  private boolean blocked;
  private boolean controlUnwritten;
  private long unwritten;
  private long requests;
  private long answered;

  /// @param header makes what a message starts with; to be called once for each message
  Outlet(long peer, PeerLink.Surroundings around, Outgoing outgoing, Supplier<Header> header) {
    this.peer = peer;
    this.around = around;
    this.outgoing = outgoing;
    this.header = header;
    capacity = around.settings().windowBytes() / 8;
  }

  /// Bytes of batches that the transport holds.
  long unwritten() {
    return unwritten;
  }

  /// From here on items may go; whoever opened the link needs no greeting any more.
  void open() {
    open = true;
    owed.remove(Control.HELLO);
  }

  /// From here on nothing goes.
  void close() {
    closed = true;
  }

  void owe(Control control) {
    owed.add(control);
  }

  /// Any message pays it, so a batch that leaves anyway saves the tick.
  void oweAcknowledgement() {
    acknowledgementOwed = true;
  }

  /// The peer asks for what it lacks.
  ///
  /// @return false when that was answered before
  boolean answer(long request) {
    if (request <= answered) {
      return false;
    }
    answered = request;
    rewindOwed = true;
    owe(Control.WELCOME);
    return true;
  }

  /// The peer's end is new and counts its requests anew.
  void forgetRequests() {
    answered = 0;
  }

  void flush() {
    if (flushing || closed) {
      return;
    }
    flushing = true;
    if (owed.contains(Control.WELCOME) || owed.contains(Control.HELLO)) {
      sendControl();
    }
    if (open) {
      sendBatches();
    }
    if (acknowledgementOwed) {
      owe(Control.TICK);
    }
    sendControl();
    flushing = false;
  }

  private void sendControl() {
    while (!controlUnwritten && !owed.isEmpty() && !closed) {
      Control next = owed.iterator().next();
      owed.remove(next);
      controlUnwritten = true;
      byte[] bytes = around.codec().encode(control(next));
      count(Count.BYTES, bytes.length);
      around.transport().send(peer, bytes, _ -> onControlWritten());
    }
  }

  private LinkMessage control(Control next) {
    return switch (next) {
      case WELCOME -> new Welcome(header(), LinkMessage.VERSION_MAX, answered);
      case HELLO ->
          new Hello(header(), LinkMessage.VERSION_MIN, LinkMessage.VERSION_MAX, ++requests);
      case TICK -> new Tick(header(), outgoing.highestSent());
    };
  }

  private Header header() {
    acknowledgementOwed = false;
    return header.get();
  }

  private void onControlWritten() {
    controlUnwritten = false;
    if (!flushing) {
      sendControl();
    }
  }

  private void sendBatches() {
    if (rewindOwed) {
      if (unwritten > 0) {
        // What the peer lacks may be among what the transport still holds: wait for its fate.
        blocked = true;
        return;
      }
      rewindOwed = false;
      outgoing.rewind();
    }
    while (outgoing.hasMore() && !closed) {
      Outgoing.Slice slice = outgoing.take(capacity - unwritten, unwritten == 0);
      if (slice == null) {
        blocked = true;
        return;
      }
      send(slice);
    }
  }

  private void send(Outgoing.Slice slice) {
    count(Count.BATCHES, 1);
    count(Count.ENTRIES, slice.entries().size());
    count(Count.RESENT, slice.resent());
    Batch batch =
        new Batch(header(), slice.sequence(), slice.dropped(), slice.ackNow(), slice.entries());
    byte[] bytes = around.codec().encode(batch);
    unwritten += bytes.length;
    count(Count.BYTES, bytes.length);
    around.transport().send(peer, bytes, written -> onBatchWritten(bytes.length, written));
  }

  private void onBatchWritten(int length, boolean written) {
    unwritten -= length;
    if (!written) {
      count(Count.UNWRITTEN, 1);
    }
    if (blocked && !flushing) {
      blocked = false;
      flush();
    }
  }

  private void count(Count what, long times) {
    around.meters().add(what, times);
  }
}
