package dev.switchboard.lifecycle;

import dev.switchboard.lifecycle.Note.Cap;
import dev.switchboard.protocol.ClientId;
import java.util.List;
import java.util.Random;
import java.util.Set;

/// Any notes, about few subjects, so that they concern each other.
public final class Notes {
  private Notes() {}

  /// One of those that a node says of its own.
  public static Note any(Random random, long now) {
    long node = 1 + random.nextInt(3);
    ClientId client = new ClientId(node, 0, random.nextInt(5), 7);
    String channel = "channel-" + random.nextInt(3);
    return switch (random.nextInt(11)) {
      case 0, 1 ->
          new Note.Connected(
              client, "user-" + client.slot() % 3, now, new Cap(2, random.nextBoolean()));
      case 2 -> new Note.Disconnected(client, 3000, "closed", now);
      case 3, 4 -> new Note.Subscribed(client, channel, now);
      case 5 -> new Note.Unsubscribed(client, channel, now);
      case 6 -> new Note.Occupied(channel, node, now);
      case 7 -> new Note.Vacated(channel, node, now);
      case 8 -> new Note.Read("reader", "", random.nextInt(100));
      case 9 -> new Note.Look(List.of("user-0", "user-1"));
      default -> new Note.Alive(now, Set.of(1L, 2L + random.nextInt(2)), 2, now - 3_000, Cap.NONE);
    };
  }
}
