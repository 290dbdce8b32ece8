package dev.switchboard.store;

import dev.switchboard.stream.Shard;
import dev.switchboard.tenure.GaveUp;
import dev.switchboard.tenure.GiveUp;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// All shards, in this process: the host of a node that is in no cluster.
///
/// The shards are confined to one context. There is no copy, so what is done is safe.
final class LocalShards implements ShardHost {
  private static final Logger LOG = LoggerFactory.getLogger(LocalShards.class);

  /// What this node is called here, where it is alone.
  static final long SELF = 1;

  private static final ShardTitles.Holders HOLDERS = new ShardTitles.Holders(SELF, 0);

  private final Shard[] shards = new Shard[Shard.COUNT];
  private final Context owner;
  private final ShardSite site;

  /// @param owner the context that has the shards from now on
  LocalShards(Context owner, ShardSite site) {
    this.owner = owner;
    this.site = site;
  }

  @Override
  public void ask(int shard, Request request, Consumer<Outcome> done) {
    owner.runOnContext(_ -> done.accept(safely(shard, request)));
  }

  /// A mistake of ours must not keep everybody waiting who comes later.
  private Outcome safely(int shard, Request request) {
    try {
      return visit(shard, request);
    } catch (RuntimeException mistake) {
      LOG.error("A shard of the streams failed", mistake);
      return new Outcome.Unknown(mistake.toString());
    }
  }

  private Outcome visit(int number, Request request) {
    ShardSite.Visit visit = site.visit(number, shards[number], request, HOLDERS);
    shards[number] = visit.shard();
    if (visit.shard() != null
        && visit.outcome() instanceof Outcome.Answered(var result, var _)
        && result.isPresent()) {
      visit.shard().acknowledge(result.get().mark());
    }
    return visit.outcome();
  }

  @Override
  public Future<GaveUp> giveUp(GiveUp question) {
    return Future.failedFuture("in no cluster nobody gives anything up");
  }

  @Override
  public boolean owns(int shard) {
    return true;
  }

  @Override
  public Optional<ShardTitles.Holders> holders(int shard) {
    return Optional.of(HOLDERS);
  }

  @Override
  public boolean holds(int shard) {
    return true;
  }
}
