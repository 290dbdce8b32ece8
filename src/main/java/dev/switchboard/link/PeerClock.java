package dev.switchboard.link;

import dev.switchboard.link.LinkMessage.Beat;
import java.util.function.LongSupplier;

/// Link time, what is known of the peer's, and the leases that rest on both.
///
/// Owned by the peer loop; the leases are read on any thread. Unit: microseconds since the link was
/// made, plus one, so that 0 can mean never.
///
/// Nothing here trusts that a message was fast: an age is an upper bound; the holder of a lease
/// counts from when it asked, the granter from when it heard that. A pause of either process or of
/// the network can only make items look older and leases look shorter to the holder.
final class PeerClock {
  /// A time that nobody can bound: everything is too old then.
  static final long UNKNOWN = Long.MAX_VALUE;

  private static final long NANOS_PER_MICRO = 1_000;

  // No two clocks run alike; a holder gives up a hundredth of its lease for that.
  private static final long CLOCK_RATES_DIFFER = 100;

  /// @param ahead by how much the peer's clock is ahead of ours at most
  private record Sample(long ahead, long roundTrip, long at) {}

  private final LongSupplier nanos;
  private final long start;
  private final long lease;

  private long newestBeat;
  private long newestBeatAt;
  private Sample current;
  private Sample previous;
  private long bucketStart;
  private long trustedFrom;
  private long tickedAt;
  private volatile long heldUntil;
  private volatile long grantedUntil;

  /// @param lease in microseconds
  PeerClock(LongSupplier nanos, long lease) {
    this.nanos = nanos;
    this.start = nanos.getAsLong();
    this.lease = lease;
    tickedAt = now();
  }

  /// Link time. Any thread.
  long now() {
    return (nanos.getAsLong() - start) / NANOS_PER_MICRO + 1;
  }

  /// What the next message says; from here on a grant counts as given.
  Beat beat(boolean grant) {
    long now = now();
    if (newestBeat == 0) {
      return new Beat(now, 0, 0, 0);
    }
    if (grant) {
      grantedUntil = newestBeatAt + lease;
    }
    return new Beat(now, newestBeat, now - newestBeatAt, grant ? lease : 0);
  }

  /// Takes in what the peer says, which may be old.
  ///
  /// @param answers whether it knows this end: else its echo is of another clock
  void hear(Beat beat, boolean answers) {
    long now = now();
    if (beat.sentAt() > newestBeat) {
      newestBeat = beat.sentAt();
      newestBeatAt = now;
    }
    if (!answers || beat.echo() <= 0 || beat.echo() > now) {
      return;
    }
    long granted = Math.min(lease, beat.granted());
    heldUntil = Math.max(heldUntil, beat.echo() + granted - granted / CLOCK_RATES_DIFFER);
    long roundTrip = now - beat.echo() - beat.held();
    if (roundTrip >= 0 && beat.held() >= 0 && beat.echo() >= trustedFrom) {
      keep(new Sample(beat.sentAt() + roundTrip - now, roundTrip, now));
    }
  }

  /// Two buckets of half a lease each: the best of a sliding lease without a list.
  private void keep(Sample sample) {
    if (current != null && sample.at() - bucketStart < lease / 2) {
      current = sample.roundTrip() <= current.roundTrip() ? sample : current;
      return;
    }
    previous = current;
    current = sample;
    bucketStart = sample.at();
  }

  private Sample best(long now) {
    Sample older = isFresh(previous, now) ? previous : null;
    Sample newer = isFresh(current, now) ? current : null;
    if (older == null || newer == null) {
      return older == null ? newer : older;
    }
    return older.roundTrip() < newer.roundTrip() ? older : newer;
  }

  private boolean isFresh(Sample sample, long now) {
    return sample != null && now - sample.at() <= lease;
  }

  /// The latest the peer's clock can show now; [#UNKNOWN] without a sample to believe.
  long peerTime() {
    long now = now();
    Sample best = best(now);
    return best == null ? UNKNOWN : now + best.ahead();
  }

  /// The lowest round trip lately seen, 0 for none.
  long roundTrip() {
    Sample best = best(now());
    return best == null ? 0 : best.roundTrip();
  }

  /// Before anything is judged by time: after a gap in our own ticks this node may have slept, and
  /// what waits to be read may be older than it seems. Only a round trip begun from here on says.
  void noticeGap() {
    long now = now();
    if (now - tickedAt > lease) {
      current = null;
      previous = null;
      trustedFrom = now;
    }
  }

  void tick() {
    noticeGap();
    tickedAt = now();
  }

  /// The peer's end is new: another clock, other state.
  void clear() {
    newestBeat = 0;
    newestBeatAt = 0;
    current = null;
    previous = null;
    heldUntil = 0;
    grantedUntil = 0;
  }

  /// Any thread.
  boolean leaseHeld() {
    return now() < heldUntil;
  }

  /// Any thread.
  boolean leaseGranted() {
    return now() < grantedUntil;
  }
}
