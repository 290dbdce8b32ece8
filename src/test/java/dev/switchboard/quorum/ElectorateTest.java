package dev.switchboard.quorum;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The roster follows the member list where a majority is, and nowhere else.
class ElectorateTest {
  private final Deque<Runnable> network = new ArrayDeque<>();
  private final Map<Long, Electorate> nodes = new HashMap<>();
  private final Map<Long, List<Long>> views = new HashMap<>();
  private long now = 1;
  private long ids = 100;
  private boolean available;
  private int membersMin = 1;

  @Test
  void nodesThatStartTogetherAgreeOnAll() {
    // When
    start(1, 2, 3);

    // Then
    assertThat(rosterOf(3)).containsExactlyInAnyOrder(1L, 2L, 3L);
    assertThat(nodes.values()).allMatch(ElectorateTest::hasQuorum);
  }

  @Test
  void theMajorityGoesOnAndTheRestRefuses() {
    // Given
    start(1, 2, 3);
    long lineage = lineageOf(2);

    // When
    view(1);
    view(2, 3);
    pass(5);

    // Then
    assertThat(rosterOf(3)).containsExactlyInAnyOrder(2L, 3L);
    assertThat(lineageOf(3)).isEqualTo(lineage);
    assertThat(hasQuorum(nodes.get(3L))).isTrue();
    assertThat(hasQuorum(nodes.get(1L))).isFalse();
  }

  @Test
  void halvesRefuseAndGoOnInTheSameLineageWhenTogether() {
    // Given
    membersMin = 0;
    start(1, 2, 3, 4);
    long lineage = lineageOf(1);
    view(1, 2);
    view(3, 4);
    pass(60);
    assertThat(nodes.values()).noneMatch(ElectorateTest::hasQuorum);

    // When
    merge(3, 13);
    merge(4, 14);
    view(1, 2, 13, 14);
    pass(5);

    // Then
    assertThat(rosterOf(13)).containsExactlyInAnyOrder(1L, 2L, 13L, 14L);
    assertThat(lineageOf(13)).isEqualTo(lineage);
    assertThat(nodes.values()).allMatch(ElectorateTest::hasQuorum);
  }

  @Test
  void whoMergesKeepsItsSeatUnlessItWasGivenUpBefore() {
    // Given
    start(1, 2, 3);
    long since = seat(1, 2).since();
    view(1);
    view(2);
    view(3);
    pass(5);
    assertThat(nodes.values()).noneMatch(ElectorateTest::hasQuorum);

    // When
    merge(2, 12);
    view(1, 12);
    pass(5);
    long version = rosterAt(1).version();
    merge(3, 13);
    view(1, 12, 13);
    pass(5);

    // Then
    assertThat(rosterOf(13)).containsExactlyInAnyOrder(1L, 12L, 13L);
    assertThat(seat(1, 12).since()).isEqualTo(since);
    assertThat(seat(1, 13).since()).isGreaterThan(version);
  }

  private Roster rosterAt(long node) {
    return nodes.get(node).roster().orElseThrow();
  }

