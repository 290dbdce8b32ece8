package dev.switchboard.store;

import com.hazelcast.core.HazelcastInstance;
import dev.switchboard.cluster.Membership;
import dev.switchboard.config.GatewayConfig;
import dev.switchboard.lifecycle.EventStream;
import dev.switchboard.lifecycle.Note;
import dev.switchboard.metrics.StreamMeters;
import dev.switchboard.protocol.ClientInfo;
import dev.switchboard.quorum.Standing;
import dev.switchboard.store.ShardTitles.Holders;
import dev.switchboard.stream.Appended;
import dev.switchboard.stream.Draft;
import dev.switchboard.stream.Query;
import dev.switchboard.stream.Retention;
import dev.switchboard.stream.Shard;
import dev.switchboard.stream.ShardBatch.Item;
import dev.switchboard.stream.ShardLimits;
import dev.switchboard.stream.Slice;
import dev.switchboard.stream.StreamException;
import dev.switchboard.stream.StreamException.Reason;
import dev.switchboard.tenure.GaveUp;
import dev.switchboard.tenure.GiveUp;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/// All streams, in shards that this node or others of the cluster own. Safe on any thread.
///
/// What is asked of one shard goes through its [ShardLane]; where the shard is, the host knows.
public final class ShardedStreams implements Streams, Rolls {
  private static final long NODE_WAITING_MAX = 32L << 20;
  private static final long SHARD_WAITING_MAX = 4L << 20;
  // What somebody who waits takes beside the payload, about.
  private static final int OVERHEAD = 256;
  // All shards are swept within half a minute at four beats a second.
  private static final int SWEPT_PER_TICK = 2;
  // All shards that a lost node held have two holders again within two seconds.
  private static final int SETTLED_PER_TICK = 32;
  private static final int SWEPT_LOGS_MAX = 512;

  private final ShardHost host;
  private final ShardSite site;
  private final List<ShardLane> lanes;
  private final List<Pending.Room> rooms;
  private final StreamMeters meters;
  private final AtomicInteger swept = new AtomicInteger();
  // By whom each shard owned here is held, as far as that was carried out.
  private final AtomicReferenceArray<Holders> settled = new AtomicReferenceArray<>(Shard.COUNT);
  private final Set<Integer> settling = ConcurrentHashMap.newKeySet();
  private final AtomicInteger looked = new AtomicInteger();

  private ShardedStreams(ShardHost host, ShardSite site, ShardLane.Ground ground) {
    this.host = host;
    this.site = site;
    this.meters = ground.meters();
    var waiting = new AtomicLong();
    this.rooms =
        IntStream.range(0, Shard.COUNT)
            .mapToObj(
                _ ->
                    new Pending.Room(
                        waiting, new AtomicLong(), NODE_WAITING_MAX, SHARD_WAITING_MAX))
            .toList();
    this.lanes =
        IntStream.range(0, Shard.COUNT).mapToObj(shard -> new ShardLane(shard, ground)).toList();
    meters.hold(new StreamMeters.Held(site::streams, site::bytes, waiting::get));
  }

  /// What the streams of a node need to know of the world.
  ///
  /// @param context of a loop that is not busy with sockets: answers are taken in there to what no
  ///   loop asked for, and in no cluster it has the streams themselves
  /// @param clock decides on the owner of a stream how old something is
  /// @param standing what is known of the nodes that count; asked often, on Hazelcast's threads, so
  ///   it must only look
  /// @param questions to other holders of shards
  public record World(
      Context context,
      InstantSource clock,
      Supplier<Standing> standing,
      HolderQuestions questions,
      StreamMeters meters) {
    /// That of a node in no cluster.
    public static World alone(Context context, InstantSource clock, StreamMeters meters) {
      Standing alone = Standing.alone(LocalShards.SELF);
      HolderQuestions nobody = (_, _) -> Future.failedFuture("there is nobody to ask");
      return new World(context, clock, () -> alone, nobody, meters);
    }
  }

  /// The streams of a node. In a cluster its member must have been set up by [StoreSettings].
  ///
  /// @param membership empty for a node that is in no cluster, which then keeps its streams itself
  public static ShardedStreams open(
      GatewayConfig config, Optional<Membership> membership, World world) {
    return open(world, bounds(config), membership.map(Membership::hazelcast));
  }

  static ShardedStreams open(
      World world, ShardSite.Bounds bounds, Optional<HazelcastInstance> hazelcast) {
    var random = new SecureRandom();
    var senses =
        new ShardSite.Senses(world.clock(), world.standing(), world.questions(), random::nextLong);
    var site = new ShardSite(senses, bounds, world.meters());
    Context context = world.context();
    ShardHost host =
        hazelcast
            .<ShardHost>map(member -> HazelcastShards.open(member, context, site))
            .orElseGet(() -> new LocalShards(context, site));
    ShardLane.Delay later =
        (millis, work) ->
            context.runOnContext(_ -> context.owner().setTimer(millis, _ -> work.run()));
    return new ShardedStreams(
        host, site, new ShardLane.Ground(host, random.nextLong(), world.meters(), later));
  }

