package dev.switchboard.stream;

import dev.switchboard.lifecycle.EventStream;
import dev.switchboard.lifecycle.Note;
import dev.switchboard.lifecycle.Notes;
import dev.switchboard.protocol.ClientInfo;
import dev.switchboard.protocol.Publication;
import dev.switchboard.stream.ShardBatch.Item;
import dev.switchboard.tenure.Title;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Batches and readings for tests of streams.
final class Samples {
  static final ShardLimits LIMITS = new ShardLimits(4 << 20, 100_000, Duration.ofMinutes(5), 100);
  static final Retention KEPT = new Retention(100, Duration.ofMinutes(5), Duration.ZERO);
  static final Query ALL = new Query(-1, OptionalLong.empty(), false);
  static final long SENDER = 7;
  static final int PAGE = 1 << 20;
  static final List<String> CHANNELS = List.of("a", "b", "\ud800 half");

  private Samples() {}

  static Publication publication(String payload) {
    return Publication.of(payload.getBytes(StandardCharsets.UTF_8), null);
  }

  static Draft draft(String payload) {
    return Draft.of(publication(payload));
  }

  static Draft keyed(String payload, String key) {
    return new Draft(publication(payload), key, 0, "", true);
  }

  static Draft versioned(String payload, long version, String versionEpoch) {
    return new Draft(publication(payload), "", version, versionEpoch, true);
  }

  static Draft passing(String payload, String key) {
    return new Draft(publication(payload), key, 0, "", false);
  }

  static Item append(String channel, Draft draft) {
    return new Item.Append(channel, draft, KEPT);
  }

  static ShardBatch batch(long number, Item... items) {
    return new ShardBatch(SENDER, number, Shard.Mark.NONE, List.of(items));
  }

  /// Appends and makes it safe.
  static Appended append(Shard shard, String channel, Draft draft, Retention retention, long now) {
    var item = new Item.Append(channel, draft, retention);
    long number = shard.mark().sequence() + 1;
    ShardResult result = shard.apply(batch(number, item), now, LIMITS);
    shard.acknowledge(result.mark());
    return ((ShardResult.Outcome.Done) result.outcomes().getFirst()).appended();
  }

  static Appended append(Shard shard, String channel, Draft draft) {
    return append(shard, channel, draft, KEPT, 0);
  }

  static List<String> payloads(Slice slice) {
    return slice.publications().stream().map(Samples::payload).toList();
  }

  static String payload(Publication publication) {
    return new String(publication.data(), StandardCharsets.UTF_8);
  }

  static List<Long> offsets(Slice slice) {
    return slice.publications().stream().map(Publication::offset).toList();
  }

  static List<Long> range(long from, long to) {
    return Stream.iterate(from, i -> i <= to, i -> i + 1).toList();
  }

  /// Some title.
  static final Title TITLE = new Title(7, 1, 1, 0, 1, 2);

  /// A batch of anything; each payload is unlike all others of the same `run`.
  static ShardBatch anyBatch(Random random, long sender, long number, Shard.Mark acked) {
    List<Item> items = new ArrayList<>();
    int size = random.nextInt(5);
    for (int i = 0; i < size; i++) {
      items.add(anyItem(random, sender + "." + number + "." + i));
    }
    return new ShardBatch(sender, number, acked, items);
  }

  /// The batch with a few notes for the roll among its items.
  static ShardBatch withNotes(Random random, ShardBatch batch) {
    List<Item> items = new ArrayList<>(batch.items());
    for (int count = random.nextInt(4); count > 0; count--) {
      Note note = Notes.any(random, 5_000);
      items.add(
          random.nextInt(items.size() + 1),
          new Item.Roll(EventStream.channel(0), note, anyRetention(random)));
    }
    return new ShardBatch(batch.sender(), batch.number(), batch.acked(), items);
  }

  private static Item anyItem(Random random, String payload) {
    String channel = any(random, CHANNELS);
    return switch (random.nextInt(64)) {
      case 0, 1, 2, 3 -> new Item.Remove(channel);
      case 4, 5, 6, 7 -> new Item.Sweep(100);
      default -> new Item.Append(channel, anyDraft(random, payload), anyRetention(random));
    };
  }

  static Draft anyDraft(Random random, String payload) {
    String key = random.nextBoolean() ? "" : "key" + random.nextInt(6);
    int version = random.nextInt(3) > 0 ? 0 : random.nextInt(1, 6);
    String versionEpoch = random.nextBoolean() ? "" : "numbering" + random.nextInt(2);
    return new Draft(anyPublication(random, payload), key, version, versionEpoch, chance(random));
  }

  private static boolean chance(Random random) {
    return random.nextInt(8) > 0;
  }

  private static Publication anyPublication(Random random, String payload) {
    if (random.nextInt(4) > 0) {
      return publication(payload);
    }
    byte[] data = payload.getBytes(StandardCharsets.UTF_8);
    var info = new ClientInfo("user", "client", random.nextBoolean() ? null : data, null);
    Map<String, String> tags =
        IntStream.range(0, random.nextInt(3))
            .boxed()
            .collect(Collectors.toMap(i -> "tag" + i, i -> "vä" + i + "\u20ac"));
    return new Publication(data, info, 0, tags, random.nextInt(2));
  }

  static Retention anyRetention(Random random) {
    return new Retention(
        random.nextInt(1, 8),
        Duration.ofSeconds(random.nextInt(1, 60)),
        Duration.ofSeconds(random.nextInt(1, 300)));
  }

  static <T> T any(Random random, List<T> values) {
    return values.get(random.nextInt(values.size()));
  }
}
