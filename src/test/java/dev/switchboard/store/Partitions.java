package dev.switchboard.store;

import static org.awaitility.Awaitility.await;

import com.hazelcast.internal.serialization.Data;
import com.hazelcast.map.impl.MapService;
import com.hazelcast.map.impl.recordstore.RecordStore;
import com.hazelcast.spi.impl.NodeEngineImpl;
import com.hazelcast.spi.impl.PartitionSpecificRunnable;
import dev.switchboard.store.StoreCluster.Host;
import dev.switchboard.stream.Shard;
import java.util.concurrent.CountDownLatch;
import java.util.function.BiFunction;
import java.util.function.IntConsumer;

/// The partitions of members, touched as a test likes on the threads that own them.
final class Partitions {
  private Partitions() {}

  static void onShard(Host host, String channel, BiFunction<RecordStore<?>, Data, Object> work) {
    NodeEngineImpl engine = HazelcastShards.engine(host.hazelcast());
    var done = new CountDownLatch(1);
    onPartition(
        host,
        channel,
        partition -> {
          MapService service = engine.getService(MapService.SERVICE_NAME);
          work.apply(
              service.getMapServiceContext().getExistingRecordStore(partition, StoreSettings.MAP),
              engine.getSerializationService().toData(Shard.of(channel)));
          done.countDown();
        });
    await().until(() -> done.getCount() == 0);
  }

  static void onPartition(Host host, String channel, IntConsumer work) {
    int partition = id(host, channel);
    HazelcastShards.engine(host.hazelcast())
        .getOperationService()
        .execute(
            new PartitionSpecificRunnable() {
              @Override
              public int getPartitionId() {
                return partition;
              }

              @Override
              public void run() {
                work.accept(partition);
              }
            });
  }

  static int id(Host host, String channel) {
    return host.hazelcast().getPartitionService().getPartition(Shard.of(channel)).getPartitionId();
  }
}
