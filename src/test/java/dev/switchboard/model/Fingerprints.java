package dev.switchboard.model;

/// A set of 64-bit numbers, each with the one it was reached from; open addressing, no boxes.
final class Fingerprints {
  private long[] keys = new long[1 << 16];
  private long[] before = new long[1 << 16];
  private int size;

  /// Mixes a number into a fingerprint.
  static long mix(long fingerprint, long value) {
    long mixed = (fingerprint ^ value) * 0x9E3779B97F4A7C15L;
    mixed = (mixed ^ mixed >>> 32) * 0xD6E8FEB86659FD93L;
    return mixed ^ mixed >>> 29;
  }

  int size() {
    return size;
  }

  /// @return whether it was new
  boolean add(long fingerprint, long from) {
    long key = fingerprint == 0 ? 1 : fingerprint;
    int slot = slot(keys, key);
    if (keys[slot] == key) {
      return false;
    }
    keys[slot] = key;
    before[slot] = from;
    if (++size > keys.length / 2) {
      grow();
    }
    return true;
  }

  /// Where a number that is in the set was reached from.
  long before(long fingerprint) {
    return before[slot(keys, fingerprint == 0 ? 1 : fingerprint)];
  }

  private static int slot(long[] keys, long key) {
    int slot = (int) (key >>> 20) & keys.length - 1;
    while (keys[slot] != 0 && keys[slot] != key) {
      slot = slot + 1 & keys.length - 1;
    }
    return slot;
  }

  private void grow() {
    var moreKeys = new long[keys.length * 2];
    var moreBefore = new long[keys.length * 2];
    for (int i = 0; i < keys.length; i++) {
      if (keys[i] != 0) {
        int slot = slot(moreKeys, keys[i]);
        moreKeys[slot] = keys[i];
        moreBefore[slot] = before[i];
      }
    }
    keys = moreKeys;
    before = moreBefore;
  }
}
