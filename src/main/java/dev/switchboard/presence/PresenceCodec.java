package dev.switchboard.presence;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.switchboard.presence.PresenceNews.Joined;
import dev.switchboard.presence.PresenceNews.Left;
import dev.switchboard.presence.PresenceNews.Part;
import dev.switchboard.protocol.ClientId;
import dev.switchboard.protocol.MalformedException;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The wire form of [PresenceNews]. Pure functions.
///
/// A type byte and the channel, then, big-endian: 21 bytes of an id; a member as its id, user, both
/// infos and whether it is silent; a part's flags, where it begins, and its members to the end.
/// Texts and infos have their length before them, and -1 says that there is none.
final class PresenceCodec {
  private static final byte PART = 1;
  private static final byte JOINED = 2;
  private static final byte LEFT = 3;

  private static final int LAST = 1;
  private static final int AFTER = 2;
  private static final int NONE = -1;

  private PresenceCodec() {}

  /// The bytes of `news`.
  static byte[] encode(PresenceNews news) {
    var bytes = new ByteArrayOutputStream();
    try (var out = new DataOutputStream(bytes)) {
      switch (news) {
        case Part part -> write(out, part);
        case Joined(var channel, var member) -> {
          begin(out, JOINED, channel);
          write(out, member);
        }
        case Left(var channel, var id) -> {
          begin(out, LEFT, channel);
          write(out, id);
        }
      }
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return bytes.toByteArray();
  }

  private static void write(DataOutputStream out, Part part) throws IOException {
    begin(out, PART, part.channel());
    out.writeByte((part.last() ? LAST : 0) | (part.after().isPresent() ? AFTER : 0));
    if (part.after().isPresent()) {
      write(out, part.after().get());
    }
    out.writeInt(part.members().size());
    for (Member member : part.members()) {
      write(out, member);
    }
  }

  private static void begin(DataOutputStream out, byte type, String channel) throws IOException {
    out.writeByte(type);
    write(out, channel.getBytes(UTF_8));
  }

  private static void write(DataOutputStream out, Member member) throws IOException {
    write(out, member.id());
    write(out, member.user().getBytes(UTF_8));
    write(out, member.connInfo());
    write(out, member.chanInfo());
    out.writeBoolean(member.silent());
  }

  private static void write(DataOutputStream out, ClientId id) throws IOException {
    out.writeLong(id.incarnation());
    out.writeByte(id.loop());
    out.writeInt(id.slot());
    out.writeLong(id.key());
  }

  private static void write(DataOutputStream out, byte[] bytes) throws IOException {
    out.writeInt(bytes == null ? NONE : bytes.length);
    if (bytes != null) {
      out.write(bytes);
    }
  }

  /// The news in `bytes`.
  ///
  /// @throws MalformedException when they are not exactly that
  static PresenceNews decode(byte[] bytes) throws MalformedException {
    var in = ByteBuffer.wrap(bytes);
    try {
      PresenceNews news = news(in);
      if (in.hasRemaining()) {
        throw new MalformedException("presence with something behind it");
      }
      return news;
    } catch (BufferUnderflowException short_) {
      throw new MalformedException("presence cut short");
    }
  }

  private static PresenceNews news(ByteBuffer in) throws MalformedException {
    byte type = in.get();
    String channel = text(in);
    return switch (type) {
      case PART -> part(in, channel);
      case JOINED -> new Joined(channel, member(in));
      case LEFT -> new Left(channel, id(in));
      default -> throw new MalformedException("unknown presence " + type);
    };
  }

  private static Part part(ByteBuffer in, String channel) throws MalformedException {
    int flags = in.get();
    Optional<ClientId> after = (flags & AFTER) == 0 ? Optional.empty() : Optional.of(id(in));
    int count = in.getInt();
    List<Member> members = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      members.add(member(in));
    }
    return new Part(channel, after, members, (flags & LAST) != 0);
  }

  private static Member member(ByteBuffer in) throws MalformedException {
    return new Member(id(in), text(in), bytes(in), bytes(in), in.get() != 0);
  }

  private static ClientId id(ByteBuffer in) {
    return new ClientId(in.getLong(), in.get() & 0xff, in.getInt(), in.getLong());
  }

  private static String text(ByteBuffer in) throws MalformedException {
    byte[] bytes = bytes(in);
    if (bytes == null) {
      throw new MalformedException("presence without a name");
    }
    return new String(bytes, UTF_8);
  }

  private static byte[] bytes(ByteBuffer in) throws MalformedException {
    int length = in.getInt();
    if (length == NONE) {
      return null;
    }
    if (length < 0 || length > in.remaining()) {
      throw new MalformedException("presence cut short");
    }
    byte[] bytes = new byte[length];
    in.get(bytes);
    return bytes;
  }
}
