package dev.switchboard.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.protocol.MalformedException;
import dev.switchboard.protocol.Publication;
import dev.switchboard.stream.ShardBatch.Item;
import dev.switchboard.stream.ShardResult.Outcome;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;

/// An owner, its backup and two senders, with everything that may go wrong between them.
///
/// Remembers all that anybody was told, and asserts that nothing contradicts it.
final class TwoCopies {
  private static final ShardLimits LIMITS =
      new ShardLimits(1_000, 50, Duration.ofMinutes(5), Samples.CHANNELS.size());

  private final Random random;
  private Shard owner;
  private Shard backup;
  private final Deque<Flight> flights = new ArrayDeque<>();
  private final List<Sender> senders = List.of(new Sender(1), new Sender(2));
  private final Map<String, String> told = new HashMap<>();
  private final Map<String, Long> tops = new HashMap<>();
  private Flight last;
  private long now = 1_000_000;

  int holes;
  int promotions;
  int safe;
  int unsafe;

  private record Flight(
      Sender sender, ShardBatch batch, ShardResult result, byte[] delta, byte[] after) {}

  private static final class Sender {
    private final long id;
    private long number;
    private ShardBatch batch;
    private Shard.Mark acked = Shard.Mark.NONE;

    Sender(long id) {
      this.id = id;
    }
  }

  TwoCopies(Random random) {
    this.random = random;
    owner = new Shard(random.nextLong(), Samples.TITLE);
  }

  /// Something happens.
  void step() throws MalformedException {
    now += random.nextInt(4_000);
    switch (random.nextInt(20)) {
      case 0, 1, 2, 3, 4, 5 -> send(true);
      case 6 -> send(false);
      case 7, 8, 9, 10, 11 -> deliver(flights.poll(), true);
      case 12 -> flights.poll();
      case 13 -> deliver(last, false);
      case 14 -> promote();
      case 15 -> copyWhole();
      default -> read();
    }
  }

  private void send(boolean fresh) {
    Sender sender = Samples.any(random, senders);
    if (fresh || sender.batch == null) {
      sender.number++;
      sender.batch = Samples.anyBatch(random, sender.id, sender.number, sender.acked);
    }
    ShardResult result = owner.apply(sender.batch, now, LIMITS);
    byte[] delta = ShardCodec.encode(owner.delta());
    flights.add(new Flight(sender, sender.batch, result, delta, ShardCodec.encode(owner)));
  }

  /// A delta reaches the backup; what its clock shows does not matter.
  private void deliver(Flight flight, boolean first) throws MalformedException {
    if (flight == null) {
      return;
    }
    byte[] before = backup == null ? null : ShardCodec.encode(backup);
    try {
      ShardDelta delta = ShardCodec.delta(flight.delta);
      if (backup == null) {
        backup = Shard.of(delta);
      } else {
        backup.apply(delta);
      }
      if (first) {
        last = flight;
        succeed(flight);
      } else {
        assertThat(ShardCodec.encode(backup)).isEqualTo(before);
      }
    } catch (HoleException missing) {
      holes++;
      assertThat(backup == null ? null : ShardCodec.encode(backup)).isEqualTo(before);
    }
  }

  private void succeed(Flight flight) {
    assertThat(ShardCodec.encode(backup)).isEqualTo(flight.after);
    safe++;
    flight.sender.acked = flight.result.mark();
    var outcomes = flight.result.outcomes().iterator();
    for (Item item : flight.batch.items()) {
      if (item instanceof Item.Append append
          && outcomes.next() instanceof Outcome.Done(Appended.Stored(var position))) {
        tell(append.channel(), position, Samples.payload(append.draft().publication()));
      }
    }
  }

  private void promote() {
    promotions++;
    owner = backup == null ? new Shard(random.nextLong(), Samples.TITLE) : backup;
    backup = null;
    flights.clear();
    last = null;
    now += random.nextInt(-20_000, 20_000);
  }

  /// What is on its way to a backup that is replaced does not reach the new one.
  private void copyWhole() throws MalformedException {
    backup = ShardCodec.shard(ShardCodec.encode(owner));
    flights.clear();
    last = null;
  }

  private void read() {
    String channel = Samples.any(random, Samples.CHANNELS);
    try {
      var query = new Query(-1, OptionalLong.empty(), random.nextBoolean());
      Shard.Mark acked = Samples.any(random, senders).acked;
      Slice slice = owner.read(channel, query, acked, now, Samples.PAGE);
      Position top = slice.top();
      long reached = tops.getOrDefault(channel + top.epoch(), 0L);
      assertThat(top.offset()).as("top of " + channel).isGreaterThanOrEqualTo(reached);
      tops.put(channel + top.epoch(), top.offset());
      Set<String> payloads = new HashSet<>();
      for (Publication publication : slice.publications()) {
        String payload = Samples.payload(publication);
        assertThat(payloads.add(payload)).as("one entry of " + payload).isTrue();
        tell(channel, new Position(top.epoch(), publication.offset()), payload);
      }
    } catch (UnsafeException notYet) {
      unsafe++;
    }
  }

  private void tell(String channel, Position position, String payload) {
    String place = channel + position;
    assertThat(told.getOrDefault(place, payload)).as(place).isEqualTo(payload);
    told.put(place, payload);
    tops.merge(channel + position.epoch(), position.offset(), Math::max);
  }
}