  private Seat seat(long node, long incarnation) {
    return rosterAt(node).seat(incarnation).orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void oneOfTwoThatIsLeftRefusesUnlessItIsToBeAvailable(boolean configured) {
    // Given
    membersMin = 0;
    available = configured;
    start(1, 2);
    long lineage = lineageOf(1);

    // When
    nodes.remove(2L);
    view(1);
    pass(60);

    // Then
    assertThat(hasQuorum(nodes.get(1L))).isEqualTo(configured);
    assertThat(lineageOf(1) == lineage).isEqualTo(!configured);
  }

  @Test
  void nodesLeaveOneByOneUntilOneIsLeft() {
    // Given
    start(1, 2, 3, 4, 5);
    long lineage = lineageOf(1);

    // When
    for (long goes = 5; goes > 1; goes--) {
      nodes.get(goes).leave();
      pass(5);
      assertThat(nodes.get(goes).mayGo()).isTrue();
      nodes.remove(goes);
      view(LongStream.range(1, goes).toArray());
      pass(5);
    }

    // Then
    assertThat(hasQuorum(nodes.get(1L))).isTrue();
    assertThat(rosterOf(1)).containsExactly(1L);
    assertThat(lineageOf(1)).isEqualTo(lineage);
  }

  @Test
  void whoLeavesWaitsForThoseWhoStayOnly() {
    // Given
    start(1, 2, 3);
    nodes.get(3L).leave();
    boolean atOnce = nodes.get(3L).mayGo();
    network.clear();

    // When
    nodes.get(2L).leave();
    nodes.get(1L).leave();
    boolean unheard = nodes.get(3L).mayGo();
    deliver();
    pass(1);

    // Then
    assertThat(atOnce).as("nobody answered yet").isFalse();
    assertThat(unheard).as("the others may stay").isFalse();
    assertThat(nodes.values()).allMatch(Electorate::mayGo);
  }

  @Test
  void whoComesToAMinorityDoesNotMakeItAMajority() {
    // Given
    membersMin = 0;
    start(1, 2, 3, 4, 5);
    view(1, 2, 3);
    view(4, 5);

    // When
    add(6);
    add(7);
    view(4, 5, 6, 7);
    pass(60);

    // Then
    assertThat(hasQuorum(nodes.get(4L))).isFalse();
    assertThat(hasQuorum(nodes.get(6L))).isFalse();
    assertThat(hasQuorum(nodes.get(1L))).isTrue();
  }

  private static boolean hasQuorum(Electorate node) {
    return node.hasQuorum(_ -> true);
  }

  private List<Long> rosterOf(long node) {
    return nodes.get(node).roster().orElseThrow().seats().stream().map(Seat::incarnation).toList();
  }

  private long lineageOf(long node) {
    return nodes.get(node).roster().orElseThrow().lineage();
  }

  private void start(long... incarnations) {
    int configured = membersMin;
    membersMin = configured == 0 ? 0 : incarnations.length;
    LongStream.of(incarnations).forEach(this::add);
    membersMin = configured;
    view(incarnations);
    pass(30);
  }

  private void add(long incarnation) {
    var settings =
        new ElectorateSettings(
            membersMin, available, Duration.ofSeconds(10), Duration.ofSeconds(1));
    nodes.put(incarnation, new Electorate(settings, hostOf(incarnation), () -> now, () -> ids++));
  }

  private ElectorateHost hostOf(long first) {
    return new ElectorateHost() {
      @Override
      public void send(long to, RosterMessage message) {
        network.add(() -> carry(first, to, message));
      }

      @Override
      public void onRoster(Optional<Roster> roster) {
        assertThat(roster.map(Roster::seats).orElse(List.of())).doesNotHaveDuplicates();
      }
    };
  }

  private final Map<Long, Long> renamed = new HashMap<>();

  private void carry(long first, long to, RosterMessage message) {
    long from = renamed.getOrDefault(first, first);
    boolean connected =
        views.getOrDefault(from, List.of()).contains(to)
            && views.getOrDefault(to, List.of()).contains(from);
    if (connected && nodes.containsKey(to)) {
      nodes.get(to).onMessage(from, message);
    }
  }

  private void merge(long before, long after) {
    renamed.put(before, after);
    nodes.put(after, nodes.remove(before));
    views.remove(before);
  }

  private void view(long... members) {
    List<Long> list = LongStream.of(members).boxed().toList();
    Set.copyOf(list).forEach(member -> views.put(member, list));
    for (long member : members) {
      nodes.get(member).onMembers(member, new ArrayList<>(list));
    }
    deliver();
  }

  private void pass(int seconds) {
    for (int i = 0; i < seconds; i++) {
      now += Duration.ofSeconds(1).toNanos();
      nodes.values().forEach(Electorate::onTick);
      deliver();
    }
  }

  private void deliver() {
    for (int left = 100_000; !network.isEmpty() && left > 0; left--) {
      network.remove().run();
    }
    assertThat(network).isEmpty();
  }
}
