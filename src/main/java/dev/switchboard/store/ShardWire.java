package dev.switchboard.store;

import dev.switchboard.protocol.ClientInfo;
import dev.switchboard.protocol.MalformedException;
import dev.switchboard.protocol.Publication;
import dev.switchboard.store.ShardHost.Outcome;
import dev.switchboard.store.ShardHost.Reading;
import dev.switchboard.store.ShardHost.Request;
import dev.switchboard.store.ShardHost.View;
import dev.switchboard.stream.Position;
import dev.switchboard.stream.Query;
import dev.switchboard.stream.Shard;
import dev.switchboard.stream.ShardBatch;
import dev.switchboard.stream.ShardCodec;
import dev.switchboard.stream.ShardResult;
import dev.switchboard.stream.Slice;
import dev.switchboard.stream.StreamException.Reason;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// The bytes of requests to owners of shards, and of their answers. Pure functions.
///
/// Both begin with the version of the format. They live as long as one call; what is kept, and what
/// goes to copies, is [ShardCodec]'s.
final class ShardWire {
  private static final byte VERSION = 1;
  private static final byte ANSWERED = 1;
  private static final byte REFUSED = 2;
  private static final byte FOUND = 1;
  private static final byte UNSAFE = 2;
  private static final byte LATER = 3;
  private static final byte HAS_SINCE = 1;
  private static final byte REVERSE = 2;

  private ShardWire() {}

  static byte[] encode(Request request) {
    var out = new Pen();
    out.octet(VERSION);
    out.number(request.acked().sequence());
    out.number(request.acked().stamp());
    out.bytes(request.batch().map(ShardCodec::encode).orElse(null));
    out.size(request.readings().size());
    for (Reading one : request.readings()) {
      out.text(one.channel());
      Query query = one.query();
      out.size(query.limit());
      out.octet(
          (byte) ((query.since().isPresent() ? HAS_SINCE : 0) | (query.reverse() ? REVERSE : 0)));
      out.number(query.since().orElse(0));
    }
    return out.written();
  }

  static Request request(byte[] bytes) throws MalformedException {
    try {
      ByteBuffer in = open(bytes);
      var acked = new Shard.Mark(in.getLong(), in.getLong());
      byte[] inner = bytes(in);
      Optional<ShardBatch> batch =
          inner == null ? Optional.empty() : Optional.of(ShardCodec.batch(inner));
      int count = in.getInt();
      List<Reading> readings = new ArrayList<>();
      for (int index = 0; index < count; index++) {
        readings.add(reading(in));
      }
      return new Request(batch, acked, readings);
    } catch (BufferUnderflowException unfinished) {
      throw new MalformedException("a request that ends too soon");
    }
  }

  private static Reading reading(ByteBuffer in) throws MalformedException {
    String channel = text(in);
    int limit = in.getInt();
    byte flags = in.get();
    long since = in.getLong();
    return new Reading(
        channel,
        new Query(
            limit,
            (flags & HAS_SINCE) != 0 ? OptionalLong.of(since) : OptionalLong.empty(),
            (flags & REVERSE) != 0));
  }

  static byte[] encode(Outcome.Answered answer) {
    var out = new Pen();
    out.octet(VERSION);
    out.octet(ANSWERED);
    out.bytes(answer.result().map(ShardCodec::encode).orElse(null));
    out.size(answer.views().size());
    for (View view : answer.views()) {
      switch (view) {
        case View.Found(var slice) -> {
          out.octet(FOUND);
          write(out, slice);
        }
        case View.Unsafe() -> out.octet(UNSAFE);
        case View.Later() -> out.octet(LATER);
      }
    }
    return out.written();
  }

  static byte[] encode(Outcome.Refused refusal) {
    var out = new Pen();
    out.octet(VERSION);
    out.octet(REFUSED);
    out.text(refusal.reason().name());
    out.text(refusal.message());
    return out.written();
  }

