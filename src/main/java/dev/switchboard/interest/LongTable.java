package dev.switchboard.interest;

import java.util.Arrays;

/// A map from hashes to values that are not 0, in one array. Owned by the peer loop.
///
/// Open addressing over pairs of (hash, value): between half and four fifths of the places are in
/// use, so an entry costs 20 to 32 bytes, whatever was added and removed before. A removal moves
/// later entries up instead of leaving a mark behind, as nobody reads meanwhile.
final class LongTable {
  private static final long[] NONE = {};
  private static final int SMALLEST = 4;
  private static final long SPREAD = 0x9e3779b97f4a7c15L;

  private long[] cells = NONE;
  private int size;

  int size() {
    return size;
  }

  /// The value of `hash`, or 0.
  long get(long hash) {
    if (size == 0) {
      return 0;
    }
    int at = find(hash);
    return cells[at] == hash ? cells[at + 1] : 0;
  }

  /// Gives `hash` the value, which is not 0, in place of any it has.
  void put(long hash, long value) {
    if ((size + 1) * 5 > capacity() * 4) {
      resize(Math.max(SMALLEST, capacity() + capacity() / 2));
    }
    int at = find(hash);
    if (cells[at] != hash) {
      cells[at] = hash;
      size++;
    }
    cells[at + 1] = value;
  }

  /// Forgets `hash`, which is there.
  void remove(long hash) {
    free(find(hash));
    size--;
    if (size * 2 < capacity() && capacity() > SMALLEST) {
      resize(Math.max(SMALLEST, size + size / 2));
    }
  }

  /// All hashes, in no particular order.
  long[] hashes() {
    long[] hashes = new long[size];
    int count = 0;
    for (int at = 0; at < cells.length; at += 2) {
      if (cells[at] != 0) {
        hashes[count++] = cells[at];
      }
    }
    return hashes;
  }

  /// Bytes of the array.
  long bytes() {
    return (long) cells.length * Long.BYTES;
  }

  private int capacity() {
    return cells.length / 2;
  }

  // Where the hash is, or the free place where it would go.
  private int find(long hash) {
    int at = home(hash);
    while (cells[at] != hash && cells[at] != 0) {
      at = after(at);
    }
    return at;
  }

  private int home(long hash) {
    return (int) ((hash * SPREAD >>> 32) * capacity() >>> 32) * 2;
  }

  private int after(int at) {
    return at + 2 == cells.length ? 0 : at + 2;
  }

  // An entry may move into the hole unless that is before its home, where nobody would find it.
  private void free(int place) {
    int hole = place;
    for (int at = after(hole); cells[at] != 0; at = after(at)) {
      if (distance(home(cells[at]), at) >= distance(hole, at)) {
        cells[hole] = cells[at];
        cells[hole + 1] = cells[at + 1];
        hole = at;
      }
    }
    cells[hole] = 0;
    cells[hole + 1] = 0;
  }

  private int distance(int from, int to) {
    return to >= from ? to - from : to - from + cells.length;
  }

  private void resize(int capacity) {
    long[] old = cells;
    cells = new long[capacity * 2];
    for (int from = 0; from < old.length; from += 2) {
      if (old[from] != 0) {
        int to = find(old[from]);
        System.arraycopy(old, from, cells, to, 2);
      }
    }
  }

  @Override
  public String toString() {
    return Arrays.toString(hashes());
  }
}
