package dev.switchboard.store;

import static com.hazelcast.cluster.memberselector.MemberSelectors.DATA_MEMBER_SELECTOR;

import com.hazelcast.cluster.MembershipAdapter;
import com.hazelcast.cluster.MembershipEvent;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceNotActiveException;
import com.hazelcast.core.HazelcastOverloadException;
import com.hazelcast.core.IndeterminateOperationState;
import com.hazelcast.instance.impl.HazelcastInstanceImpl;
import com.hazelcast.instance.impl.HazelcastInstanceProxy;
import com.hazelcast.internal.partition.InternalPartition;
import com.hazelcast.internal.partition.PartitionReplica;
import com.hazelcast.internal.partition.impl.InternalPartitionServiceImpl;
import com.hazelcast.internal.serialization.Data;
import com.hazelcast.map.impl.MapService;
import com.hazelcast.map.impl.proxy.MapProxyImpl;
import com.hazelcast.map.impl.recordstore.RecordStore;
import com.hazelcast.spi.exception.RetryableException;
import com.hazelcast.spi.impl.NodeEngineImpl;
import com.hazelcast.spi.impl.PartitionSpecificRunnable;
import dev.switchboard.cluster.Membership;
import dev.switchboard.protocol.MalformedException;
import dev.switchboard.store.ShardTitles.Holders;
import dev.switchboard.stream.Shard;
import dev.switchboard.stream.StreamException.Reason;
import dev.switchboard.tenure.GaveUp;
import dev.switchboard.tenure.GiveUp;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// The shards as entries of a replicated map: the host of a node in a cluster.
///
/// Safe on any thread. A shard itself is touched on its partition's thread only. It looks at
/// Hazelcast's own partition table, which its public interface does not show: who has the copy.
final class HazelcastShards implements ShardHost {
  private static final int COPY = 1;

  private final Context answers;
  private final HazelcastInstance hazelcast;
  private final MapProxyImpl<Integer, Shard> map;
  private final NodeEngineImpl engine;
  private final ShardSite site;
  private final int[] partitions;
  private final Set<Call> calls = ConcurrentHashMap.newKeySet();

  private HazelcastShards(HazelcastInstance hazelcast, Context answers, ShardSite site) {
    this.answers = answers;
    this.hazelcast = hazelcast;
    this.map = (MapProxyImpl<Integer, Shard>) hazelcast.<Integer, Shard>getMap(StoreSettings.MAP);
    this.engine = engine(hazelcast);
    this.site = site;
    this.partitions =
        IntStream.range(0, Shard.COUNT)
            .map(shard -> hazelcast.getPartitionService().getPartition(shard).getPartitionId())
            .toArray();
  }

  /// Lets a member's partitions be worked on from now on; until then requests are refused.
  ///
  /// @param answers where answers are taken in that no loop waits for
  static HazelcastShards open(HazelcastInstance hazelcast, Context answers, ShardSite site) {
    var shards = new HazelcastShards(hazelcast, answers, site);
    site.knows(shards::incarnations);
    hazelcast.getUserContext().put(HazelcastShards.class.getName(), shards);
    hazelcast
        .getCluster()
        .addMembershipListener(
            new MembershipAdapter() {
              @Override
              public void memberRemoved(MembershipEvent removed) {
                shards.onMemberLost();
              }
            });
    return shards;
  }

  /// Those of a member, if it is ready.
  static Optional<HazelcastShards> at(HazelcastInstance hazelcast) {
    return Optional.ofNullable(
        (HazelcastShards) hazelcast.getUserContext().get(HazelcastShards.class.getName()));
  }

  static NodeEngineImpl engine(HazelcastInstance hazelcast) {
    HazelcastInstanceImpl original =
        hazelcast instanceof HazelcastInstanceProxy proxy
            ? proxy.getOriginal()
            : (HazelcastInstanceImpl) hazelcast;
    return original.node.getNodeEngine();
  }

  /// Has a copy that lacks something fetched whole from the owner, soon. By itself Hazelcast would
  /// see that only at its next look at all partitions.
  static void copyWhole(HazelcastInstance hazelcast, int shard) {
    NodeEngineImpl engine = engine(hazelcast);
    var service = (InternalPartitionServiceImpl) engine.getPartitionService();
    service
        .getReplicaManager()
        .triggerPartitionReplicaSync(
            hazelcast.getPartitionService().getPartition(shard).getPartitionId(),
            List.of(MapService.getObjectNamespace(StoreSettings.MAP)),
            COPY);
  }

  ShardSite site() {
    return site;
  }

  @Override
  public Optional<Holders> holders(int shard) {
    var members = engine.getClusterService();
    if (members.getSize(DATA_MEMBER_SELECTOR) <= 1) {
      return Optional.of(new Holders(self(), 0));
    }
    PartitionReplica copy = partition(shard).getReplica(COPY);
    boolean there = copy != null && members.getMember(copy.address(), copy.uuid()) != null;
    return there
        ? Optional.of(new Holders(self(), Membership.incarnation(copy.uuid())))
        : Optional.empty();
  }

  /// The incarnation of this node; another one after a merge.
  long self() {
    return Membership.incarnation(engine.getLocalMember().getUuid());
  }

  /// All members, as this node sees them now.
  private Set<Long> incarnations() {
    return engine.getClusterService().getMembers().stream()
        .map(member -> Membership.incarnation(member.getUuid()))
        .collect(Collectors.toSet());
  }

  private InternalPartition partition(int shard) {
    return engine.getPartitionService().getPartition(partitions[shard], false);
  }

