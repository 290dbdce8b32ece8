package dev.switchboard.cluster;

import com.hazelcast.cluster.Cluster;
import com.hazelcast.cluster.MembershipEvent;
import com.hazelcast.core.HazelcastException;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.LifecycleEvent;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Who is in the cluster, as this node's Hazelcast member sees it. Safe on any thread.
///
/// An incarnation is the member's UUID folded to 64 bits. Hazelcast gives a member a new UUID when
/// it merges into another cluster, so a new stay has a new incarnation, and everybody reads
/// everybody's off the same list. Nothing here waits: the list is a field of the member.
public final class Membership {
  /// How long the others wait for a silent member before they drop it.
  public static final Duration EXPELLED_AFTER = Duration.ofSeconds(10);

  private static final Logger LOG = LoggerFactory.getLogger(Membership.class);

  /// The member attribute that carries a node's name.
  static final String NAME = "switchboard.name";

  // An event that was lost or came early must not leave a node unknown.
  private static final long LOOK_AGAIN_MILLIS = TimeUnit.SECONDS.toMillis(1);

  private final HazelcastInstance hazelcast;
  // The instance itself answers nothing any more while it leaves.
  private final Cluster cluster;
  // At its very end a member is no longer on its own list; then this counts.
  private volatile View last = new View(0, Set.of());
  private final List<Runnable> looks = new CopyOnWriteArrayList<>();
  private volatile boolean merging;

  /// @param hazelcast a running member
  Membership(HazelcastInstance hazelcast) {
    this.hazelcast = hazelcast;
    this.cluster = hazelcast.getCluster();
    hazelcast.getLifecycleService().addLifecycleListener(this::onLife);
  }

  private void onLife(LifecycleEvent event) {
    boolean before = merging;
    merging = event.getState() == LifecycleEvent.LifecycleState.MERGING;
    if (before && !merging) {
      // The own UUID is another one, also when everybody else stays the same.
      looks.forEach(Runnable::run);
    }
  }

  /// Whether the member is on its way into another cluster, with the data it brings along.
  public boolean isMerging() {
    return merging;
  }

  /// The member itself, for what keeps data in the cluster.
  public HazelcastInstance hazelcast() {
    return hazelcast;
  }

  /// This node's incarnation now.
  public long incarnation() {
    return view().own();
  }

  /// Every other node that is in the cluster now.
  public Set<Member> others() {
    return view().others();
  }

  /// The incarnations of all nodes, this one included, in the order in which they joined.
  public List<Long> oldestFirst() {
    return cluster.getMembers().stream()
        .filter(Membership::isNode)
        .map(member -> incarnation(member.getUuid()))
        .toList();
  }

  /// Moves the data this node keeps for the cluster to other nodes; it stays a member, without
  /// data.
  ///
  /// @return completes once all has moved, and at once when nobody else can take it
  public Future<Void> handOver(Vertx vertx) {
    return others().isEmpty() || !hazelcast.getLifecycleService().isRunning()
        ? Future.succeededFuture()
        : vertx.executeBlocking(this::moveData, false);
  }

  private Void moveData() {
    try {
      cluster.demoteLocalDataMember();
    } catch (IllegalStateException | HazelcastException impossible) {
      // All who are left may be leaving too; then there is nobody to keep it for.
      LOG.info(
          "the data of this node could not be moved before it left: {}", impossible.getMessage());
    }
    return null;
  }

  /// Tells a listener who is there, at once and after each change, until the node leaves. While the
  /// member merges nothing is told: before the data it brings along is there, it must not count.
  ///
  /// @param context where the listener is called
  public void listen(Context context, MembershipListener listener) {
    var watch = new Watch(this, listener);
    Runnable look = () -> context.runOnContext(_ -> watch.look());
    cluster.addMembershipListener(new Bell(look));
    looks.add(look);
    context.owner().setPeriodic(LOOK_AGAIN_MILLIS, _ -> look.run());
    look.run();
  }

  /// Own and others from one list: read apart, a merge could fall between them.
  private View view() {
    Set<com.hazelcast.cluster.Member> members = cluster.getMembers();
    View now =
        members.stream()
            .filter(com.hazelcast.cluster.Member::localMember)
            .findFirst()
            .map(own -> new View(incarnation(own.getUuid()), others(members)))
            .orElse(last);
    last = now;
    return now;
  }

  private static Set<Member> others(Set<com.hazelcast.cluster.Member> members) {
    return members.stream()
        .filter(member -> !member.localMember() && isNode(member))
        .map(Membership::member)
        .collect(Collectors.toUnmodifiableSet());
  }

  /// Services of others join the cluster too, for its event bus, and are no nodes.
  private static boolean isNode(com.hazelcast.cluster.Member member) {
    return member.getAttribute(NAME) != null;
  }

  private static Member member(com.hazelcast.cluster.Member member) {
    var address = member.getAddress();
    return new Member(
        incarnation(member.getUuid()),
        member.getAttribute(NAME),
        address.getHost() + ":" + address.getPort());
  }

  /// The incarnation of a member by its UUID.
  public static long incarnation(UUID uuid) {
    return uuid.getMostSignificantBits() ^ uuid.getLeastSignificantBits();
  }

  /// The member list at one moment.
  private record View(long own, Set<Member> others) {}

  /// What one listener was told last. Confined to its context.
  private static final class Watch {
    private final Membership membership;
    private final MembershipListener listener;
    private View told;

    Watch(Membership membership, MembershipListener listener) {
      this.membership = membership;
      this.listener = listener;
    }

    void look() {
      if (membership.merging) {
        return;
      }
      View now = membership.view();
      View before = told;
      if (now.equals(before)) {
        return;
      }
      told = now;
      if (before != null && before.own() != now.own()) {
        listener.onMerged(now.own());
      }
      listener.onMembers(now.own(), now.others());
    }
  }

  /// Called by Hazelcast on its threads.
  private record Bell(Runnable look) implements com.hazelcast.cluster.MembershipListener {
    @Override
    public void memberAdded(MembershipEvent added) {
      look.run();
    }

    @Override
    public void memberRemoved(MembershipEvent removed) {
      look.run();
    }
  }
}
