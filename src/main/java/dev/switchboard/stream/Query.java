package dev.switchboard.stream;

import java.util.OptionalLong;

/// Which part of a stream is asked for.
///
/// @param limit publications at most, 0 for the position alone, negative for all that fit a page
/// @param since only what comes after this offset, or before it when reversed
/// @param reverse newest first
public record Query(int limit, OptionalLong since, boolean reverse) {
  /// The position alone.
  public static final Query TOP = new Query(0, OptionalLong.empty(), false);
}