  /// The map's public door would take every answer to the common pool as well, for nothing. It is
  /// taken in by the loop that asked: a loop for all answers would be one more thread to wake.
  @Override
  public void ask(int shard, Request request, Consumer<Outcome> done) {
    Context here = Vertx.currentContext();
    var call = new Call(here == null ? answers : here, members(), done);
    calls.add(call);
    try {
      var visit = new OwnerVisit(request);
      visit.setHazelcastInstance(hazelcast);
      map.executeOnKeyInternal(shard, visit)
          .whenCompleteAsync(
              (answer, failure) -> settle(call, told(answer, failure)), Runnable::run);
    } catch (HazelcastInstanceNotActiveException | HazelcastOverloadException notSent) {
      settle(call, new Outcome.Refused(Reason.UNAVAILABLE, notSent.getMessage()));
    }
  }

  private void settle(Call call, Outcome outcome) {
    if (calls.remove(call)) {
      // Hazelcast forbids its own threads to ask anybody else, as the next flight must.
      call.asker().runOnContext(_ -> call.done().accept(outcome));
    }
  }

  /// Lets those ask again who wait for a member that will never answer or confirm a copy; Hazelcast
  /// would let them wait for its backup time-out. Called on its threads, some time after the list
  /// of members became shorter: who asked since then does not wait for that one.
  private void onMemberLost() {
    int now = members();
    calls.stream()
        .filter(call -> call.members() != now)
        .forEach(call -> settle(call, new Outcome.Unknown("a node has just left")));
  }

  /// The version of the list of members.
  private int members() {
    return engine.getClusterService().getMemberListVersion();
  }

  /// A request on its way; told apart by identity.
  private static final class Call {
    private final Context asker;
    private final int members;
    private final Consumer<Outcome> done;

    Call(Context asker, int members, Consumer<Outcome> done) {
      this.asker = asker;
      this.members = members;
      this.done = done;
    }

    Context asker() {
      return asker;
    }

    int members() {
      return members;
    }

    Consumer<Outcome> done() {
      return done;
    }
  }

  private Outcome told(Data answer, Throwable failure) {
    if (failure != null) {
      return outcome(cause(failure));
    }
    byte[] bytes = engine.toObject(answer);
    if (bytes[bytes.length - 1] != OwnerVisit.ALONE_OR_COPIED) {
      return new Outcome.Unknown("the node with the copy had just left");
    }
    try {
      return ShardWire.outcome(Arrays.copyOf(bytes, bytes.length - 1));
    } catch (MalformedException malformed) {
      return new Outcome.Unknown(malformed.getMessage());
    }
  }

  private static Throwable cause(Throwable failure) {
    boolean wrapped =
        failure instanceof CompletionException || failure instanceof ExecutionException;
    return wrapped && failure.getCause() != null ? cause(failure.getCause()) : failure;
  }

  /// What Hazelcast's failures mean. It repeats by itself what was surely not run, and fails with
  /// the reason in the end; all else may have been run.
  private static Outcome outcome(Throwable failure) {
    boolean surelyNotRun =
        failure instanceof RetryableException && !(failure instanceof IndeterminateOperationState);
    return surelyNotRun
        ? new Outcome.Refused(Reason.UNAVAILABLE, failure.getClass().getSimpleName())
        : new Outcome.Unknown(failure.getClass().getSimpleName());
  }

  @Override
  public Future<GaveUp> giveUp(GiveUp question) {
    if (question.shard() < 0 || question.shard() >= Shard.COUNT) {
      return Future.failedFuture("there is no such shard");
    }
    Promise<GaveUp> word = Promise.promise();
    try {
      engine.getOperationService().execute(new Farewell(question, word));
    } catch (RejectedExecutionException leaving) {
      word.fail(leaving);
    }
    return word.future();
  }

  /// Gives a shard up on the thread of its partition, so that no batch comes in between.
  private final class Farewell implements PartitionSpecificRunnable {
    private final GiveUp question;
    private final Promise<GaveUp> word;

    Farewell(GiveUp question, Promise<GaveUp> word) {
      this.question = question;
      this.word = word;
    }

    @Override
    public int getPartitionId() {
      return partitions[question.shard()];
    }

    @Override
    public void run() {
      PartitionReplica owner = partition(question.shard()).getOwnerReplicaOrNull();
      // A word is for ever: it is kept until the table here says too that the shard has moved.
      if (owner == null
          || !site.isStay(Membership.incarnation(owner.uuid()), question.successor())) {
        word.fail("the shard has not moved there yet");
      } else {
        word.complete(site.giveUp(question, there(question.shard())));
      }
    }
  }

  /// What is here of a shard, whether owned or a copy; null when nothing is. On its partition's
  /// thread.
  private Shard there(int shard) {
    MapService service = engine.getService(MapService.SERVICE_NAME);
    RecordStore<?> store =
        service.getMapServiceContext().getExistingRecordStore(partitions[shard], StoreSettings.MAP);
    var record =
        store == null ? null : store.getRecord(engine.getSerializationService().toData(shard));
    return record == null ? null : (Shard) record.getValue();
  }

  @Override
  public boolean owns(int shard) {
    return partition(shard).isLocal();
  }

  @Override
  public boolean holds(int shard) {
    InternalPartition partition = partition(shard);
    PartitionReplica copy = partition.getReplica(COPY);
    return partition.isLocal() || copy != null && copy.isIdentical(engine.getLocalMember());
  }
}
