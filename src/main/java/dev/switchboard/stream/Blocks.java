package dev.switchboard.stream;

import dev.switchboard.protocol.ClientInfo;
import dev.switchboard.protocol.MalformedException;
import dev.switchboard.protocol.Publication;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/// Big-endian bytes in blocks that begin with their length.
///
/// A reader skips what stands behind the fields of a block that it knows, so a later release may
/// add some. No length is believed before as many bytes are there.
final class Blocks {
  private static final int LATIN_1 = 0;
  private static final int UTF_16 = 1;
  private static final int NULL = -1;
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private Blocks() {}

  /// Takes bytes. One thread, one message.
  static final class Out {
    private byte[] buffer;
    private int size;

    /// @param expected bytes; wrong guesses cost a copy
    Out(long expected) {
      buffer = new byte[Math.clamp(expected, 64, Integer.MAX_VALUE / 2)];
    }

    byte[] toBytes() {
      return buffer.length == size ? buffer : Arrays.copyOf(buffer, size);
    }

    void put(int octet) {
      room(1);
      buffer[size++] = (byte) octet;
    }

    void putInt(int number) {
      room(Integer.BYTES);
      INT.set(buffer, size, number);
      size += Integer.BYTES;
    }

    void putLong(long number) {
      room(Long.BYTES);
      LONG.set(buffer, size, number);
      size += Long.BYTES;
    }

    void putBytes(byte[] bytes) {
      putInt(bytes == null ? NULL : bytes.length);
      if (bytes != null) {
        room(bytes.length);
        System.arraycopy(bytes, 0, buffer, size, bytes.length);
        size += bytes.length;
      }
    }

    /// Not UTF-8, which has no bytes for half a surrogate pair: the copy must have the same name.
    void putText(String text) {
      boolean narrow = isNarrow(text);
      put(narrow ? LATIN_1 : UTF_16);
      if (narrow) {
        putBytes(text.getBytes(StandardCharsets.ISO_8859_1));
      } else {
        putInt(text.length() * Character.BYTES);
        text.chars().forEach(this::putChar);
      }
    }

    private static boolean isNarrow(String text) {
      for (int i = 0; i < text.length(); i++) {
        if (text.charAt(i) > 0xff) {
          return false;
        }
      }
      return true;
    }

    private void putChar(int letter) {
      put(letter >>> Byte.SIZE);
      put(letter);
    }

    /// One block.
    <T> void putBlock(T value, BiConsumer<Out, T> writer) {
      int start = size;
      putInt(0);
      writer.accept(this, value);
      INT.set(buffer, start, size - start - Integer.BYTES);
    }

    /// A block for each, in a block of all.
    <T> void putAll(Collection<T> values, BiConsumer<Out, T> writer) {
      putInt(values.size());
      values.forEach(value -> putBlock(value, writer));
    }

    void putDuration(Duration duration) {
      putLong(Retention.millis(duration));
    }

    void putRetention(Retention retention) {
      putInt(retention.size());
      putDuration(retention.ttl());
      putDuration(retention.metaTtl());
    }

    void putMark(Shard.Mark mark) {
      putLong(mark.sequence());
      putLong(mark.stamp());
    }

    void putPublication(Publication publication) {
      putLong(publication.offset());
      putLong(publication.time());
      putBytes(publication.data());
      putInt(publication.tags().size());
      publication
          .tags()
          .forEach(
              (name, value) -> {
                putText(name);
                putText(value);
              });
      ClientInfo info = publication.info();
      put(info == null ? 0 : 1);
      if (info != null) {
        putText(info.user());
        putText(info.client());
        putBytes(info.connInfo());
        putBytes(info.chanInfo());
      }
    }

    private void room(int bytes) {
      int needed = Math.addExact(size, bytes);
      if (needed > buffer.length) {
        long doubled = Math.min(2L * buffer.length, Integer.MAX_VALUE - 8L);
        buffer = Arrays.copyOf(buffer, (int) Math.max(needed, doubled));
      }
    }
  }

  /// Reads one part of a message.
  interface Reader<T> {
    /// The part, out of a block of its own.
    T read(In in) throws MalformedException;
  }

  /// Gives bytes back. One thread, one message.
  static final class In {
    private final byte[] buffer;
    private int at;
    private int end;

    In(byte[] bytes) {
      buffer = bytes;
      end = bytes.length;
    }

    int get() throws MalformedException {
      return buffer[pass(1)] & 0xff;
    }

    int getInt() throws MalformedException {
      return (int) INT.get(buffer, pass(Integer.BYTES));
    }

    long getLong() throws MalformedException {
      return (long) LONG.get(buffer, pass(Long.BYTES));
    }

    /// A number that cannot be negative.
    int getCount() throws MalformedException {
      return (int) natural(getInt());
    }

    /// A number that cannot be negative.
    long getNatural() throws MalformedException {
      return natural(getLong());
    }

    private static long natural(long number) throws MalformedException {
      if (number < 0) {
        throw new MalformedException("a negative number");
      }
      return number;
    }

    byte[] getBytes() throws MalformedException {
      int length = getInt();
      if (length == NULL) {
        return null;
      }
      int start = pass(length);
      return Arrays.copyOfRange(buffer, start, start + length);
    }

    /// Bytes that are there.
    byte[] getSomeBytes() throws MalformedException {
      byte[] bytes = getBytes();
      if (bytes == null) {
        throw new MalformedException("no bytes");
      }
      return bytes;
    }

    String getText() throws MalformedException {
      int coding = get();
      byte[] bytes = getSomeBytes();
      if (coding == LATIN_1) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
      }
      if (coding != UTF_16 || bytes.length % Character.BYTES != 0) {
        throw new MalformedException("no text");
      }
      return ByteBuffer.wrap(bytes).asCharBuffer().toString();
    }

    <T> T getBlock(Reader<T> reader) throws MalformedException {
      int length = getInt();
      int start = pass(length);
      int outer = end;
      at = start;
      end = start + length;
      T value = reader.read(this);
      at = start + length;
      end = outer;
      return value;
    }

    <T> List<T> getAll(Reader<T> reader) throws MalformedException {
      int count = getInt();
      if (count < 0 || count > (end - at) / Integer.BYTES) {
        throw new MalformedException("more parts than bytes");
      }
      List<T> values = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        values.add(getBlock(reader));
      }
      return values;
    }

    Duration getDuration() throws MalformedException {
      return Duration.ofMillis(getNatural());
    }

    Retention getRetention() throws MalformedException {
      return new Retention(getInt(), getDuration(), getDuration());
    }

    Shard.Mark getMark() throws MalformedException {
      return new Shard.Mark(getNatural(), getLong());
    }

    Publication getPublication() throws MalformedException {
      long offset = getNatural();
      long time = getLong();
      byte[] data = getSomeBytes();
      Map<String, String> tags = getTags();
      ClientInfo info =
          get() == 0 ? null : new ClientInfo(getText(), getText(), getBytes(), getBytes());
      return new Publication(data, info, offset, tags, time);
    }

    private Map<String, String> getTags() throws MalformedException {
      int count = getInt();
      if (count == 0) {
        return Map.of();
      }
      Map<String, String> tags = new LinkedHashMap<>();
      for (int i = 0; i < count; i++) {
        tags.put(getText(), getText());
      }
      return Collections.unmodifiableMap(tags);
    }

    /// Goes on behind so many bytes; where they begin.
    private int pass(int bytes) throws MalformedException {
      if (bytes < 0 || bytes > end - at) {
        throw new MalformedException("ends too early");
      }
      int start = at;
      at += bytes;
      return start;
    }
  }
}
