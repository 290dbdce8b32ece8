package dev.switchboard.feed;

import dev.switchboard.channel.Recovery;
import dev.switchboard.channel.Recovery.Verdict;
import dev.switchboard.channel.Subscription;
import dev.switchboard.protocol.ErrorCode;
import dev.switchboard.session.Session;
import dev.switchboard.stream.Slice;
import dev.switchboard.wire.SocketLoop;
import java.util.Optional;
import java.util.function.Consumer;

/// A subscription on its way into a stream. Confined to one event loop.
///
/// It is outside until the cluster knows of it and the log was read; then it is ready. Who began it
/// lets it in when all is ready that has to be, says so to the client, and lets it go live, all in
/// one turn: so nothing comes before that and nothing is missed after it.
public final class Joining {
  private final Joinings joinings;
  private final int beganAt = SocketLoop.nowMillis();
  private final Subscription<Session> subscription;
  private final Recovery recovery;
  private final Steps steps;
  private Slice slice;
  private Verdict.Joins verdict;
  private ErrorCode failure;
  private int reads;
  private boolean counted;

  /// What happens to it.
  ///
  /// @param ready runs when it can go in, or when it is known that it cannot: perhaps at once, and
  ///   again after [#isStale]
  /// @param hurried runs instead when the server ends it before: its reply is due now
  /// @param ended runs instead when its session ends before
  public record Steps(Consumer<Joining> ready, Runnable hurried, Runnable ended) {}

  Joining(Joinings joinings, Subscription<Session> subscription, Recovery recovery, Steps steps) {
    this.joinings = joinings;
    this.subscription = subscription;
    this.recovery = recovery;
    this.steps = steps;
  }

  /// The channel it joins.
  public String channel() {
    return subscription.channel();
  }

  /// Why it cannot go in, and its subscription is gone already; empty when it can.
  public Optional<ErrorCode> failure() {
    return Optional.ofNullable(failure);
  }

  /// Whether the log must be read again, as too much happened since; it is being read then.
  public boolean isStale() {
    if (failure == null && !joinings.isAbreast(this)) {
      joinings.readAgain(this);
      return true;
    }
    return false;
  }

  /// Goes in; nothing reaches it before [#goLive].
  ///
  /// @return what to tell the client
  public Landing enter() {
    joinings.enter(this);
    return verdict == null ? Landing.PLAIN : Landing.of(recovery, slice.top(), verdict);
  }

  /// Gets what it missed since the log was read, and from here on what the others get.
  public void goLive() {
    joinings.goLive(this);
  }

  /// When it began, in the loop's milliseconds.
  int beganAt() {
    return beganAt;
  }

  Subscription<Session> subscription() {
    return subscription;
  }

  Recovery recovery() {
    return recovery;
  }

  Steps steps() {
    return steps;
  }

  /// The log as it was read; null when that was not needed.
  Slice slice() {
    return slice;
  }

  void fail(ErrorCode code) {
    failure = code;
  }

  void take(Slice read, Verdict.Joins joins) {
    slice = read;
    verdict = joins;
  }

  /// Whether the client is told that it recovered, and so by what was read.
  boolean isRecovered() {
    return verdict.recovered();
  }

  /// Whether the client is given something that it missed, up to the top of what was read.
  boolean hasRecovered() {
    return verdict != null && !verdict.publications().isEmpty();
  }

  /// How many times the log was read for it, this one included.
  int countRead() {
    return ++reads;
  }

  /// Whether its feed keeps things for it.
  boolean isCounted() {
    return counted;
  }

  void counted(boolean now) {
    counted = now;
  }
}
