package dev.switchboard.tenure;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Optional;

/// The bytes of [GiveUp] and its answer: numbers of fixed length, big-endian. Pure.
///
/// What trails is skipped, for releases to come.
public final class TenureCodec {
  private static final int TITLE_BYTES = 6 * Long.BYTES;
  private static final GiveUp.Plea.Kind[] KINDS = GiveUp.Plea.Kind.values();

  private TenureCodec() {}

  /// The bytes of a question.
  public static byte[] encode(GiveUp question) {
    ByteBuffer out = ByteBuffer.allocate(Integer.BYTES + 4 * Long.BYTES + TITLE_BYTES + 1);
    out.putInt(question.shard()).putLong(question.successor());
    out.putLong(question.copy().generation()).putLong(question.copy().sequence());
    put(out, question.copy().title());
    out.putLong(question.plea().freed()).put((byte) question.plea().kind().ordinal());
    return out.array();
  }

  /// The bytes of its answer.
  public static byte[] encode(GaveUp word) {
    return ByteBuffer.allocate(6 * Long.BYTES + 2)
        .putLong(word.holder())
        .putLong(word.generation())
        .putLong(word.successor())
        .putLong(word.term())
        .putLong(word.sequence())
        .putLong(word.newest())
        .put((byte) (word.alone() ? 1 : 0))
        .put((byte) (word.renounced() ? 1 : 0))
        .array();
  }

  private static void put(ByteBuffer out, Title title) {
    out.putLong(title.lineage()).putLong(title.version()).putLong(title.term());
    out.putLong(title.start()).putLong(title.owner()).putLong(title.backup());
  }

  private static Title title(ByteBuffer in) {
    return new Title(
        in.getLong(), in.getLong(), in.getLong(), in.getLong(), in.getLong(), in.getLong());
  }

  /// A question; none when the bytes are too few, or ask for something unknown.
  public static Optional<GiveUp> giveUp(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    try {
      int shard = in.getInt();
      long successor = in.getLong();
      long generation = in.getLong();
      long sequence = in.getLong();
      var copy = new Copy(generation, title(in), sequence);
      long freed = in.getLong();
      var plea = new GiveUp.Plea(KINDS[in.get()], freed);
      return Optional.of(new GiveUp(shard, copy, successor, plea));
    } catch (BufferUnderflowException | ArrayIndexOutOfBoundsException cutShort) {
      return Optional.empty();
    }
  }

  /// An answer; none when the bytes are too few.
  public static Optional<GaveUp> gaveUp(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    try {
      return Optional.of(
          new GaveUp(
              in.getLong(),
              in.getLong(),
              in.getLong(),
              in.getLong(),
              in.getLong(),
              in.getLong(),
              in.get() != 0,
              in.get() != 0));
    } catch (BufferUnderflowException cutShort) {
      return Optional.empty();
    }
  }
}
