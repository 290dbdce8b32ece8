package dev.switchboard.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;

/// What a codec makes of bytes: it refuses them, or what it read can be written and read again.
///
/// The bytes themselves need not come back, as a codec may skip what trails or fill in what is left
/// out; but what was written from there on is the same for ever. Pure.
public final class Retelling {
  private Retelling() {}

  /// Reads a value.
  public interface Reader<T> {
    /// The value in the bytes; throws what it refuses them with.
    T read(byte[] bytes) throws Exception;
  }

  /// How a reader says no that has no exception of its own.
  public static final class NoneException extends Exception {
    private static final long serialVersionUID = 1L;

    private NoneException() {
      super("none", null, false, false);
    }
  }

  /// A value that may be missing.
  public static <T> T required(Optional<T> maybe) throws NoneException {
    return maybe.orElseThrow(NoneException::new);
  }

  /// Reads the bytes, and what was read once more from bytes of its own.
  ///
  /// @param refusal the one exception that says that bytes are nothing; all else is a fault
  /// @return what was read; empty when it was refused
  public static <T> Optional<T> check(
      byte[] bytes,
      Reader<T> reader,
      Function<T, byte[]> writer,
      Class<? extends Exception> refusal)
      throws Exception {
    T value;
    try {
      value = reader.read(bytes);
    } catch (Exception exception) {
      if (refusal.isInstance(exception)) {
        return Optional.empty();
      }
      throw exception;
    }
    byte[] written = writer.apply(value);
    T again = reader.read(written);
    // Sets have no order: those are equal, although their bytes may differ.
    if (!again.equals(value) && !Arrays.equals(writer.apply(again), written)) {
      assertThat(writer.apply(again)).as(value.toString()).isEqualTo(written);
    }
    return Optional.of(value);
  }
}
