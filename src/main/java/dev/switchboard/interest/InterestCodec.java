package dev.switchboard.interest;

import static dev.switchboard.interest.InterestNews.SHARDS;

import dev.switchboard.interest.BadInterestException.Reason;
import dev.switchboard.interest.InterestNews.Complete;
import dev.switchboard.interest.InterestNews.Delta;
import dev.switchboard.interest.InterestNews.Digest;
import dev.switchboard.interest.InterestNews.Shard;
import dev.switchboard.interest.InterestNews.Wanted;
import java.nio.ByteBuffer;

/// The wire form of [InterestNews]. Any thread.
///
/// A type byte, then, big-endian: a delta's two counts and its hashes; a shard's index and seven
/// bytes of each hash, as the eighth is the index; nothing for complete; 256 longs of a digest; a
/// byte for each wanted shard. Every byte is accounted for: one more or less is refused before
/// anything is allocated, so what is decoded is never larger than what came.
public final class InterestCodec {
  private static final byte DELTA = 1;
  private static final byte SHARD = 2;
  private static final byte COMPLETE = 3;
  private static final byte DIGEST = 4;
  private static final byte WANTED = 5;

  private static final int TAIL_BYTES = 7;
  private static final int TAIL_BITS = 56;

  private InterestCodec() {}

  /// The bytes of `news`.
  public static byte[] encode(InterestNews news) {
    return switch (news) {
      case Delta delta -> delta(delta);
      case Shard shard -> shard(shard);
      case Complete _ -> new byte[] {COMPLETE};
      case Digest digest -> digest(digest);
      case Wanted wanted -> wanted(wanted);
    };
  }

  /// The news in `bytes`.
  ///
  /// @throws BadInterestException when they are not exactly that
  public static InterestNews decode(byte[] bytes) throws BadInterestException {
    check(bytes.length > 0, Reason.EMPTY);
    ByteBuffer in = ByteBuffer.wrap(bytes);
    return switch (in.get()) {
      case DELTA -> delta(in);
      case SHARD -> shard(in);
      case COMPLETE -> complete(in);
      case DIGEST -> digest(in);
      case WANTED -> wanted(in);
      default -> throw new BadInterestException(Reason.UNKNOWN_TYPE);
    };
  }

  private static byte[] delta(Delta delta) {
    int hashes = Math.addExact(delta.added().length, delta.removed().length);
    ByteBuffer out =
        ByteBuffer.allocate(
            Math.addExact(1 + 2 * Integer.BYTES, Math.multiplyExact(hashes, Long.BYTES)));
    out.put(DELTA).putInt(delta.added().length).putInt(delta.removed().length);
    putAll(out, delta.added());
    putAll(out, delta.removed());
    return out.array();
  }

  private static Delta delta(ByteBuffer in) throws BadInterestException {
    check(in.remaining() >= 2 * Integer.BYTES, Reason.WRONG_LENGTH);
    long added = Integer.toUnsignedLong(in.getInt());
    long removed = Integer.toUnsignedLong(in.getInt());
    check(in.remaining() == (added + removed) * Long.BYTES, Reason.WRONG_LENGTH);
    return new Delta(hashes(in, (int) added), hashes(in, (int) removed));
  }

  private static byte[] shard(Shard shard) {
    int count = shard.hashes().length;
    byte[] bytes = new byte[Math.addExact(2, Math.multiplyExact(count, TAIL_BYTES))];
    bytes[0] = SHARD;
    bytes[1] = (byte) shard.index();
    int at = 2;
    for (long hash : shard.hashes()) {
      for (int shift = TAIL_BITS - Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
        bytes[at++] = (byte) (hash >>> shift);
      }
    }
    return bytes;
  }

  private static Shard shard(ByteBuffer in) throws BadInterestException {
    boolean whole = in.remaining() > 0 && (in.remaining() - 1) % TAIL_BYTES == 0;
    check(whole, Reason.WRONG_LENGTH);
    int index = Byte.toUnsignedInt(in.get());
    long[] hashes = new long[in.remaining() / TAIL_BYTES];
    for (int i = 0; i < hashes.length; i++) {
      long hash = index;
      for (int tail = 0; tail < TAIL_BYTES; tail++) {
        hash = hash << Byte.SIZE | Byte.toUnsignedLong(in.get());
      }
      hashes[i] = named(hash);
    }
    return new Shard(index, hashes);
  }

  private static Complete complete(ByteBuffer in) throws BadInterestException {
    check(!in.hasRemaining(), Reason.WRONG_LENGTH);
    return new Complete();
  }

  private static byte[] digest(Digest digest) {
    ByteBuffer out = ByteBuffer.allocate(1 + SHARDS * Long.BYTES).put(DIGEST);
    putAll(out, digest.perShard());
    return out.array();
  }

  private static Digest digest(ByteBuffer in) throws BadInterestException {
    check(in.remaining() == SHARDS * Long.BYTES, Reason.WRONG_LENGTH);
    long[] perShard = new long[SHARDS];
    in.asLongBuffer().get(perShard);
    return new Digest(perShard);
  }

  private static byte[] wanted(Wanted wanted) {
    ByteBuffer out = ByteBuffer.allocate(1 + wanted.shards().length).put(WANTED);
    for (int shard : wanted.shards()) {
      out.put((byte) shard);
    }
    return out.array();
  }

  private static Wanted wanted(ByteBuffer in) throws BadInterestException {
    check(in.hasRemaining() && in.remaining() <= SHARDS, Reason.WRONG_LENGTH);
    int[] shards = new int[in.remaining()];
    for (int i = 0; i < shards.length; i++) {
      shards[i] = Byte.toUnsignedInt(in.get());
      check(i == 0 || shards[i - 1] < shards[i], Reason.UNORDERED_SHARDS);
    }
    return new Wanted(shards);
  }

  private static void putAll(ByteBuffer out, long[] values) {
    for (long value : values) {
      out.putLong(value);
    }
  }

  private static long[] hashes(ByteBuffer in, int count) throws BadInterestException {
    long[] hashes = new long[count];
    for (int i = 0; i < count; i++) {
      hashes[i] = named(in.getLong());
    }
    return hashes;
  }

  private static long named(long hash) throws BadInterestException {
    check(RouteHash.isName(hash), Reason.RESERVED_HASH);
    return hash;
  }

  private static void check(boolean good, Reason reason) throws BadInterestException {
    if (!good) {
      throw new BadInterestException(reason);
    }
  }
}
