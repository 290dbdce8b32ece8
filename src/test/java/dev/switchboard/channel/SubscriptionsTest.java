package dev.switchboard.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.switchboard.config.GatewayConfig.Namespace;
import dev.switchboard.testkit.HandDoor;
import dev.switchboard.testkit.TestPolicy;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class SubscriptionsTest {
  private static final Namespace STREAM = TestPolicy.stream();

  private final HandDoor door = new HandDoor();
  private final Subscriptions<String> subscriptions = new Subscriptions<>(door, new Nobody<>());
  private final List<String> told = new ArrayList<>();

  private Subscription<String> subscribe(String channel, String name) {
    var subscription = subscriptions.add(channel, TestPolicy.PLAIN, name, null, 0);
    subscriptions.enter(
        subscription, () -> told.add(name + " in"), () -> told.add(name + " ended"));
    return subscription;
  }

  private List<String> audience(String channel) {
    List<String> names = new ArrayList<>();
    var audience = subscriptions.find(channel);
    if (audience != null) {
      audience.forEach(one -> names.add(one.subscriber()));
    }
    return names;
  }

  @Test
  void whereItMattersItIsToldWhoIsIn() {
    // Given
    List<String> attendants = new ArrayList<>();
    var attended = new Subscriptions<>(door, new Record(attendants));
    var alice = attended.add("room", TestPolicy.ATTENDED, "alice", null, 0);
    var bob = attended.add("room", TestPolicy.ATTENDED, "bob", null, 0);
    var plain = attended.add("news", TestPolicy.PLAIN, "alice", null, 0);

    // When
    attended.enter(alice, () -> {}, () -> {});
    attended.enter(plain, () -> {}, () -> {});
    attended.hold(bob);
    attended.remove(bob);
    door.confirmAll();
    attended.renew(alice);
    attended.renew(bob);
    attended.remove(alice);
    attended.remove(alice);
    attended.remove(plain);

    // Then
    assertThat(attendants).containsExactly("alice in", "alice renewed", "alice out");
  }

  private static final class Nobody<S> implements Subscriptions.Attendants<S> {
    @Override
    public void onEntered(Subscription<S> subscription) {}

    @Override
    public void onRenewed(Subscription<S> subscription) {}

    @Override
    public void onLeft(Subscription<S> subscription) {}
  }

  private record Record(List<String> attendants) implements Subscriptions.Attendants<String> {
    @Override
    public void onEntered(Subscription<String> subscription) {
      attendants.add(subscription.subscriber() + " in");
    }

    @Override
    public void onRenewed(Subscription<String> subscription) {
      attendants.add(subscription.subscriber() + " renewed");
    }

    @Override
    public void onLeft(Subscription<String> subscription) {
      attendants.add(subscription.subscriber() + " out");
    }
  }

  @Test
  void nobodyIsInBeforeTheClaimIsConfirmed() {
    // When
    var subscription = subscribe("news", "alice");

    // Then
    assertThat(told).isEmpty();
    assertThat(audience("news")).isEmpty();
    assertThat(subscriptions.isPending(subscription)).isTrue();
    assertThat(subscriptions.channels()).isZero();
  }

  @Test
  void allWhoWaitForOneClaimGoInInTheirOrder() {
    // Given
    subscribe("news", "alice");
    subscribe("news", "bob");
    subscribe("news", "carol");

    // When
    door.confirmAll();

    // Then
    assertThat(told).containsExactly("alice in", "bob in", "carol in");
    assertThat(audience("news")).containsExactlyInAnyOrder("alice", "bob", "carol");
    assertThat(door.claims()).isEqualTo(1);
  }

  @Test
  void aConfirmedChannelIsEnteredAtOnce() {
    // Given
    subscribe("news", "alice");
    door.confirmAll();

    // When
    subscribe("news", "bob");

    // Then
    assertThat(told).containsExactly("alice in", "bob in");
    assertThat(door.claims()).isEqualTo(1);
  }

  @Test
  void whoLeavesWhilePendingIsNeverLetIn() {
    // Given
    var leaving = subscribe("news", "alice");
    subscribe("news", "bob");

    // When
    subscriptions.remove(leaving);
    door.confirmAll();

    // Then
    assertThat(told).containsExactly("alice ended", "bob in");
    assertThat(door.releases()).isZero();
  }

  @Test
  void theLastToLeaveReleasesAPendingClaim() {
    // Given
    var leaving = subscribe("news", "alice");

    // When
    subscriptions.remove(leaving);

    // Then
    assertThat(door.held()).isEmpty();
    assertThat(door.releases()).isEqualTo(1);
  }

  @Test
  void aLateAnswerToAReleasedClaimConfirmsNoNewerOne() {
    // Given
    subscriptions.remove(subscribe("news", "alice"));
    subscribe("news", "bob");

    // When
    door.confirm(0);

    // Then
    assertThat(told).containsExactly("alice ended");
    assertThat(audience("news")).isEmpty();
  }

  @Test
  void whoIsHeldOutsideKeepsTheClaimWhenTheLastOneInsideLeaves() {
    // Given
    var inside = subscribe("news", "alice");
    door.confirmAll();
    var outside = subscriptions.add("news", TestPolicy.PLAIN, "bob", null, 0);
    subscriptions.hold(outside);

    // When
    subscriptions.remove(inside);

    // Then
    assertThat(door.held()).containsExactly("news");
    subscriptions.enter(outside);
    assertThat(audience("news")).containsExactly("bob");
  }

  @Test
  void aWaiterThatFailsStopsNoOther() {
    // Given
    var failing = subscriptions.add("news", TestPolicy.PLAIN, "alice", null, 0);
    var fault = new IllegalStateException("planted");
    subscriptions.await(
        failing,
        () -> {
          throw fault;
        });
    subscribe("news", "bob");

    // When
    Throwable thrown = catchThrowable(door::confirmAll);

    // Then
    assertThat(thrown).isSameAs(fault);
    assertThat(told).containsExactly("bob in");
  }

  @Test
  void aWaiterThatLeavesOnItsReplyTakesNobodyElseWithIt() {
    // Given
    var first = subscriptions.add("news", TestPolicy.PLAIN, "alice", null, 0);
    subscriptions.enter(first, () -> subscriptions.remove(first), () -> {});
    subscribe("news", "bob");

    // When
    door.confirmAll();

    // Then
    assertThat(audience("news")).containsExactly("bob");
    assertThat(door.held()).containsExactly("news");
  }

  /// The loop under test, and who subscribes.
  private static final class World {
    private final HandDoor door = new HandDoor();
    private final Subscriptions<Integer> subscriptions = new Subscriptions<>(door, new Nobody<>());
    private final List<Subscription<Integer>> alive = new ArrayList<>();
    private final Set<Integer> entered = new HashSet<>();
    private final Set<Integer> ended = new HashSet<>();
    private final Set<Integer> held = new HashSet<>();
    private int next;

    private void step(int kind, int which) {
      switch (kind) {
        case 0, 1 -> {
          var made = make(which);
          int name = made.subscriber();
          subscriptions.enter(made, () -> entered.add(name), () -> ended.add(name));
        }
        case 2 -> {
          // As a connect does that waits for something else.
          var made = make(which);
          subscriptions.hold(made);
          held.add(made.subscriber());
        }
        case 3 -> door.confirm(which);
        case 4 -> release(which);
        default -> remove(which);
      }
    }

    private Subscription<Integer> make(int which) {
      var policy = which % 3 == 0 ? TestPolicy.PLAIN : STREAM;
      var made = subscriptions.add("channel" + which % 3, policy, next++, null, 0);
      alive.add(made);
      return made;
    }

    /// Lets in who was held, if nothing is pending.
    private void release(int which) {
      alive.stream()
          .filter(one -> held.contains(one.subscriber()) && !subscriptions.isPending(one))
          .skip(which % 2)
          .findFirst()
          .ifPresent(
              one -> {
                subscriptions.enter(one);
                held.remove(one.subscriber());
                entered.add(one.subscriber());
              });
    }

    private void remove(int which) {
      if (!alive.isEmpty()) {
        var gone = alive.remove(which % alive.size());
        if (which % 3 == 0) {
          subscriptions.hurry(gone);
        }
        subscriptions.remove(gone);
      }
    }

    private void assertConsistent() {
      Set<String> wanted = new HashSet<>();
      Set<Integer> inside = new HashSet<>();
      alive.forEach(one -> wanted.add(one.channel()));
      subscriptions
          .audiences()
          .forEach(audience -> audience.forEach(one -> inside.add(one.subscriber())));
      assertThat(door.held()).containsExactlyInAnyOrderElementsOf(wanted);
      assertThat(subscriptions.size()).isEqualTo(inside.size());
      assertThat(subscriptions.streams())
          .containsExactlyInAnyOrderElementsOf(
              subscriptions.audiences().stream()
                  .filter(audience -> audience.feed() != null)
                  .toList());
      for (var one : alive) {
        assertThat(inside.contains(one.subscriber())).isEqualTo(entered.contains(one.subscriber()));
        assertThat(ended).doesNotContain(one.subscriber());
      }
    }
  }

  @Property
  void everyClaimIsReleasedOnceWhateverHappens(
      @ForAll @Size(max = 60) List<@IntRange(max = 6) Integer> kinds,
      @ForAll @Size(min = 60, max = 60) List<@IntRange(max = 1_000) Integer> whiches) {
    // Given
    var world = new World();

    // When
    for (int step = 0; step < kinds.size(); step++) {
      world.step(kinds.get(step), whiches.get(step));
      world.assertConsistent();
    }
    while (!world.alive.isEmpty()) {
      world.remove(1);
      world.assertConsistent();
    }

    // Then
    world.door.confirmAll();
    assertThat(world.door.claims()).isEqualTo(world.door.releases());
    assertThat(world.subscriptions.size()).isZero();
    assertThat(world.subscriptions.channels()).isZero();
  }
}
