package dev.switchboard.store;

import com.hazelcast.config.Config;
import com.hazelcast.config.InMemoryFormat;
import com.hazelcast.config.MapConfig;
import com.hazelcast.config.MergePolicyConfig;
import com.hazelcast.config.SerializerConfig;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import com.hazelcast.nio.serialization.StreamSerializer;
import com.hazelcast.spi.merge.MergingValue;
import com.hazelcast.spi.merge.SplitBrainMergePolicy;
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
  static final int NEWEST_COPY = 3;

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
            // One at a time, as each is large.
            .setMergePolicyConfig(new MergePolicyConfig(NewestCopy.class.getName(), 1)));
    config
        .getSerializationConfig()
        .addDataSerializableFactory(
            FACTORY,
            type ->
                switch (type) {
                  case OWNER_VISIT -> new OwnerVisit();
                  case COPY_VISIT -> new OwnerVisit.CopyVisit();
                  case NEWEST_COPY -> new NewestCopy();
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

  /// Which copy of a shard stays when parts of a cluster merge. Stateless.
  ///
  /// The nodes that Hazelcast makes merge lose their copies, and those may be the only ones: all
  /// nodes of a cluster may be on their own for a moment, and merge one after the other. So they
  /// bring them along. Two histories never become one: one copy stays, as a whole, and whether it
  /// may be used is decided as for any copy that Hazelcast moves.
  static final class NewestCopy
      implements SplitBrainMergePolicy<Shard, MergingValue<Shard>, Object>,
          IdentifiedDataSerializable {
    /// Hazelcast makes one by its name.
    NewestCopy() {}

    @Override
    public Object merge(MergingValue<Shard> merging, MergingValue<Shard> existing) {
      Shard brought = merging.getDeserializedValue();
      Shard here = existing == null ? null : existing.getDeserializedValue();
      return here == null || brought.copy().isNewer(here.copy()) ? brought : here;
    }

    @Override
    public void writeData(ObjectDataOutput out) {
      // There is nothing in it.
    }

    @Override
    public void readData(ObjectDataInput in) {
      // There is nothing in it.
    }

    @Override
    public int getFactoryId() {
      return FACTORY;
    }

    @Override
    public int getClassId() {
      return NEWEST_COPY;
    }
  }
}
