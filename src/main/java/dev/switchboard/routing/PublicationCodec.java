package dev.switchboard.routing;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.switchboard.protocol.ClientInfo;
import dev.switchboard.protocol.MalformedException;
import dev.switchboard.protocol.Publication;
import dev.switchboard.protocol.Push;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/// The bytes in which nodes write publications. Pure functions.
///
/// Publications are most of what nodes say, so they have a form of their own: flags that say which
/// parts are there, the channel, those parts, and the rest is data. Numbers are big-endian; a text
/// (in UTF-8) or a part of bytes is its length in 4 bytes and itself.
///
/// ```
/// flags 4, channel, then by flag
///   1 user, client    2 conn_info    4 chan_info    8 offset 8    16 time 8
///   32 tags: count 4, each: name, value    64 epoch    128 deltas, which has no part
///   256 the channel where it was published, when the first one is a wildcard
/// data
/// ```
///
/// A publication with a flag that a version does not know is malformed to it, as nothing says where
/// that part ends: a new part may only be sent once all nodes know it.
final class PublicationCodec {
  private static final int INFO = 1;
  private static final int CONN_INFO = 1 << 1;
  private static final int CHAN_INFO = 1 << 2;
  private static final int OFFSET = 1 << 3;
  private static final int TIME = 1 << 4;
  private static final int TAGS = 1 << 5;
  private static final int EPOCH = 1 << 6;
  private static final int DELTAS = 1 << 7;
  private static final int PUBLISHED_IN = 1 << 8;
  private static final int ALL = (PUBLISHED_IN << 1) - 1;

  // Of the parts that are nearly always there.
  private static final int SIZE_HINT = 128;

  private PublicationCodec() {}

  /// What came from another node.
  ///
  /// @param epoch of the stream that holds it; empty when there is none
  /// @param deltas whether it may go as a patch to who wants that
  record Published(Push.Publish push, String epoch, boolean deltas) {}

  /// A publication that is kept in no stream.
  static byte[] encode(Push.Publish push) {
    return encode(push, "", false);
  }

  static byte[] encode(Push.Publish push, String epoch, boolean deltas) {
    var publication = push.publication();
    int flags = flags(publication) | (epoch.isEmpty() ? 0 : EPOCH) | (deltas ? DELTAS : 0);
    var out = new Writer(SIZE_HINT + publication.data().length);
    out.number(flags).text(push.channel());
    if (publication.info() != null) {
      write(out, publication.info());
    }
    if (isSet(flags, OFFSET)) {
      out.longNumber(publication.offset());
    }
    if (isSet(flags, TIME)) {
      out.longNumber(publication.time());
    }
    if (isSet(flags, TAGS)) {
      out.number(publication.tags().size());
      publication.tags().forEach((name, value) -> out.text(name).text(value));
    }
    if (isSet(flags, EPOCH)) {
      out.text(epoch);
    }
    if (isSet(flags, PUBLISHED_IN)) {
      out.text(publication.channel());
    }
    return out.raw(publication.data()).toBytes();
  }

  private static int flags(Publication publication) {
    var info = publication.info();
    return (info == null ? 0 : INFO)
        | (info == null || info.connInfo() == null ? 0 : CONN_INFO)
        | (info == null || info.chanInfo() == null ? 0 : CHAN_INFO)
        | (publication.offset() == 0 ? 0 : OFFSET)
        | (publication.time() == 0 ? 0 : TIME)
        | (publication.tags().isEmpty() ? 0 : TAGS)
        | (publication.channel().isEmpty() ? 0 : PUBLISHED_IN);
  }

  private static void write(Writer out, ClientInfo info) {
    out.text(info.user()).text(info.client());
    if (info.connInfo() != null) {
      out.part(info.connInfo());
    }
    if (info.chanInfo() != null) {
      out.part(info.chanInfo());
    }
  }

  private static boolean isSet(int flags, int flag) {
    return (flags & flag) != 0;
  }

  /// @throws MalformedException when no node of this version writes such a thing
  static Published decode(byte[] bytes) throws MalformedException {
    var in = ByteBuffer.wrap(bytes);
    try {
      int flags = in.getInt();
      if ((flags & ~ALL) != 0) {
        throw new MalformedException("a publication with unknown parts: " + flags);
      }
      var channel = text(in);
      var info = isSet(flags, INFO) ? info(in, flags) : null;
      long offset = isSet(flags, OFFSET) ? in.getLong() : 0;
      long time = isSet(flags, TIME) ? in.getLong() : 0;
      Map<String, String> tags = isSet(flags, TAGS) ? tags(in) : Map.of();
      String epoch = isSet(flags, EPOCH) ? text(in) : "";
      String publishedIn = isSet(flags, PUBLISHED_IN) ? text(in) : "";
      byte[] data = Arrays.copyOfRange(bytes, in.position(), bytes.length);
      var publication = new Publication(data, info, offset, tags, time, false, publishedIn);
      return new Published(new Push.Publish(channel, publication), epoch, isSet(flags, DELTAS));
    } catch (BufferUnderflowException cut) {
      throw cutShort();
    }
  }

  private static ClientInfo info(ByteBuffer in, int flags) throws MalformedException {
    return new ClientInfo(
        text(in),
        text(in),
        isSet(flags, CONN_INFO) ? part(in) : null,
        isSet(flags, CHAN_INFO) ? part(in) : null);
  }

  private static Map<String, String> tags(ByteBuffer in) throws MalformedException {
    Map<String, String> tags = new LinkedHashMap<>();
    for (int left = in.getInt(); left > 0; left--) {
      tags.put(text(in), text(in));
    }
    return tags;
  }

  private static String text(ByteBuffer in) throws MalformedException {
    int length = length(in);
    var text = new String(in.array(), in.position(), length, UTF_8);
    in.position(in.position() + length);
    return text;
  }

  private static byte[] part(ByteBuffer in) throws MalformedException {
    byte[] part = new byte[length(in)];
    in.get(part);
    return part;
  }

  private static int length(ByteBuffer in) throws MalformedException {
    int length = in.getInt();
    if (length < 0 || length > in.remaining()) {
      throw cutShort();
    }
    return length;
  }

  private static MalformedException cutShort() {
    return new MalformedException("a publication is cut short");
  }

  /// Bytes that grow. Confined to one call.
  private static final class Writer {
    private byte[] bytes;
    private int length;

    Writer(int sizeHint) {
      bytes = new byte[sizeHint];
    }

    Writer number(int value) {
      reserve(Integer.BYTES);
      for (int shift = Integer.SIZE - Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
        bytes[length++] = (byte) (value >>> shift);
      }
      return this;
    }

    Writer longNumber(long value) {
      return number((int) (value >>> Integer.SIZE)).number((int) value);
    }

    Writer text(String value) {
      return part(value.getBytes(UTF_8));
    }

    Writer part(byte[] part) {
      return number(part.length).raw(part);
    }

    Writer raw(byte[] more) {
      reserve(more.length);
      System.arraycopy(more, 0, bytes, length, more.length);
      length += more.length;
      return this;
    }

    private void reserve(int more) {
      if (bytes.length - length < more) {
        bytes = Arrays.copyOf(bytes, Math.addExact(2 * length, more));
      }
    }

    byte[] toBytes() {
      return Arrays.copyOf(bytes, length);
    }
  }
}
