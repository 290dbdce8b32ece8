package dev.switchboard.stream;

import java.time.Duration;

/// How much of a stream is kept, by `history_size`, `history_ttl` and `history_meta_ttl`.
///
/// @param size publications at most
/// @param ttl how long a publication is kept
/// @param metaTtl how long a silent stream keeps its epoch and offset; zero for 30 days
public record Retention(int size, Duration ttl, Duration metaTtl) {
  private static final Duration META_TTL = Duration.ofDays(30);

  long ttlMillis() {
    return millis(ttl);
  }

  /// How long a log must be silent to be forgotten: never less than its publications are kept.
  long silenceMillis() {
    return Math.max(1, Math.max(millis(metaTtl.isZero() ? META_TTL : metaTtl), ttlMillis()));
  }

  /// Milliseconds without overflow, however long.
  static long millis(Duration duration) {
    long seconds = Math.clamp(duration.getSeconds(), 0, Long.MAX_VALUE / 4_000);
    return seconds * 1_000 + duration.getNano() / 1_000_000;
  }
}
