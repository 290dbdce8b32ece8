package dev.switchboard.wire;

/// A token bucket whose state is one `long`, so that a socket pays eight bytes for it.
///
/// The state holds the millisecond of the last use (upper half) and the tokens left in thousandths
/// (lower half). Tokens go below zero, down to minus the burst: how far tells a hasty peer from a
/// hostile one. Pure; the caller owns the state and the clock.
///
/// @param perSecond tokens that flow in each second
/// @param burst tokens the bucket holds; what does not fit the state counts as two million
public record RateLimit(int perSecond, int burst) {
  private static final int SCALE = 1_000;
  private static final int BURST_MAX = 2_000_000;

  /// A bucket that its state can hold.
  public RateLimit {
    burst = Math.min(burst, BURST_MAX);
  }

  /// The state of a full bucket.
  ///
  /// @param nowMillis monotonic milliseconds; may wrap around
  public long full(int nowMillis) {
    return pack(nowMillis, burst * SCALE);
  }

  /// The state after one more use.
  public long take(long state, int nowMillis) {
    long elapsed = Math.max(0, nowMillis - (int) (state >>> 32));
    long refilled = Math.min((long) burst * SCALE, (int) state + elapsed * perSecond);
    return pack(nowMillis, (int) Math.max(-(long) burst * SCALE, refilled - SCALE));
  }

  /// Whether the use that led to this state was within the limit.
  public boolean allowed(long state) {
    return (int) state >= 0;
  }

  /// Whether the peer went on for a whole burst after it was refused.
  public boolean exhausted(long state) {
    return (int) state <= -burst * SCALE;
  }

  private static long pack(int millis, int tokens) {
    return ((long) millis << 32) | (tokens & 0xffff_ffffL);
  }
}
