package dev.switchboard.quorum;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/// Messages late, lost and twice, member lists that contradict each other, nodes that come, leave
/// and vanish: of one lineage no two rosters ever have the same version, and in the end all agree.
class ElectorateChaosTest {
  private static final int STEPS = 400;
  private static final int NODES_MAX = 7;

  private final Map<Long, Electorate> nodes = new TreeMap<>();
  private final List<Runnable> network = new ArrayList<>();
  private final Map<List<Long>, Roster> decided = new HashMap<>();
  private Random random;
  private long now;
  private long ids;
  private long incarnations;

  @Property(tries = 100, shrinking = ShrinkingMode.OFF)
  void rostersFormOneLineAndEverybodyAgreesInTheEnd(@ForAll long seed) {
    // Given
    random = new Random(seed);
    nodes.clear();
    network.clear();
    decided.clear();
    now = 1;
    ids = 1;
    incarnations = 0;
    add();
    add();
    add();

    // When
    for (int step = 0; step < STEPS; step++) {
      happen();
    }
    List<Long> all = List.copyOf(nodes.keySet());
    nodes.forEach((own, node) -> node.onMembers(own, all));
    pass(300);

    // Then
    Set<Optional<Roster>> rosters =
        nodes.values().stream().map(Electorate::roster).collect(Collectors.toSet());
    assertThat(rosters).hasSize(1);
    assertThat(nodes.values()).allMatch(node -> node.hasQuorum(_ -> true));
    assertThat(decided.size()).isGreaterThan(1);
  }

  private void happen() {
    switch (random.nextInt(20)) {
      case 0 -> {
        if (nodes.size() < NODES_MAX) {
          add();
        }
      }
      case 1 -> {
        if (nodes.size() > 2) {
          nodes.remove(any());
        }
      }
      case 2, 3, 4 -> look(any());
      case 5 -> network.clear();
      case 6 -> {
        if (random.nextInt(20) == 0) {
          nodes.get(any()).startOver();
        }
      }
      case 7, 8, 9 -> {
        now += Duration.ofMillis(random.nextInt(2_000)).toNanos();
        nodes.get(any()).onTick();
      }
      default -> deliver();
    }
  }

  private long any() {
    return List.copyOf(nodes.keySet()).get(random.nextInt(nodes.size()));
  }

  private void add() {
    long incarnation = ++incarnations;
    var settings = new ElectorateSettings(1, false, Duration.ofSeconds(10), Duration.ofSeconds(1));
    nodes.put(incarnation, new Electorate(settings, host(incarnation), () -> now, () -> ids++));
    look(incarnation);
  }

  /// A node gets any member list that has itself in it.
  private void look(long own) {
    List<Long> members =
        nodes.keySet().stream()
            .filter(other -> other == own || random.nextInt(4) > 0)
            .collect(Collectors.toCollection(ArrayList::new));
    if (random.nextInt(8) == 0) {
      members.add(
          LongStream.rangeClosed(1, incarnations)
              .skip(random.nextLong(incarnations))
              .findFirst()
              .orElseThrow());
    }
    nodes.get(own).onMembers(own, members.stream().distinct().sorted().toList());
  }

  private ElectorateHost host(long own) {
    return new ElectorateHost() {
      @Override
      public void send(long to, RosterMessage message) {
        network.add(
            () -> {
              if (nodes.containsKey(to)) {
                nodes.get(to).onMessage(own, message);
              }
            });
      }

      @Override
      public void onRoster(Optional<Roster> roster) {
        roster.ifPresent(
            one ->
                assertThat(decided.computeIfAbsent(List.of(one.lineage(), one.version()), _ -> one))
                    .isEqualTo(one));
      }
    };
  }

  /// One message, whichever; now and then it is lost, or comes again later.
  private void deliver() {
    if (network.isEmpty()) {
      return;
    }
    int index = random.nextInt(network.size());
    Runnable message = network.get(index);
    if (random.nextInt(10) > 0) {
      network.remove(index);
    }
    if (random.nextInt(10) > 0) {
      message.run();
    }
  }

  private void pass(int seconds) {
    for (int second = 0; second < seconds; second++) {
      now += Duration.ofSeconds(1).toNanos();
      nodes.values().forEach(Electorate::onTick);
      for (int left = 1_000; !network.isEmpty() && left > 0; left--) {
        List<Runnable> messages = List.copyOf(network);
        network.clear();
        messages.forEach(Runnable::run);
      }
    }
    assertThat(Collections.unmodifiableList(network)).isEmpty();
  }
}
