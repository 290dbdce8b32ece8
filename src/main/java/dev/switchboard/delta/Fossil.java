package dev.switchboard.delta;

import java.util.Arrays;

/// Makes patches in the delta format of the Fossil version control system. Pure.
///
/// A patch is the length of the result, a list of commands that copy a part of the base or insert
/// bytes, and a checksum of the result. The base is indexed in blocks of 16 bytes; where one occurs
/// in the target, the match is extended to both sides. Copies end at characters of UTF-8, so that
/// the patch of a text is a text.
///
/// The format: <https://fossil-scm.org/home/doc/trunk/www/delta_format.wiki>.
public final class Fossil {
  private static final int BLOCK = 16;
  private static final int MULTIPLIER = 0x01000193;

  // Of the first byte of a block, which leaves when the block moves on.
  private static final int OUTGOING = power(MULTIPLIER, BLOCK - 1);

  // Whoever publishes chooses base and target, and could choose them so that every byte has many
  // candidates: a patch costs so many comparisons for each byte, or is not looked for any further.
  private static final int COMPARISONS_PER_BYTE = 8;

  private final byte[] base;
  private final byte[] target;
  private final PatchWriter out;
  private final int[] heads;
  private final int[] following;
  private long comparisonsLeft;
  private int matchBase;
  private int matchTarget;
  private int matchLength;

  private Fossil(byte[] base, byte[] target) {
    this.base = base;
    this.target = target;
    this.out = new PatchWriter(target.length / 4 + 32);
    int blocks = base.length / BLOCK;
    this.heads = new int[Integer.highestOneBit(Math.max(1, blocks)) * 2];
    this.following = new int[blocks];
    this.comparisonsLeft = (long) COMPARISONS_PER_BYTE * (base.length + target.length);
  }

  /// The patch that makes `target` out of `base`; it may be longer than `target`.
  public static byte[] patch(byte[] base, byte[] target) {
    return new Fossil(base, target).make();
  }

  private byte[] make() {
    out.number(target.length).command('\n');
    index();
    int written = 0;
    int at = 0;
    int hash = at + BLOCK <= target.length ? hash(target, at) : 0;
    while (at + BLOCK <= target.length && comparisonsLeft > 0) {
      if (find(hash, at, written)) {
        insert(written, matchTarget);
        out.number(matchLength).command('@').number(matchBase).command(',');
        written = matchTarget + matchLength;
        at = written;
        hash = at + BLOCK <= target.length ? hash(target, at) : 0;
      } else {
        if (at + BLOCK < target.length) {
          hash = (hash - target[at] * OUTGOING) * MULTIPLIER + target[at + BLOCK];
        }
        at++;
      }
    }
    insert(written, target.length);
    return out.number(checksum(target)).command(';').toBytes();
  }

  private void insert(int from, int to) {
    if (to > from) {
      out.number(to - from).command(':').bytes(target, from, to);
    }
  }

  /// Puts every block of the base into a list of those with the same place in the table; the first
  /// of a list comes from the end of the base. Numbers are one higher, so that 0 is none.
  private void index() {
    for (int block = 0; block < following.length; block++) {
      int place = place(hash(base, block * BLOCK));
      following[block] = heads[place];
      heads[place] = block + 1;
    }
  }

  private int place(int hash) {
    return (hash ^ hash >>> 15) & heads.length - 1;
  }

  /// Looks for the longest match around a block of the target.
  ///
  /// @param written how far the target is written: a match must not reach back behind that
  /// @return whether there is one that is shorter to copy than to insert
  private boolean find(int hash, int at, int written) {
    matchLength = 0;
    int candidate = heads[place(hash)];
    while (candidate > 0 && comparisonsLeft > 0) {
      extend((candidate - 1) * BLOCK, at, written);
      candidate = following[candidate - 1];
    }
    return matchLength > PatchWriter.digits(matchLength) + PatchWriter.digits(matchBase) + 4;
  }

  private void extend(int baseAt, int at, int written) {
    int end = Arrays.mismatch(base, baseAt, base.length, target, at, target.length);
    int forward = end < 0 ? Math.min(base.length - baseAt, target.length - at) : end;
    // A candidate is dear however few bytes of it are compared.
    comparisonsLeft -= Math.max(forward, BLOCK);
    if (forward < BLOCK) {
      return;
    }
    int back = 0;
    while (back < baseAt
        && at - back > written
        && base[baseAt - back - 1] == target[at - back - 1]) {
      back++;
    }
    comparisonsLeft -= back;
    keep(baseAt - back, at - back, at + forward);
  }

  /// Keeps a match, cut to whole characters, if it is the longest one so far.
  private void keep(int baseFrom, int from, int to) {
    int start = from;
    while (start < to && isInside(start)) {
      start++;
    }
    int end = to;
    while (end > start && isInside(end)) {
      end--;
    }
    if (end - start > matchLength) {
      matchLength = end - start;
      matchTarget = start;
      matchBase = baseFrom + start - from;
    }
  }

  /// Whether a character of the target goes on here that began before.
  private boolean isInside(int at) {
    return at < target.length && (target[at] & 0xc0) == 0x80;
  }

  private static int hash(byte[] bytes, int from) {
    int hash = 0;
    for (int i = from; i < from + BLOCK; i++) {
      hash = hash * MULTIPLIER + bytes[i];
    }
    return hash;
  }

  private static int power(int factor, int exponent) {
    int power = 1;
    for (int i = 0; i < exponent; i++) {
      power *= factor;
    }
    return power;
  }

  /// The sum of the big-endian words of 4 bytes, the last one filled up with zeros.
  private static long checksum(byte[] bytes) {
    int sum = 0;
    for (int i = 0; i < bytes.length; i++) {
      sum += (bytes[i] & 0xff) << 24 - 8 * (i & 3);
    }
    return Integer.toUnsignedLong(sum);
  }
}
