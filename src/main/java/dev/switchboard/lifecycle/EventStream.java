package dev.switchboard.lifecycle;

import java.nio.charset.StandardCharsets;

/// The streams that events are in: `$events.0` and so on. Pure functions.
///
/// Few, so that who reads them all has a handle on them; enough to spread over nodes.
public final class EventStream {
  /// How many there are; fixed, as every node must agree on it.
  public static final int COUNT = 16;

  private static final String RESERVED = "$events";
  private static final String PREFIX = RESERVED + ".";
  private static final long FNV_OFFSET = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;

  private EventStream() {}

  /// The channel of a stream.
  public static String channel(int number) {
    return PREFIX + number;
  }

  /// Whether a channel's name is none that clients and services may use.
  public static boolean isReserved(String channel) {
    return channel.startsWith(RESERVED)
        && (channel.length() == RESERVED.length() || channel.startsWith(PREFIX));
  }

  /// Which stream a channel is, or -1 when it is none.
  public static int number(String channel) {
    if (!channel.startsWith(PREFIX)) {
      return -1;
    }
    try {
      int number = Integer.parseInt(channel, PREFIX.length(), channel.length(), 10);
      return number < COUNT && channel(number).equals(channel) ? number : -1;
    } catch (NumberFormatException none) {
      return -1;
    }
  }

  /// Which stream the events of a subject are in: a user, or a channel, or a client without a user.
  public static int of(String subject) {
    long hash = FNV_OFFSET;
    for (byte octet : subject.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ octet & 0xff) * FNV_PRIME;
    }
    // The low bits alone would leave out most of each letter.
    return (int) ((hash ^ hash >>> 32 ^ hash >>> 16) & COUNT - 1);
  }
}
