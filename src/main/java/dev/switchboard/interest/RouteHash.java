package dev.switchboard.interest;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Channel names and user ids as 64-bit hashes, the same on every node of a cluster. Any thread.
///
/// SipHash-2-4 under a key from the cluster key: clients choose the names, and without the key they
/// cannot choose two with one hash, nor many that meet in one shard of a table.
public final class RouteHash {
  private static final VarHandle WORDS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final byte[] PURPOSE = "switchboard route hash 1".getBytes(UTF_8);
  private static final byte CHANNEL = 'c';
  private static final byte USER = 'u';

  private final long key0;
  private final long key1;

  /// @param clusterKey the secret that the nodes share; may be empty
  public RouteHash(byte[] clusterKey) {
    byte[] key = derived(clusterKey);
    this.key0 = word(key, 0);
    this.key1 = word(key, Long.BYTES);
  }

  /// The hash of a channel. Never 0 or 1.
  public long channel(String name) {
    return hash(CHANNEL, name);
  }

  /// The hash of a user's id; another one than that of a channel of this name. Never 0 or 1.
  public long user(String id) {
    return hash(USER, id);
  }

  /// Whether a hash can be one of a name: 0 and 1 mark free places of tables.
  static boolean isName(long hash) {
    return (hash & ~1L) != 0;
  }

  /// Another hash instead of 0 and 1.
  static long unreserved(long hash) {
    return isName(hash) ? hash : hash | 2;
  }

  private long hash(byte kind, String name) {
    byte[] utf8 = name.getBytes(UTF_8);
    byte[] message = new byte[utf8.length + 1];
    message[0] = kind;
    System.arraycopy(utf8, 0, message, 1, utf8.length);
    return unreserved(sipHash(key0, key1, message));
  }

  // HMAC with a public key and a secret message: the extraction step of RFC 5869. Unlike the other
  // way round it also takes an empty secret.
  private static byte[] derived(byte[] clusterKey) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(PURPOSE, mac.getAlgorithm()));
      return mac.doFinal(clusterKey);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every Java has HmacSHA256", e);
    }
  }

  private static long word(byte[] bytes, int at) {
    return (long) WORDS.get(bytes, at);
  }

  /// SipHash-2-4: two rounds for each word of eight bytes, four at the end.
  static long sipHash(long key0, long key1, byte[] message) {
    long v0 = key0 ^ 0x736f6d6570736575L;
    long v1 = key1 ^ 0x646f72616e646f6dL;
    long v2 = key0 ^ 0x6c7967656e657261L;
    long v3 = key1 ^ 0x7465646279746573L;
    int whole = message.length & -Long.BYTES;
    int rounds = 2 * (whole / Long.BYTES + 1) + 4;
    long word = 0;
    for (int round = 0; round < rounds; round++) {
      int at = round / 2 * Long.BYTES;
      boolean compressing = at <= whole;
      if (compressing && round % 2 == 0) {
        word = at < whole ? word(message, at) : lastWord(message, whole);
        v3 ^= word;
      }
      v0 += v1;
      v2 += v3;
      v1 = Long.rotateLeft(v1, 13) ^ v0;
      v3 = Long.rotateLeft(v3, 16) ^ v2;
      v0 = Long.rotateLeft(v0, 32);
      v2 += v1;
      v0 += v3;
      v1 = Long.rotateLeft(v1, 17) ^ v2;
      v3 = Long.rotateLeft(v3, 21) ^ v0;
      v2 = Long.rotateLeft(v2, 32);
      if (compressing && round % 2 == 1) {
        v0 ^= word;
        v2 ^= at == whole ? 0xff : 0;
      }
    }
    return v0 ^ v1 ^ v2 ^ v3;
  }

  // What is left of the message, and its length in the top byte.
  private static long lastWord(byte[] message, int from) {
    long word = (long) message.length << 56;
    for (int at = from; at < message.length; at++) {
      word |= Byte.toUnsignedLong(message[at]) << (at - from) * Byte.SIZE;
    }
    return word;
  }
}