  private static ShardSite.Bounds bounds(GatewayConfig config) {
    GatewayConfig.Stream stream = config.stream();
    var shard =
        new ShardLimits(
            stream.bytesMax(),
            stream.idempotencyKeysMax(),
            stream.idempotencyTtl(),
            ShardLimits.logsMaxOf(stream.streamsMax()));
    return new ShardSite.Bounds(shard, config.history().pageBytesMax(), stream.streamsMax());
  }

  @Override
  public Future<Appended> append(String channel, Draft draft, Retention retention) {
    int shard = Shard.of(channel);
    Pending<Appended> pending = rooms.get(shard).enter(size(draft));
    if (pending == null) {
      meters.onAppend(StreamMeters.Append.FULL);
      return full();
    }
    lanes.get(shard).add(new ShardLane.Write(new Item.Append(channel, draft, retention), pending));
    return pending.future();
  }

  @Override
  public Future<Slice> read(String channel, Query query) {
    int shard = Shard.of(channel);
    Pending<Slice> pending = rooms.get(shard).enter(OVERHEAD);
    if (pending == null) {
      meters.onRead(StreamMeters.Read.FAILED);
      return full();
    }
    lanes.get(shard).add(new ShardLane.Read(new ShardHost.Reading(channel, query), pending));
    return pending.future();
  }

  @Override
  public Future<Void> remove(String channel) {
    return change(Shard.of(channel), new Item.Remove(channel));
  }

  @Override
  public Future<Taken> note(int stream, Note note, Retention retention) {
    int shard = Shard.ofEvents(stream);
    Pending<Taken> pending = rooms.get(shard).enter(OVERHEAD);
    if (pending == null) {
      return full();
    }
    var item = new Item.Roll(EventStream.channel(stream), note, retention);
    lanes.get(shard).add(new ShardLane.Say(item, pending));
    return pending.future();
  }

  @Override
  public boolean owns(int stream) {
    return host.owns(Shard.ofEvents(stream));
  }

  /// Gives a shard up for another node, as the answer to a [HolderQuestions].
  ///
  /// @return fails when this node does not know yet that the other one owns it
  public Future<GaveUp> giveUp(GiveUp question) {
    return host.giveUp(question);
  }

  /// Answers who has waited too long, and drops what is too old in some of the shards this node
  /// owns. Any thread, one at a time, a few times a second.
  public void onTick() {
    long now = System.nanoTime();
    lanes.forEach(lane -> lane.tick(now));
    settle();
    site.report();
    for (int count = 0; count < SWEPT_PER_TICK; count++) {
      sweep(Math.floorMod(swept.getAndIncrement(), Shard.COUNT));
    }
  }

  /// Has the shards that changed hands agreed on at once, not only when somebody publishes: a
  /// stream at rest must survive the next loss too.
  private void settle() {
    for (int count = 0; count < Shard.COUNT && settling.size() < SETTLED_PER_TICK; count++) {
      int shard = Math.floorMod(looked.getAndIncrement(), Shard.COUNT);
      Holders now = host.owns(shard) ? host.holders(shard).orElse(null) : null;
      if (now == null) {
        settled.set(shard, null);
      } else if (!now.equals(settled.get(shard)) && settling.add(shard)) {
        change(shard, new Item.Sweep(1))
            .onSuccess(_ -> settled.set(shard, now))
            .onComplete(_ -> settling.remove(shard));
      }
    }
  }

  private void sweep(int shard) {
    if (host.owns(shard)) {
      change(shard, new Item.Sweep(SWEPT_LOGS_MAX));
    } else if (!host.holds(shard)) {
      site.forget(shard);
    }
  }

  private Future<Void> change(int shard, Item item) {
    Pending<Appended> pending = rooms.get(shard).enter(OVERHEAD);
    if (pending == null) {
      return full();
    }
    lanes.get(shard).add(new ShardLane.Write(item, pending));
    return pending.future().mapEmpty();
  }

  private static <T> Future<T> full() {
    return Future.failedFuture(
        new StreamException(
            Reason.FULL, "more waits for the stream's owner than it takes; try again later"));
  }

  private static int size(Draft draft) {
    ClientInfo info = draft.publication().info();
    return OVERHEAD
        + draft.publication().data().length
        + draft.key().length()
        + (info == null ? 0 : OVERHEAD + length(info.connInfo()) + length(info.chanInfo()));
  }

  private static int length(byte[] bytes) {
    return bytes == null ? 0 : bytes.length;
  }
}
