package dev.switchboard.presence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.presence.Halls.Hall;
import dev.switchboard.protocol.ClientId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/// Whatever happens to channels, sessions and links: at rest every node knows the same.
class PresencePropertyTest {
  private static final List<String> CHANNELS = List.of("a", "b");
  private static final int SLOTS = 6;
  private static final int STEPS = 120;

  private record Place(Hall hall, String channel) {}

  @Property(tries = 500)
  void atRestEveryNodeKnowsTheSame(@ForAll long seed) {
    // Given
    var random = new Random(seed);
    var halls = new Halls(3);
    Map<Place, Set<Integer>> sessions = new HashMap<>();

    // When
    for (int step = 0; step < STEPS; step++) {
      act(random, halls, sessions);
    }
    halls.settle();

    // Then
    for (Hall hall : halls.all()) {
      for (String channel : CHANNELS) {
        if (hall.isOpen(channel)) {
          assertThat(hall.members(channel)).contains(expected(halls, sessions, channel));
        }
      }
    }
  }

  private static Set<ClientId> expected(
      Halls halls, Map<Place, Set<Integer>> sessions, String channel) {
    Set<ClientId> all = new TreeSet<>();
    for (Hall hall : halls.all()) {
      sessions
          .getOrDefault(new Place(hall, channel), Set.of())
          .forEach(slot -> all.add(hall.id(slot)));
    }
    return all;
  }

  private static void act(Random random, Halls halls, Map<Place, Set<Integer>> sessions) {
    Hall hall = halls.get(random.nextInt(3));
    Hall other = halls.get(random.nextInt(3));
    String channel = CHANNELS.get(random.nextInt(CHANNELS.size()));
    Set<Integer> here = sessions.computeIfAbsent(new Place(hall, channel), _ -> new HashSet<>());
    int slot = random.nextInt(SLOTS);
    switch (random.nextInt(12)) {
      case 0, 1, 2 -> {
        if (!hall.isOpen(channel)) {
          hall.open(channel);
        } else if (hall.isTold(channel) && here.add(slot)) {
          hall.join(channel, slot);
        }
      }
      case 3, 4 -> {
        if (here.remove(slot)) {
          hall.leave(channel, slot);
        }
      }
      case 5 -> {
        here.forEach(one -> hall.leave(channel, one));
        here.clear();
        if (hall.isOpen(channel)) {
          hall.close(channel);
        }
      }
      case 6 -> hall.endTurn();
      case 7 -> hall.pump();
      case 8 -> {
        if (other != hall && random.nextInt(4) == 0) {
          hall.endTurn();
          hall.reset(other);
        }
      }
      case 9 -> halls.room(hall, random.nextInt(3));
      default -> {
        if (other != hall) {
          hall.arriveFrom(other);
        }
      }
    }
  }
}
