package dev.switchboard.stream;

import java.time.Duration;

/// How much of a stream is kept, by `history_size`, `history_ttl` and `history_meta_ttl`.
///
/// @param size publications at most
/// @param ttl how long a publication is kept
/// @param metaTtl how long a silent stream keeps its epoch and offset
public record Retention(int size, Duration ttl, Duration metaTtl) {}
