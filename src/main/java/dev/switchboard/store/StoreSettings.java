package dev.switchboard.store;

import com.hazelcast.config.Config;
import com.hazelcast.config.InMemoryFormat;
import com.hazelcast.config.MapConfig;
import com.hazelcast.config.MergePolicyConfig;
import com.hazelcast.config.SerializerConfig;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.StreamSerializer;
import com.hazelcast.spi.merge.DiscardMergePolicy;
import dev.switchboard.protocol.MalformedException;
import dev.switchboard.stream.Shard;
import dev.switchboard.stream.ShardCodec;
import java.io.IOException;

/// What a Hazelcast member must know to keep shards. Pure functions.
///
/// Nothing of it is ever written by Java's own serialisation.
public final class StoreSettings {
  /// The map of the shards.
  static final String MAP = "switchboard.streams";

  static final int FACTORY = 8_101;
  static final int OWNER_VISIT = 1;
  static final int COPY_VISIT = 2;

  private static final int SHARD_TYPE = 8_101;

  private StoreSettings() {}

  /// Adds what is needed to a member's settings, before it starts.
  public static void configure(Config config) {
    config.addMapConfig(
        new MapConfig(MAP)
            // As objects: an append must not read and write a whole shard.
            .setInMemoryFormat(InMemoryFormat.OBJECT)
            .setBackupCount(1)
            .setAsyncBackupCount(0)
            .setReadBackupData(false)
            .setStatisticsEnabled(false)
            .setPerEntryStatsEnabled(false)
            // The smaller side of a split forgets its streams: two histories cannot become one.
            .setMergePolicyConfig(new MergePolicyConfig(DiscardMergePolicy.class.getName(), 100)));
    config
        .getSerializationConfig()
        .addDataSerializableFactory(
            FACTORY,
            type ->
                switch (type) {
                  case OWNER_VISIT -> new OwnerVisit();
                  case COPY_VISIT -> new OwnerVisit.CopyVisit();
                  default -> throw new IllegalArgumentException("no such type: " + type);
                })
        .addSerializerConfig(
            new SerializerConfig().setTypeClass(Shard.class).setImplementation(new Shards()));
  }

  /// Writes whole shards when they move to another node.
  private static final class Shards implements StreamSerializer<Shard> {
    @Override
    public int getTypeId() {
      return SHARD_TYPE;
    }

    @Override
    public void write(ObjectDataOutput out, Shard shard) throws IOException {
      out.writeByteArray(ShardCodec.encode(shard));
    }

    @Override
    public Shard read(ObjectDataInput in) throws IOException {
      try {
        return ShardCodec.shard(in.readByteArray());
      } catch (MalformedException malformed) {
        throw new IOException("a shard of another version", malformed);
      }
    }
  }
}
