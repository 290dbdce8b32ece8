package dev.switchboard.simulation;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.switchboard.interest.RouteHash;
import dev.switchboard.link.LinkCodec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/// What all parts of one schedule share.
final class World {
  private static final byte[] KEY = "simulated".getBytes(UTF_8);

  private final Plan plan;
  private final Planted planted;
  private final Trace trace;
  private final Chance seeds;
  private final Timeline time;
  private final Tally tally = new Tally();
  private final LinkCodec codec = new LinkCodec(KEY);
  private final long[] channels;
  private final long[] users;
  private final long[] crowd;
  private final List<SimNode> nodes = new ArrayList<>();
  private final Bus bus;
  private final Members members;
  private final Ledger ledger;
  private final Invariants invariants;
  private boolean busy = true;

  World(long seed, Planted planted, Trace trace) {
    this.seeds = new Chance(seed);
    this.plan = Plan.of(seed, seeds.split());
    this.planted = planted;
    this.trace = trace;
    this.time = new Timeline(seeds.split());
    var hashes = new RouteHash(KEY);
    this.channels = new long[plan.channels()];
    this.users = new long[4];
    this.crowd = new long[plan.crowd()];
    Arrays.setAll(channels, i -> hashes.channel("channel" + i));
    Arrays.setAll(users, i -> hashes.user("user" + i));
    Arrays.setAll(crowd, i -> hashes.channel("crowd" + i));
    this.invariants = new Invariants(this);
    this.ledger = new Ledger(this);
    this.bus = new Bus(this);
    this.members = new Members(this);
  }

  /// Whether a hash is that of a channel, not of a user.
  boolean isChannel(long hash) {
    return Arrays.stream(users).noneMatch(user -> user == hash);
  }

  Plan plan() {
    return plan;
  }

  Planted planted() {
    return planted;
  }

  Timeline time() {
    return time;
  }

  Tally tally() {
    return tally;
  }

  LinkCodec codec() {
    return codec;
  }

  Bus bus() {
    return bus;
  }

  Members members() {
    return members;
  }

  Ledger ledger() {
    return ledger;
  }

  Invariants invariants() {
    return invariants;
  }

  /// Hash of each channel.
  long[] channels() {
    return channels;
  }

  /// Hash of each user.
  long[] users() {
    return users;
  }

  /// Hashes of channels that nobody publishes to.
  long[] crowd() {
    return crowd;
  }

  /// Processes that run or are paused.
  List<SimNode> nodes() {
    return nodes;
  }

  /// Whether sessions still come and go.
  boolean busy() {
    return busy;
  }

  void busy(boolean now) {
    busy = now;
  }

  /// New dice for one part.
  Chance dice() {
    return seeds.split();
  }

  void trace(Supplier<String> text) {
    trace.add(time.now(), text);
  }

  /// An incarnation as a reader can tell it from others.
  static Object name(long incarnation) {
    return new Name(incarnation);
  }

  // Put into words only when somebody reads them.
  private record Name(long incarnation) {
    @Override
    public String toString() {
      return "%04x".formatted(incarnation >>> 48);
    }
  }
}