  static Outcome outcome(byte[] bytes) throws MalformedException {
    try {
      ByteBuffer in = open(bytes);
      byte kind = in.get();
      if (kind == REFUSED) {
        return new Outcome.Refused(Reason.valueOf(text(in)), text(in));
      }
      byte[] inner = bytes(in);
      Optional<ShardResult> result =
          inner == null ? Optional.empty() : Optional.of(ShardCodec.result(inner));
      int count = in.getInt();
      List<View> views = new ArrayList<>();
      for (int index = 0; index < count; index++) {
        views.add(view(in));
      }
      return new Outcome.Answered(result, views);
    } catch (BufferUnderflowException | IllegalArgumentException broken) {
      throw new MalformedException("an answer of another format");
    }
  }

  private static View view(ByteBuffer in) throws MalformedException {
    byte kind = in.get();
    if (kind == FOUND) {
      return new View.Found(slice(in));
    }
    return kind == LATER ? new View.Later() : new View.Unsafe();
  }

  private static void write(Pen out, Slice slice) {
    out.text(slice.top().epoch());
    out.number(slice.top().offset());
    out.size(slice.publications().size());
    for (Publication one : slice.publications()) {
      out.number(one.offset());
      out.number(one.time());
      out.bytes(one.data());
      out.size(one.tags().size());
      one.tags()
          .forEach(
              (name, value) -> {
                out.text(name);
                out.text(value);
              });
      out.octet((byte) (one.info() == null ? 0 : 1));
      if (one.info() != null) {
        out.text(one.info().user());
        out.text(one.info().client());
        out.bytes(one.info().connInfo());
        out.bytes(one.info().chanInfo());
      }
    }
  }

  private static Slice slice(ByteBuffer in) throws MalformedException {
    var top = new Position(text(in), in.getLong());
    int count = in.getInt();
    List<Publication> publications = new ArrayList<>();
    for (int index = 0; index < count; index++) {
      long offset = in.getLong();
      long time = in.getLong();
      byte[] data = bytes(in);
      Map<String, String> tags = tags(in);
      ClientInfo info =
          in.get() == 0 ? null : new ClientInfo(text(in), text(in), bytes(in), bytes(in));
      publications.add(new Publication(data, info, offset, tags, time));
    }
    return new Slice(top, publications);
  }

  private static Map<String, String> tags(ByteBuffer in) throws MalformedException {
    int count = in.getInt();
    if (count == 0) {
      return Map.of();
    }
    Map<String, String> tags = new LinkedHashMap<>();
    for (int index = 0; index < count; index++) {
      tags.put(text(in), text(in));
    }
    return tags;
  }

  private static ByteBuffer open(byte[] bytes) throws MalformedException {
    var in = ByteBuffer.wrap(bytes);
    if (in.get() != VERSION) {
      throw new MalformedException("a format of another version");
    }
    return in;
  }

  private static String text(ByteBuffer in) throws MalformedException {
    byte[] bytes = bytes(in);
    if (bytes == null) {
      throw new MalformedException("no text where one belongs");
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static byte[] bytes(ByteBuffer in) throws MalformedException {
    int length = in.getInt();
    if (length < 0) {
      return null;
    }
    if (length > in.remaining()) {
      throw new MalformedException("a part that is longer than the whole");
    }
    byte[] bytes = new byte[length];
    in.get(bytes);
    return bytes;
  }

  /// Writes numbers, texts and bytes one after the other. Confined to one call.
  private static final class Pen {
    private byte[] buffer = new byte[256];
    private int length;

    void octet(byte value) {
      room(1);
      buffer[length++] = value;
    }

    void size(int value) {
      room(Integer.BYTES);
      for (int shift = Integer.SIZE - Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
        buffer[length++] = (byte) (value >>> shift);
      }
    }

    void number(long value) {
      size((int) (value >>> Integer.SIZE));
      size((int) value);
    }

    void text(String value) {
      bytes(value.getBytes(StandardCharsets.UTF_8));
    }

    /// @param value null is kept apart from empty
    void bytes(byte[] value) {
      if (value == null) {
        size(-1);
        return;
      }
      size(value.length);
      room(value.length);
      System.arraycopy(value, 0, buffer, length, value.length);
      length += value.length;
    }

    byte[] written() {
      return Arrays.copyOf(buffer, length);
    }

    private void room(int more) {
      if (length + more > buffer.length) {
        buffer = Arrays.copyOf(buffer, Math.max(buffer.length * 2, length + more));
      }
    }
  }
}
