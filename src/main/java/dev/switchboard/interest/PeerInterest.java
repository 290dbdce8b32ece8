package dev.switchboard.interest;

import static dev.switchboard.interest.InterestNews.SHARDS;
import static dev.switchboard.interest.InterestNews.shardOf;

import dev.switchboard.interest.InterestNews.Delta;
import dev.switchboard.interest.InterestNews.Digest;
import dev.switchboard.interest.InterestNews.Shard;
import dev.switchboard.interest.InterestNews.Wanted;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Optional;

/// What one peer told us it is interested in. Written on the peer loop; [#contains] on any thread.
///
/// Each shard is an open-addressed array. Its one writer stores single places with release
/// semantics and never moves a hash within an array: a removed one leaves a mark, and growing,
/// shrinking or replacing a shard publishes a new array. So a reader on any thread, which takes no
/// lock and allocates nothing, finds every hash that is there all the while it looks.
public final class PeerInterest {
  private static final VarHandle TABLE = MethodHandles.arrayElementVarHandle(long[][].class);
  private static final VarHandle PLACE = MethodHandles.arrayElementVarHandle(long[].class);
  private static final long SPREAD = 0x9e3779b97f4a7c15L;

  private static final long FREE = 0;
  private static final long REMOVED = 1;
  private static final int SMALLEST = 4;

  // One place, always free and never written: nearly all shards of a small cluster.
  private static final long[] NONE = {FREE};

  private final long[][] tables = new long[SHARDS][];
  private final int[] live = new int[SHARDS];
  private final int[] used = new int[SHARDS];
  private final long[] digests = new long[SHARDS];
  private final BitSet untold = new BitSet(SHARDS);

  /// Nothing.
  public PeerInterest() {
    Arrays.fill(tables, NONE);
  }

  /// Whether the peer is interested in a hash. Any thread, no lock, no garbage.
  public boolean contains(long hash) {
    long[] table = (long[]) TABLE.getAcquire(tables, shardOf(hash));
    int mask = table.length - 1;
    int at = home(hash) & mask;
    while (true) {
      long found = (long) PLACE.getAcquire(table, at);
      if (found == hash) {
        return RouteHash.isName(hash);
      }
      if (found == FREE) {
        return false;
      }
      at = at + 1 & mask;
    }
  }

  /// The peer begins to tell everything anew: what it told before holds until it is replaced.
  public void onOpened() {
    untold.set(0, SHARDS);
  }

  /// The peer has told everything: a shard it did not mention since [#onOpened] is empty.
  public void onComplete() {
    untold.stream().forEach(shard -> replace(shard, new long[0]));
    untold.clear();
  }

  /// Takes a change in.
  public void onDelta(Delta delta) {
    for (long hash : delta.removed()) {
      remove(hash);
    }
    for (long hash : delta.added()) {
      add(hash);
    }
  }

  /// Replaces a shard; a reader sees the old one or the new one.
  public void onShard(Shard shard) {
    untold.clear(shard.index());
    replace(shard.index(), shard.hashes());
  }

  /// Which shards the peer has to tell again, as what we have is not what its digest says.
  public Optional<Wanted> compare(Digest digest) {
    BitSet different = new BitSet(SHARDS);
    for (int shard = 0; shard < SHARDS; shard++) {
      different.set(shard, digests[shard] != digest.perShard()[shard]);
    }
    return different.isEmpty()
        ? Optional.empty()
        : Optional.of(new Wanted(different.stream().toArray()));
  }

  /// A digest of all hashes, whatever their order. Peer loop.
  public long digest() {
    return Digest.total(digests);
  }

  /// How many hashes there are. Peer loop.
  public int size() {
    return Arrays.stream(live).sum();
  }

  /// Bytes that the tables take.
  long bytes() {
    return Arrays.stream(tables).mapToLong(table -> (long) table.length * Long.BYTES).sum();
  }

  private static int home(long hash) {
    return (int) (hash * SPREAD >>> 32);
  }

  private void add(long hash) {
    int shard = shardOf(hash);
    // Three quarters at most, marks included: a reader always comes to a free place.
    if ((used[shard] + 1) * 4 > tables[shard].length * 3) {
      rebuild(shard);
    }
    long[] table = tables[shard];
    int at = place(table, hash);
    if (table[at] == hash) {
      return;
    }
    PLACE.setRelease(table, at, hash);
    used[shard]++;
    live[shard]++;
    digests[shard] ^= Digest.mixed(hash);
  }

  private void remove(long hash) {
    int shard = shardOf(hash);
    long[] table = tables[shard];
    int at = place(table, hash);
    if (table[at] != hash) {
      return;
    }
    PLACE.setRelease(table, at, REMOVED);
    live[shard]--;
    digests[shard] ^= Digest.mixed(hash);
    if (live[shard] * 8 < table.length && table.length > SMALLEST) {
      rebuild(shard);
    }
  }

  // Where the hash is, or the free place where it would go. A mark is never written over: the next
  // rebuild takes all of them, so a place only ever goes from free to a hash to a mark.
  private static int place(long[] table, long hash) {
    int mask = table.length - 1;
    int at = home(hash) & mask;
    while (table[at] != hash && table[at] != FREE) {
      at = at + 1 & mask;
    }
    return at;
  }

  // Without marks, and of the size that fits.
  private void rebuild(int shard) {
    long[] old = tables[shard];
    long[] table = table(live[shard]);
    for (long hash : old) {
      if (RouteHash.isName(hash)) {
        table[place(table, hash)] = hash;
      }
    }
    publish(shard, table, live[shard]);
  }

  private void replace(int shard, long[] hashes) {
    long[] table = hashes.length == 0 ? NONE : table(hashes.length);
    int count = 0;
    long digest = 0;
    for (long hash : hashes) {
      int at = place(table, hash);
      if (table[at] != hash) {
        table[at] = hash;
        count++;
        digest ^= Digest.mixed(hash);
      }
    }
    digests[shard] = digest;
    publish(shard, table, count);
  }

  private void publish(int shard, long[] table, int count) {
    live[shard] = count;
    used[shard] = count;
    TABLE.setRelease(tables, shard, table);
  }

  // At most half full, so that the next rebuild is far.
  private static long[] table(int count) {
    int wanted = Math.max(SMALLEST, count * 2);
    return new long[Integer.highestOneBit(wanted - 1) << 1];
  }
}
