package dev.switchboard.link;

import dev.switchboard.link.BadLinkMessageException.Reason;
import dev.switchboard.link.LinkMessage.Batch;
import dev.switchboard.link.LinkMessage.Beat;
import dev.switchboard.link.LinkMessage.Entry;
import dev.switchboard.link.LinkMessage.Header;
import dev.switchboard.link.LinkMessage.Hello;
import dev.switchboard.link.LinkMessage.Tick;
import dev.switchboard.link.LinkMessage.Welcome;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Signed bytes of link messages, and back.
///
/// Owned by the peer loop: it reuses one signer. Whoever reaches the bus port can send bytes to a
/// node, so nothing is read before the signature is verified, and nothing is allocated for a length
/// that the message does not have. All numbers are big-endian and of fixed width:
///
/// ```
/// magic 2, format 1, type 1, from 8, to 8, generation 8, peerGeneration 8, received 8,
/// sentAt 8, echo 8, held 8, granted 8, then by type, then 16 bytes of HMAC-SHA256 over all of it
///   1 HELLO    versionMin 4, versionMax 4, request 8
///   2 WELCOME  version 4, request 8
///   3 BATCH    sequence 8, dropped 8, ackNow 1, entries 4, each: ageing 1, enqueuedAt 8,
///              length 4, bytes
///   4 TICK     sent 8
/// ```
public final class LinkCodec {
  private static final String ALGORITHM = "HmacSHA256";
  private static final byte[] PURPOSE = "switchboard link 1".getBytes(StandardCharsets.US_ASCII);
  private static final short MAGIC = 0x5357;
  private static final byte FORMAT = 1;
  private static final byte HELLO = 1;
  private static final byte WELCOME = 2;
  private static final byte BATCH = 3;
  private static final byte TICK = 4;
  private static final int START = 4;
  private static final int HEADER = START + 72;
  private static final int BATCH_START = HEADER + 21;
  private static final int ENTRY = 13;
  private static final int SIGNATURE = 16;

  private final Mac signer;
  private final byte[] signature;

  /// @param clusterKey the cluster's shared secret; the key that signs is derived from it
  public LinkCodec(byte[] clusterKey) {
    try {
      signer = Mac.getInstance(ALGORITHM);
      signer.init(new SecretKeySpec(PURPOSE, ALGORITHM));
      byte[] derived = signer.doFinal(clusterKey);
      signer.init(new SecretKeySpec(derived, ALGORITHM));
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("every JDK has " + ALGORITHM, impossible);
    }
    signature = new byte[signer.getMacLength()];
  }

  /// The bytes of a message, signed. Every entry is copied once.
  public byte[] encode(LinkMessage message) {
    byte[] bytes = new byte[length(message) + SIGNATURE];
    ByteBuffer to = ByteBuffer.wrap(bytes).putShort(MAGIC).put(FORMAT).put(type(message));
    putHeader(to, message.header());
    switch (message) {
      case Hello hello ->
          to.putInt(hello.versionMin()).putInt(hello.versionMax()).putLong(hello.request());
      case Welcome welcome -> to.putInt(welcome.version()).putLong(welcome.request());
      case Batch batch -> putBatch(to, batch);
      case Tick tick -> to.putLong(tick.sent());
    }
    sign(bytes, to.position());
    to.put(signature, 0, SIGNATURE);
    return bytes;
  }

  /// The message that signed bytes hold; it shares no memory with them.
  ///
  /// @throws BadLinkMessageException when they are not a message signed with this cluster's key
  public LinkMessage decode(byte[] bytes) throws BadLinkMessageException {
    int length = bytes.length - SIGNATURE;
    if (length < HEADER) {
      throw new BadLinkMessageException(Reason.TOO_SHORT);
    }
    ByteBuffer from = ByteBuffer.wrap(bytes, 0, length);
    if (from.getShort() != MAGIC || from.get() != FORMAT) {
      throw new BadLinkMessageException(Reason.UNKNOWN_FORMAT);
    }
    if (!isSigned(bytes, length)) {
      throw new BadLinkMessageException(Reason.BAD_SIGNATURE);
    }
    byte type = from.get();
    Header header = header(from);
    LinkMessage message =
        switch (type) {
          case HELLO -> hello(header, from);
          case WELCOME -> welcome(header, from);
          case BATCH -> batch(header, from);
          case TICK -> tick(header, from);
          default -> throw new BadLinkMessageException(Reason.UNKNOWN_FORMAT);
        };
    check(!from.hasRemaining());
    return message;
  }

