package dev.switchboard.stream;

import dev.switchboard.protocol.Publication;
import dev.switchboard.stream.ShardBatch.Item;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Predicate;

/// What a shard should do, in the plainest words: lists, no bounds on work, no copies.
///
/// Epochs are numbered: a log has the number of the generation it began in.
final class ModelLog {
  record Kept(long offset, String payload, long at, long bytes) {}

  record Spent(long offset, long at) {}

  record Place(int generation, long offset) {}

  private final int generation;
  private long top;
  private List<Kept> kept = new ArrayList<>();
  private final Map<String, Spent> keys = new LinkedHashMap<>();
  private long version;
  private String versionEpoch = "";
  private long writtenAt;
  private Retention retention;

  private ModelLog(int generation) {
    this.generation = generation;
  }

  private Place place(long offset) {
    return new Place(generation, offset);
  }

  /// All logs, and the rules.
  static final class Shards {
    private final ShardLimits limits;
    private final Map<String, ModelLog> logs = new TreeMap<>();
    private int generation;

    Shards(ShardLimits limits) {
      this.limits = limits;
    }

    /// What an append says: the word and the place, or the word alone.
    Map.Entry<String, Place> append(Item.Append item, long now) {
      Draft draft = item.draft();
      ModelLog log = logs.getOrDefault(item.channel(), new ModelLog(generation));
      log.keys.values().removeIf(old(now, limits.keyMillis()));
      Spent seen = log.keys.get(draft.key());
      if (seen != null) {
        return Map.entry("Repeated", log.place(seen.offset()));
      }
      boolean comparable =
          draft.versionEpoch().isEmpty() || draft.versionEpoch().equals(log.versionEpoch);
      if (draft.version() > 0 && comparable && draft.version() <= log.version) {
        return Map.entry("Outdated", log.place(log.top));
      }
      boolean needsLog = draft.kept() || !draft.key().isEmpty() || draft.version() > 0;
      if (!needsLog) {
        return Map.entry("Passed", log.place(log.top));
      }
      boolean noRoom = !logs.containsKey(item.channel()) && logs.size() >= limits.logsMax();
      if (noRoom || !draft.key().isEmpty() && !hasRoomForKey(log, now)) {
        return Map.entry("FULL", new Place(0, 0));
      }
      logs.put(item.channel(), log);
      spend(log, draft, now);
      log.retention = item.retention();
      log.writtenAt = now;
      if (!draft.kept()) {
        return Map.entry("Passed", log.place(log.top));
      }
      log.top++;
      String payload = Samples.payload(draft.publication());
      log.kept.add(new Kept(log.top, payload, now, ShardLimits.bytes(draft.publication())));
      trim(log, now);
      return Map.entry("Stored", log.place(log.top));
    }

    private static Predicate<Spent> old(long now, long millis) {
      return spent -> spent.at() + millis <= now;
    }

    private boolean hasRoomForKey(ModelLog log, long now) {
      if (log.keys.size() < limits.idempotencyKeysMax()) {
        return true;
      }
      var oldest =
          log.keys.entrySet().stream()
              .min(Comparator.comparing(key -> key.getValue().at()))
              .orElseThrow();
      return oldest.getValue().at() + 60_000 <= now && log.keys.remove(oldest.getKey()) != null;
    }

    private static void spend(ModelLog log, Draft draft, long now) {
      if (!draft.key().isEmpty()) {
        log.keys.put(draft.key(), new Spent(draft.kept() ? log.top + 1 : 0, now));
      }
      if (draft.version() > 0) {
        log.version = draft.version();
        log.versionEpoch = draft.versionEpoch();
      }
    }

    private void trim(ModelLog log, long now) {
      log.kept = young(log, now);
      while (log.kept.size() > log.retention.size()
          || log.kept.size() > 1
              && log.kept.stream().mapToLong(Kept::bytes).sum() > limits.bytesMax()) {
        log.kept.removeFirst();
      }
    }

    private static List<Kept> young(ModelLog log, long now) {
      return new ArrayList<>(
          log.kept.stream()
              .filter(kept -> kept.at() + log.retention.ttl().toMillis() > now)
              .toList());
    }

    void remove(String channel) {
      if (logs.containsKey(channel)) {
        logs.get(channel).kept.clear();
      }
    }

    void sweep(long now) {
      logs.values().forEach(log -> log.kept = young(log, now));
      logs.values().forEach(log -> log.keys.values().removeIf(old(now, limits.keyMillis())));
      boolean went =
          logs.values()
              .removeIf(
                  log ->
                      log.keys.isEmpty()
                          && log.kept.isEmpty()
                          && log.writtenAt + silence(log.retention) <= now);
      generation += went ? 1 : 0;
    }

    void renew() {
      logs.clear();
      generation++;
    }

    private static long silence(Retention retention) {
      return Math.max(retention.ttl().toMillis(), retention.metaTtl().toMillis());
    }

    Place top(String channel) {
      ModelLog log = logs.getOrDefault(channel, new ModelLog(generation));
      return log.place(log.top);
    }

    /// What a page without a bound of bytes has.
    List<String> read(String channel, Query query, long now) {
      if (!logs.containsKey(channel)) {
        return List.of();
      }
      List<Kept> kept = young(logs.get(channel), now);
      OptionalLong since = query.since();
      if (query.reverse()) {
        kept = new ArrayList<>(kept.reversed());
      }
      return kept.stream()
          .filter(
              one ->
                  since.isEmpty()
                      || (query.reverse()
                          ? one.offset() < since.getAsLong()
                          : one.offset() > since.getAsLong()))
          .limit(query.limit() < 0 ? Long.MAX_VALUE : query.limit())
          .map(one -> one.offset() + "=" + one.payload())
          .toList();
    }

    static String text(Publication publication) {
      return publication.offset() + "=" + Samples.payload(publication);
    }
  }
}
