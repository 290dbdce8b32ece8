package dev.switchboard.link;

import dev.switchboard.link.LinkMessage.Entry;
import java.util.ArrayList;
import java.util.List;

/// What one end owes its peer: items queued and items not yet acknowledged, by number.
///
/// Owned by the peer loop. A dropped item leaves no trace but the hole between its neighbours'
/// numbers, so a peer that never acknowledges costs its window and no more, however much is dropped
/// meanwhile.
final class Outgoing {
  /// What a batch holds at most, unless a single item is larger: keeps one peer's turn short.
  static final int BATCH_BYTES_MAX = 240 * 1024;

  /// The content of a batch.
  ///
  /// @param resent how many of the entries were sent before
  record Slice(long sequence, long dropped, boolean ackNow, List<Entry> entries, int resent) {}

  private static final class Node {
    private long sequence;
    private final Entry entry;
    private Node next;

    Node(long sequence, Entry entry) {
      this.sequence = sequence;
      this.entry = entry;
    }

    boolean ageing() {
      return entry.item().ageing();
    }
  }

  private final Window window;

  // Stands for everything acknowledged and holds none of it.
  private final Node head = new Node(0, null);
  private Node tail = head;
  private Node sent = head;
  private Node examined = head;
  private Node oldestState;
  private long last;
  private long covered;
  private long highestSent;

  Outgoing(Window window) {
    this.window = window;
  }

  /// Number of the last item queued.
  long last() {
    return last;
  }

  /// Number up to which the peer has everything.
  long acknowledged() {
    return head.sequence;
  }

  /// Highest number handed out by [#take].
  long highestSent() {
    return highestSent;
  }

  /// When the oldest state was queued that the peer has not acknowledged; far in the future when
  /// there is none.
  long oldestStateAt() {
    return oldestState == null ? Long.MAX_VALUE : oldestState.entry.enqueuedAt();
  }

  void add(Item item, long now) {
    Node node = new Node(++last, new Entry(now, item));
    tail.next = node;
    tail = node;
    if (oldestState == null && !item.ageing()) {
      oldestState = node;
    }
  }

  /// Forgets what the peer has.
  ///
  /// @return whether it has more than it was known to have
  boolean acknowledge(long received) {
    if (received <= head.sequence || received > highestSent) {
      return false;
    }
    long freed = 0;
    Node node = head.next;
    while (node != null && node.sequence <= received) {
      freed += node.entry.item().size();
      node = node.next;
    }
    head.next = node;
    head.sequence = received;
    covered = Math.max(covered, received);
    tail = kept(tail);
    sent = kept(sent);
    examined = kept(examined);
    while (oldestState != null && (oldestState.sequence <= received || oldestState.ageing())) {
      oldestState = oldestState.next;
    }
    window.release(freed);
    return true;
  }

  private Node kept(Node node) {
    return node.sequence <= head.sequence ? head : node;
  }

  /// Drops ageing items queued before `limit`; each item is looked at once.
  ///
  /// @return how many
  long age(long limit) {
    long freed = 0;
    long dropped = 0;
    for (Node node = examined.next; node != null && isBefore(node, limit); node = node.next) {
      if (node.ageing()) {
        freed += node.entry.item().size();
        dropped++;
        unlink(node);
      } else {
        examined = node;
      }
    }
    window.release(freed);
    return dropped;
  }

  private static boolean isBefore(Node node, long limit) {
    return node.entry.enqueuedAt() < limit;
  }

  private void unlink(Node node) {
    examined.next = node.next;
    sent = sent == node ? examined : sent;
    tail = tail == node ? examined : tail;
  }

  /// Whether there is something that was not handed out yet, or has to be again.
  boolean hasMore() {
    return covered < last;
  }

  /// The next batch, as large as it may be.
  ///
  /// @param room what its items may take at most
  /// @param alone whether nothing else is under way, so that one item of any size may go
  /// @return null when not even the next item has room
  Slice take(long room, boolean alone) {
    List<Entry> entries = new ArrayList<>();
    long sequence = covered + 1;
    long size = 0;
    boolean ackNow = false;
    int resent = 0;
    Node at = sent;
    for (Node next = at.next; next != null; next = next.next) {
      size += next.entry.item().size();
      boolean first = entries.isEmpty();
      if (size > room && !(first && alone) || !first && size > BATCH_BYTES_MAX) {
        break;
      }
      entries.add(next.entry);
      ackNow |= !next.ageing();
      resent += next.sequence <= highestSent ? 1 : 0;
      at = next;
    }
    if (entries.isEmpty() && (sent.next != null || room < Item.OVERHEAD)) {
      return null;
    }
    sent = at;
    covered = at.next == null ? last : at.sequence;
    highestSent = Math.max(highestSent, covered);
    long dropped = covered - sequence + 1 - entries.size();
    return new Slice(sequence, dropped, ackNow, entries, resent);
  }

  /// Starts again behind what the peer has.
  void rewind() {
    sent = head;
    covered = head.sequence;
  }

  /// Forgets everything; numbers start again.
  ///
  /// @return how many ageing items were lost
  long clear() {
    long freed = 0;
    long dropped = 0;
    for (Node node = head.next; node != null; node = node.next) {
      freed += node.entry.item().size();
      dropped += node.ageing() ? 1 : 0;
    }
    head.next = null;
    head.sequence = 0;
    tail = head;
    sent = head;
    examined = head;
    oldestState = null;
    last = 0;
    covered = 0;
    highestSent = 0;
    window.release(freed);
    return dropped;
  }
}