  /// Puts a signature where decoding expects it: over everything before the last 16 bytes.
  void seal(byte[] bytes) {
    sign(bytes, bytes.length - SIGNATURE);
    System.arraycopy(signature, 0, bytes, bytes.length - SIGNATURE, SIGNATURE);
  }

  private void sign(byte[] bytes, int length) {
    try {
      signer.update(bytes, 0, length);
      signer.doFinal(signature, 0);
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("the signature has room", impossible);
    }
  }

  /// In constant time: how much of a guess was right must not show.
  private boolean isSigned(byte[] bytes, int length) {
    sign(bytes, length);
    int difference = 0;
    for (int at = 0; at < SIGNATURE; at++) {
      difference |= bytes[length + at] ^ signature[at];
    }
    return difference == 0;
  }

  private static byte type(LinkMessage message) {
    return switch (message) {
      case Hello _ -> HELLO;
      case Welcome _ -> WELCOME;
      case Batch _ -> BATCH;
      case Tick _ -> TICK;
    };
  }

  private static int length(LinkMessage message) {
    return switch (message) {
      case Hello _ -> HEADER + 16;
      case Welcome _ -> HEADER + 12;
      case Batch batch -> {
        int length = BATCH_START;
        for (Entry entry : batch.entries()) {
          length = Math.addExact(length, ENTRY + entry.item().bytes().length);
        }
        yield length;
      }
      case Tick _ -> HEADER + 8;
    };
  }

  private static void putHeader(ByteBuffer to, Header header) {
    Beat beat = header.beat();
    to.putLong(header.from()).putLong(header.to());
    to.putLong(header.generation()).putLong(header.peerGeneration()).putLong(header.received());
    to.putLong(beat.sentAt()).putLong(beat.echo()).putLong(beat.held()).putLong(beat.granted());
  }

  private static Header header(ByteBuffer from) {
    return new Header(
        from.getLong(),
        from.getLong(),
        from.getLong(),
        from.getLong(),
        from.getLong(),
        new Beat(from.getLong(), from.getLong(), from.getLong(), from.getLong()));
  }

  private static void putBatch(ByteBuffer to, Batch batch) {
    to.putLong(batch.sequence()).putLong(batch.dropped());
    putFlag(to, batch.ackNow());
    to.putInt(batch.entries().size());
    for (Entry entry : batch.entries()) {
      putFlag(to, entry.item().ageing());
      byte[] bytes = entry.item().bytes();
      to.putLong(entry.enqueuedAt()).putInt(bytes.length).put(bytes);
    }
  }

  private static Hello hello(Header header, ByteBuffer from) throws BadLinkMessageException {
    check(from.remaining() == 16);
    return new Hello(header, from.getInt(), from.getInt(), from.getLong());
  }

  private static Welcome welcome(Header header, ByteBuffer from) throws BadLinkMessageException {
    check(from.remaining() == 12);
    return new Welcome(header, from.getInt(), from.getLong());
  }

  private static Tick tick(Header header, ByteBuffer from) throws BadLinkMessageException {
    check(from.remaining() == 8);
    return new Tick(header, from.getLong());
  }

  private static Batch batch(Header header, ByteBuffer from) throws BadLinkMessageException {
    check(from.remaining() >= BATCH_START - HEADER);
    long sequence = from.getLong();
    long dropped = from.getLong();
    boolean ackNow = flag(from);
    int count = from.getInt();
    check(count >= 0 && count <= from.remaining() / ENTRY);
    check(sequence > 0 && dropped >= 0 && dropped + count > 0);
    check(sequence + dropped + count > 0);
    List<Entry> entries = new ArrayList<>(count);
    for (int left = count; left > 0; left--) {
      entries.add(entry(from));
    }
    return new Batch(header, sequence, dropped, ackNow, entries);
  }

  private static Entry entry(ByteBuffer from) throws BadLinkMessageException {
    check(from.remaining() >= ENTRY);
    boolean ageing = flag(from);
    long enqueuedAt = from.getLong();
    int length = from.getInt();
    check(length >= 0 && length <= from.remaining());
    byte[] bytes = new byte[length];
    from.get(bytes);
    return new Entry(enqueuedAt, new Item(ageing, bytes));
  }

  private static void putFlag(ByteBuffer to, boolean set) {
    to.put((byte) (set ? 1 : 0));
  }

  private static boolean flag(ByteBuffer from) throws BadLinkMessageException {
    byte value = from.get();
    check(value == 0 || value == 1);
    return value == 1;
  }

  private static void check(boolean sound) throws BadLinkMessageException {
    if (!sound) {
      throw new BadLinkMessageException(Reason.MALFORMED);
    }
  }
}
