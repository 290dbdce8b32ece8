package dev.switchboard.routing;

import dev.switchboard.config.GatewayConfig;
import dev.switchboard.peer.Peers;
import dev.switchboard.quorum.Electorate;
import dev.switchboard.quorum.ElectorateHost;
import dev.switchboard.quorum.ElectorateSettings;
import dev.switchboard.quorum.Roster;
import dev.switchboard.quorum.RosterCodec;
import dev.switchboard.quorum.RosterMessage;
import dev.switchboard.quorum.Standing;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// The [Electorate] of this node at work: on the peer loop, over the links, seen by all.
///
/// Confined to the peer loop, but for [#standing].
final class Elections implements ElectorateHost {
  // How long members have to be the same before they begin anew without a majority.
  private static final Duration TOGETHER = Duration.ofSeconds(10);

  private final Peers peers;
  private final Electorate electorate;
  private volatile Standing standing = Standing.NONE;

  Elections(GatewayConfig config, Peers peers) {
    RandomGenerator random = new SecureRandom();
    this.peers = peers;
    this.electorate =
        new Electorate(settings(config), this, System::nanoTime, () -> random.nextLong() | 1);
  }

  private static ElectorateSettings settings(GatewayConfig config) {
    return new ElectorateSettings(
        config.cluster().membersMin(),
        config.stream().quorumLoss() == GatewayConfig.QuorumLoss.AVAILABLE,
        TOGETHER,
        config.heartbeat().interval());
  }

  /// The roster and whether its majority is there. Any thread.
  Standing standing() {
    return standing;
  }

  void onMembers(long own, List<Long> oldestFirst) {
    electorate.onMembers(own, oldestFirst);
    look();
  }

  /// The heartbeat.
  void onTick() {
    electorate.onTick();
    look();
  }

  void onMessage(long from, byte[] bytes) {
    RosterCodec.decode(bytes).ifPresent(message -> electorate.onMessage(from, message));
    look();
  }

  /// Gives up the nodes that are missing: a new lineage, and new epochs with it.
  ///
  /// @return whether it did; not while a majority is there
  boolean startOver() {
    if (electorate.hasQuorum(peers::isHeard)) {
      return false;
    }
    electorate.startOver();
    look();
    return true;
  }

  /// Announces that this node leaves.
  void leave() {
    electorate.leave();
  }

  /// Whether nobody counts on this node's vote any more.
  boolean mayGo() {
    return electorate.mayGo();
  }

  @Override
  public void send(long incarnation, RosterMessage message) {
    peers.sayRoster(incarnation, RosterCodec.encode(message));
  }

  @Override
  public void onRoster(Optional<Roster> roster) {
    look();
  }

  private void look() {
    // During the electorate's own construction there is nothing to look at yet.
    if (electorate != null) {
      // A node that slept knows nothing of what it heard before.
      boolean quorum = !peers.resynchronising() && electorate.hasQuorum(peers::isHeard);
      var now = new Standing(electorate.voter(), electorate.roster(), quorum);
      if (!now.equals(standing)) {
        standing = now;
      }
    }
  }
}
