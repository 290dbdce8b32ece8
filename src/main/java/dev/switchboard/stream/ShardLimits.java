package dev.switchboard.stream;

import dev.switchboard.protocol.ClientInfo;
import dev.switchboard.protocol.Publication;
import java.time.Duration;

/// Bounds of a shard and of each log in it.
///
/// @param bytesMax of one log's publications: beyond it the oldest go, never the newest
/// @param idempotencyKeysMax of one log: beyond it the oldest goes, or the append is refused while
///   that one is younger than a minute
/// @param idempotencyTtl how long a key is remembered
/// @param logsMax of the shard: beyond it the first append of a further channel is refused
public record ShardLimits(
    int bytesMax, int idempotencyKeysMax, Duration idempotencyTtl, int logsMax) {
  private static final int UNEVEN = 4;
  private static final int PUBLICATION_BYTES = 64;

  long keyMillis() {
    return Retention.millis(idempotencyTtl);
  }

  /// The share of one shard in the logs of a node, with room for an uneven spread.
  public static int logsMaxOf(int streamsMax) {
    return Math.toIntExact(((long) streamsMax * UNEVEN + Shard.COUNT - 1) / Shard.COUNT);
  }

  /// About how much memory a publication takes: what `bytesMax` counts.
  static long bytes(Publication publication) {
    long sum = PUBLICATION_BYTES + publication.data().length;
    for (var tag : publication.tags().entrySet()) {
      sum += PUBLICATION_BYTES + tag.getKey().length() + tag.getValue().length();
    }
    ClientInfo info = publication.info();
    if (info != null) {
      sum += PUBLICATION_BYTES + info.user().length() + info.client().length();
      sum += info.connInfo() == null ? 0 : info.connInfo().length;
      sum += info.chanInfo() == null ? 0 : info.chanInfo().length;
    }
    return sum;
  }
}
