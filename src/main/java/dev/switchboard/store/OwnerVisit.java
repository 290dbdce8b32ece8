package dev.switchboard.store;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceAware;
import com.hazelcast.internal.serialization.Data;
import com.hazelcast.map.EntryProcessor;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import com.hazelcast.spi.exception.RetryableHazelcastException;
import dev.switchboard.protocol.MalformedException;
import dev.switchboard.store.ShardHost.Outcome;
import dev.switchboard.store.ShardHost.Request;
import dev.switchboard.store.ShardTitles.Holders;
import dev.switchboard.stream.HoleException;
import dev.switchboard.stream.Shard;
import dev.switchboard.stream.ShardCodec;
import dev.switchboard.stream.ShardDelta;
import dev.switchboard.stream.StreamException.Reason;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/// A request on its way to the owner of a shard, run there on the partition's thread.
///
/// The answer ends with a stamp. Hazelcast sends the delta to the copy only after the request was
/// carried out, and reports success without any copy when it finds none to send it to: a member may
/// have been dropped in between. So the answer says [#ALONE_OR_COPIED] only if there was nothing to
/// copy, or once the delta is being written; Hazelcast writes the answer after that.
final class OwnerVisit
    implements EntryProcessor<Integer, Shard, Object>,
        IdentifiedDataSerializable,
        HazelcastInstanceAware {
  /// The last byte of an answer that holds.
  static final byte ALONE_OR_COPIED = 1;

  private static final long serialVersionUID = 1L;

  private transient Request request;
  private transient MalformedException unreadable;
  private transient HazelcastInstance hazelcast;
  private transient CopyVisit copy;

  /// For [StoreSettings], which lets it be read from bytes.
  OwnerVisit() {}

  OwnerVisit(Request request) {
    this.request = request;
  }

  @Override
  public void setHazelcastInstance(HazelcastInstance instance) {
    hazelcast = instance;
  }

  @Override
  public Object process(Map.Entry<Integer, Shard> entry) {
    // A request of this node that is tried again is this same object.
    copy = null;
    var replicas = HazelcastShards.at(hazelcast);
    if (replicas.isEmpty()) {
      return answer(refused("the owner of the stream is still starting; try again"), true);
    }
    if (unreadable != null) {
      return answer(refused("the owner of the stream runs another version"), true);
    }
    return visit(entry, replicas.get());
  }

  private Object visit(Map.Entry<Integer, Shard> entry, HazelcastShards here) {
    int number = entry.getKey();
    boolean changes = request.batch().isPresent();
    // Who reads needs nobody for a copy.
    Optional<Holders> named =
        changes ? here.holders(number) : Optional.of(new Holders(here.self(), 0));
    if (named.isEmpty()) {
      return answer(refused("no other node can hold a copy of the stream now; try again"), true);
    }
    Holders holders = named.get();
    Shard before = entry.getValue();
    ShardSite.Visit visit = here.site().visit(number, before, request, holders);
    if (before != visit.shard()) {
      entry.setValue(visit.shard());
    }
    boolean done = visit.outcome() instanceof Outcome.Answered && visit.shard() != null && changes;
    if (done && holders.backup() == 0) {
      visit.shard().acknowledge(visit.shard().mark());
    }
    if (!done || holders.backup() == 0) {
      return answer(visit.outcome(), true);
    }
    copy = new CopyVisit(visit.shard().delta());
    Data answer = answer(visit.outcome(), false);
    copy.stamps(answer.toByteArray());
    return answer;
  }

  private static Outcome refused(String message) {
    return new Outcome.Refused(Reason.UNAVAILABLE, message);
  }

  /// The bytes that Hazelcast will send: it keeps them as they are, so they can still be stamped.
  private Data answer(Outcome outcome, boolean stamped) {
    byte[] bytes =
        switch (outcome) {
          case Outcome.Answered answered -> ShardWire.encode(answered);
          case Outcome.Refused refusal -> ShardWire.encode(refusal);
          case Outcome.Unknown(var message) -> throw new IllegalStateException(message);
        };
    byte[] whole = Arrays.copyOf(bytes, bytes.length + 1);
    whole[bytes.length] = stamped ? ALONE_OR_COPIED : 0;
    return HazelcastShards.engine(hazelcast).getSerializationService().toData(whole);
  }

  @Override
  public EntryProcessor<Integer, Shard, Object> getBackupProcessor() {
    return copy;
  }

  @Override
  public void writeData(ObjectDataOutput out) throws IOException {
    out.writeByteArray(ShardWire.encode(request));
  }

  @Override
  public void readData(ObjectDataInput in) throws IOException {
    try {
      request = ShardWire.request(in.readByteArray());
    } catch (MalformedException other) {
      unreadable = other;
    }
  }

  @Override
  public int getFactoryId() {
    return StoreSettings.FACTORY;
  }

  @Override
  public int getClassId() {
    return StoreSettings.OWNER_VISIT;
  }

  /// What an owner decided, on its way to the copy, run there on the partition's thread.
  static final class CopyVisit
      implements EntryProcessor<Integer, Shard, Object>,
          IdentifiedDataSerializable,
          HazelcastInstanceAware {
    private static final long serialVersionUID = 1L;

    private transient ShardDelta delta;
    private transient MalformedException unreadable;
    private transient HazelcastInstance hazelcast;
    private transient byte[] answer;

    CopyVisit() {}

    CopyVisit(ShardDelta delta) {
      this.delta = delta;
    }

    /// @param answer whose last byte says whether this was written
    void stamps(byte[] answer) {
      this.answer = answer;
    }

    @Override
    public void setHazelcastInstance(HazelcastInstance instance) {
      hazelcast = instance;
    }

    @Override
    public Object process(Map.Entry<Integer, Shard> entry) {
      HazelcastShards here =
          HazelcastShards.at(hazelcast)
              .orElseThrow(() -> new RetryableHazelcastException("this node is still starting"));
      if (unreadable != null) {
        throw new RetryableHazelcastException("a delta of another version");
      }
      int number = entry.getKey();
      Shard before = entry.getValue();
      try {
        Shard after = here.site().copy(number, before, delta);
        if (before != after) {
          entry.setValue(after);
        }
        return null;
      } catch (HoleException hole) {
        HazelcastShards.copyWhole(hazelcast, number);
        // Hazelcast then sends no confirmation, and so the owner's caller learns nothing good.
        throw new RetryableHazelcastException(hole.getMessage());
      }
    }

    @Override
    public void writeData(ObjectDataOutput out) throws IOException {
      out.writeByteArray(ShardCodec.encode(delta));
      answer[answer.length - 1] = ALONE_OR_COPIED;
    }

    @Override
    public void readData(ObjectDataInput in) throws IOException {
      try {
        delta = ShardCodec.delta(in.readByteArray());
      } catch (MalformedException other) {
        unreadable = other;
      }
    }

    @Override
    public int getFactoryId() {
      return StoreSettings.FACTORY;
    }

    @Override
    public int getClassId() {
      return StoreSettings.COPY_VISIT;
    }
  }
}
