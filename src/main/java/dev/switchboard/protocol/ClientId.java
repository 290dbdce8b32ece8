package dev.switchboard.protocol;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Comparator;
import java.util.Optional;

/// The public id of one session; it says which event loop of which node owns it.
///
/// So routing is a pure function of the id (ADR 0002). On the wire it is 28 characters of unpadded
/// base64url. The key makes an id unguessable, yet it is no secret: presence shows it.
///
/// @param incarnation random id of the node's stay in the cluster
/// @param loop index of the owning event loop on that node, 0-255
/// @param slot index in the owner's session table; reused after a close
/// @param key random, tells apart the sessions that used one slot
public record ClientId(long incarnation, int loop, int slot, long key)
    implements Comparable<ClientId> {
  private static final Comparator<ClientId> ORDER =
      Comparator.comparingLong(ClientId::incarnation)
          .thenComparingInt(ClientId::loop)
          .thenComparingInt(ClientId::slot)
          .thenComparingLong(ClientId::key);

  /// Between the id and the rest of a session's secret.
  public static final char SECRET_SEPARATOR = '.';

  private static final int LOOPS = 256;
  private static final int BYTES = 21;
  private static final int CHARS = 28;

  /// Before or equal to every id of an incarnation, in their order.
  public static ClientId first(long incarnation) {
    return new ClientId(incarnation, 0, Integer.MIN_VALUE, Long.MIN_VALUE);
  }

  /// Behind or equal to every id of an incarnation, in their order.
  public static ClientId last(long incarnation) {
    return new ClientId(incarnation, LOOPS - 1, Integer.MAX_VALUE, Long.MAX_VALUE);
  }

  /// By incarnation, then loop, slot and key: ids of one node stand together.
  @Override
  public int compareTo(ClientId other) {
    return ORDER.compare(this, other);
  }

  /// Reads the wire form; empty for anything that no node could have issued.
  public static Optional<ClientId> parse(String text) {
    if (text.length() != CHARS) {
      return Optional.empty();
    }
    try {
      var bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(text));
      // The decoder takes padding, which leaves fewer bytes.
      if (bytes.remaining() != BYTES) {
        return Optional.empty();
      }
      return Optional.of(
          new ClientId(bytes.getLong(), bytes.get() & 0xff, bytes.getInt(), bytes.getLong()));
    } catch (IllegalArgumentException notBase64) {
      return Optional.empty();
    }
  }

  /// The session that a secret is said to be of; empty for what is no secret of a session.
  public static Optional<ClientId> ofSecret(String secret) {
    int end = secret.indexOf(SECRET_SEPARATOR);
    return end < 0 ? Optional.empty() : parse(secret.substring(0, end));
  }

  /// The wire form.
  @Override
  public String toString() {
    var bytes =
        ByteBuffer.allocate(BYTES).putLong(incarnation).put((byte) loop).putInt(slot).putLong(key);
    return Base64.getUrlEncoder().encodeToString(bytes.array());
  }
}
