package dev.switchboard.stream;

import dev.switchboard.protocol.Publication;
import dev.switchboard.stream.Draft.Keys;
import dev.switchboard.stream.Draft.Keys.Key;
import dev.switchboard.stream.ShardDelta.Change.Written;
import dev.switchboard.stream.ShardDelta.Drop;
import dev.switchboard.stream.ShardDelta.Spent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The stream of one channel: what is kept of it, and how far it got.
///
/// Owned by its [Shard]. What depends on a clock or a limit is only decided here; it happens by
/// [#write] and [#drop], on the owner as on the backup. The retained offsets have no hole and end
/// with the top. There may be a million of these, most of them empty, so nothing is held before it
/// is needed.
final class Log {
  private static final int LOG_BYTES = 256;
  private static final Publication[] NONE = {};
  private static final long[] NEVER = {};

  private final String epoch;
  private long top;
  private long version;
  private String versionEpoch = "";
  private long writtenAt;
  private Retention retention;
  private long changedBy;
  private Keys keys;

  // A ring: index 0 is the oldest, at head.
  private Publication[] publications = NONE;
  private long[] storedAt = NEVER;
  private int head;
  private int count;
  private long bytes;

  /// A log without publications.
  ///
  /// @param changedBy sequence of the batch it began with
  Log(String epoch, long changedBy) {
    this.epoch = epoch;
    this.changedBy = changedBy;
  }

  /// A copied log, still without publications and keys.
  Log(String epoch, Meta meta) {
    this(epoch, meta.changedBy());
    top = meta.top();
    version = meta.version();
    versionEpoch = meta.versionEpoch();
    writtenAt = meta.writtenAt();
    retention = meta.retention();
  }

  /// What can be said of a draft that changes nothing, or null when it does.
  Appended known(Draft draft, long now, long keyMillis) {
    Key key = draft.key().isEmpty() || keys == null ? null : keys.find(draft.key(), now, keyMillis);
    if (key != null) {
      return new Appended.Repeated(new Position(epoch, key.offset()));
    }
    boolean sameNumbering =
        draft.versionEpoch().isEmpty() || draft.versionEpoch().equals(versionEpoch);
    if (draft.version() > 0 && sameNumbering && draft.version() <= version) {
      return new Appended.Outdated(position());
    }
    return null;
  }

  /// A publication as it would be stored.
  Publication next(Publication draft, long now) {
    long time = draft.time() == 0 ? now : draft.time();
    return new Publication(draft.data(), draft.info(), top + 1, draft.tags(), time);
  }

  /// How many keys have to go before a draft's key may come in: -1 when none may go yet.
  int keysToDrop(Draft draft, long now, ShardLimits limits) {
    if (draft.key().isEmpty()) {
      return expiredKeys(now, limits.keyMillis());
    }
    return (keys == null ? new Keys() : keys).toDrop(now, limits);
  }

  /// How many keys are past their time.
  int expiredKeys(long now, long keyMillis) {
    return keys == null ? 0 : keys.expired(now, keyMillis);
  }

  /// How many publications have to go when one more comes in, which itself stays in any case.
  int publicationsToDrop(Publication further, Retention by, long now, int bytesMax) {
    long left = bytes + ShardLimits.bytes(further);
    int dropped = 0;
    while (dropped < count
        && (isExpired(dropped, by, now) || count - dropped >= by.size() || left > bytesMax)) {
      left -= ShardLimits.bytes(publications[at(dropped)]);
      dropped++;
    }
    return dropped;
  }

  /// How many publications are past their time.
  int expiredPublications(long now) {
    int expired = 0;
    while (expired < count && isExpired(expired, retention, now)) {
      expired++;
    }
    return expired;
  }

  private boolean isExpired(int index, Retention by, long now) {
    return now - storedAt[at(index)] >= by.ttlMillis();
  }

  /// Whether nothing is left to keep the log for once `expired` went.
  ///
  /// Keys hold it longer than its meta: without them a repeat would be stored again.
  boolean isForgettable(Drop expired, long now) {
    return now - writtenAt >= retention.silenceMillis()
        && expired.publications() == count
        && expired.keys() == (keys == null ? 0 : keys.size());
  }

