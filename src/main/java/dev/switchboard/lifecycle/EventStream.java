package dev.switchboard.lifecycle;

/// The streams that events are in: `$events.0` and so on. Pure functions.
///
/// Few, so that who reads them all has a handle on them; enough to spread over nodes.
public final class EventStream {
  /// How many there are; fixed, as every node must agree on it.
  public static final int COUNT = 16;

  private static final String RESERVED = "$events";
  private static final String PREFIX = RESERVED + ".";

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
}