  /// Does what was decided about a draft.
  ///
  /// @param kept the retention to remember
  /// @param sequence of the batch, and when it was carried out
  void write(Written change, Retention kept, long sequence, long now) {
    drop(change.dropped(), sequence);
    retention = kept;
    writtenAt = now;
    spend(change.spent(), change.publication() == null ? 0 : top + 1, now);
    if (change.publication() != null) {
      add(change.publication(), now);
      changedBy = sequence;
    }
  }

  /// Does what was decided about what is too old or too much.
  void drop(Drop dropped, long sequence) {
    if (keys != null) {
      keys.drop(dropped.keys());
      keys = keys.size() == 0 ? null : keys;
    }
    for (int i = 0; i < dropped.publications() && count > 0; i++) {
      bytes -= ShardLimits.bytes(publications[head]);
      publications[head] = null;
      head = at(1);
      count--;
      changedBy = sequence;
    }
    if (count <= publications.length / 4) {
      resize(count);
    }
  }

  private void spend(Spent spent, long offset, long at) {
    if (!spent.key().isEmpty()) {
      addKey(spent.key(), new Key(offset, at));
    }
    if (spent.version() > 0) {
      version = spent.version();
      versionEpoch = spent.versionEpoch();
    }
  }

  /// Remembers a key as the newest.
  void addKey(String text, Key key) {
    keys = keys == null ? new Keys() : keys;
    keys.add(text, key);
  }

  /// Adds a publication behind the top.
  void add(Publication publication, long at) {
    if (count == publications.length) {
      resize(Math.max(1, 2 * count));
    }
    publications[at(count)] = publication;
    storedAt[at(count)] = at;
    count++;
    top = publication.offset();
    bytes += ShardLimits.bytes(publication);
  }

  private int at(int index) {
    int place = head + index;
    return place < publications.length ? place : place - publications.length;
  }

  private void resize(int capacity) {
    var newPublications = capacity == 0 ? NONE : new Publication[capacity];
    var newStoredAt = capacity == 0 ? NEVER : new long[capacity];
    for (int i = 0; i < count; i++) {
      newPublications[i] = publications[at(i)];
      newStoredAt[i] = storedAt[at(i)];
    }
    publications = newPublications;
    storedAt = newStoredAt;
    head = 0;
  }

  /// The part that was asked for, without what is too old by now.
  Slice slice(Query query, long now, int bytesMax) {
    int first = expiredPublications(now);
    long before = top - count;
    long since = query.since().orElse(query.reverse() ? top + 1 : before);
    since = Math.clamp(since, before, top + 1);
    int index = (int) (query.reverse() ? since - before - 2 : since - before);
    int step = query.reverse() ? -1 : 1;
    int limit = query.limit() < 0 ? Integer.MAX_VALUE : query.limit();
    List<Publication> page = new ArrayList<>();
    long left = bytesMax;
    for (int i = query.reverse() ? index : Math.max(first, index);
        i >= first && i < count && page.size() < limit;
        i += step) {
      Publication publication = publications[at(i)];
      left -= ShardLimits.bytes(publication);
      if (left < 0 && !page.isEmpty()) {
        break;
      }
      page.add(publication);
    }
    return new Slice(position(), List.copyOf(page));
  }

  /// Whether its publications have no hole and end with `end`.
  boolean isWhole(long end) {
    for (int i = 0; i < count; i++) {
      if (publications[at(i)].offset() != end - count + 1 + i) {
        return false;
      }
    }
    return top == end && end >= count;
  }

  /// Where it ends.
  Position position() {
    return new Position(epoch, top);
  }

  /// Sequence of the last batch that a reader could tell from its absence.
  long changedBy() {
    return changedBy;
  }

  /// What it remembers beside publications and keys.
  ///
  /// @param version of the last draft that had one, 0 for none
  /// @param writtenAt when the last draft came, in milliseconds
  record Meta(
      long top,
      long version,
      String versionEpoch,
      long writtenAt,
      Retention retention,
      long changedBy) {}

  Meta meta() {
    return new Meta(top, version, versionEpoch, writtenAt, retention, changedBy);
  }

  Map<String, Key> keys() {
    return keys == null ? Map.of() : keys.all();
  }

  int count() {
    return count;
  }

  Publication publication(int index) {
    return publications[at(index)];
  }

  long storedAt(int index) {
    return storedAt[at(index)];
  }

  /// About how much memory it takes.
  long bytes() {
    return LOG_BYTES + bytes + (keys == null ? 0 : keys.bytes());
  }
}
