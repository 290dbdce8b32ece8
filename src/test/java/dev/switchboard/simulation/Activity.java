package dev.switchboard.simulation;

import dev.switchboard.peer.PeerReply;
import dev.switchboard.simulation.Tally.Count;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// Clients and services of one node: what they do, and when.
final class Activity {
  private static final int SESSIONS_MAX = 5;

  private final World world;
  private final SimNode node;
  private final Chance chance;

  Activity(World world, SimNode node) {
    this.world = world;
    this.node = node;
    this.chance = world.dice();
    next();
  }

  private void next() {
    world.time().after(chance.untilNext(world.plan().pause()), this::act);
  }

  private void act() {
    if (!node.alive()) {
      return;
    }
    if (world.busy() && !node.paused() && !node.leaving()) {
      SimLoop loop = chance.of(node.loops());
      loop.lane().post(0, () -> act(loop));
    }
    next();
  }

  private void act(SimLoop loop) {
    switch (chance.below(20)) {
      case 0, 1 -> connect(loop);
      case 2 -> withSession(loop, loop::close);
      case 3, 4, 5, 6 ->
          withSession(loop, session -> loop.subscribe(session, chance.of(world.channels())));
      case 7, 8 -> withSession(loop, session -> unsubscribe(loop, session));
      case 9 -> crowd(loop);
      case 10 -> ask(world, node, any(), chance.once(0.5));
      case 11 -> askAll();
      default -> publish(loop);
    }
  }

  private void connect(SimLoop loop) {
    if (loop.sessions().size() < SESSIONS_MAX) {
      loop.connect(chance.of(world.users()));
    }
  }

  private void withSession(SimLoop loop, Consumer<SimSession> action) {
    if (loop.sessions().isEmpty()) {
      connect(loop);
    } else {
      action.accept(chance.of(loop.sessions()));
    }
  }

  private void unsubscribe(SimLoop loop, SimSession session) {
    List<Long> channels = List.copyOf(session.subscriptions().keySet());
    if (!channels.isEmpty()) {
      loop.unsubscribe(session, chance.of(channels));
    }
  }

  private void crowd(SimLoop loop) {
    boolean take = chance.once(0.5);
    for (long hash : world.crowd()) {
      if (node.ready() && chance.once(0.7)) {
        loop.crowd(hash, take);
      }
    }
  }

  private void publish(SimLoop loop) {
    long hash = chance.of(world.channels());
    long times = chance.once(0.2) ? chance.between(1, world.plan().burst()) : 1;
    for (int i = 0; i < times; i++) {
      loop.publish(hash, (int) chance.between(Integer.BYTES, world.plan().bytesMax()));
    }
  }

  private long any() {
    return chance.once(0.5) ? chance.of(world.channels()) : chance.of(world.users());
  }

  /// Asks all nodes, as `info` and `channels` do.
  private void askAll() {
    node.peerLane()
        .post(
            node.hop(),
            () -> {
              for (long peer : node.peers().members()) {
                ask(
                    world,
                    node,
                    peer,
                    new Asked(chance.of(world.users()), false, new ArrayList<>()));
              }
              node.turn();
            });
  }

  /// What is asked.
  ///
  /// @param found is filled with the sessions that answer
  private record Asked(long hash, boolean ageing, List<Long> found) {}

  /// Asks every node that is interested who is there, as presence and sends to users do.
  ///
  /// @return filled with the sessions that answer
  static List<Long> ask(World world, SimNode node, long hash, boolean ageing) {
    var asked = new Asked(hash, ageing, new ArrayList<>());
    node.peerLane()
        .post(
            node.hop(),
            () -> {
              for (long peer : node.peers().interested(hash)) {
                ask(world, node, peer, asked);
              }
              node.turn();
            });
    return asked.found;
  }

  private static void ask(World world, SimNode node, long peer, Asked asked) {
    world.tally().add(Count.QUESTIONS);
    Runnable over = world.invariants().onAsked(node, peer);
    Consumer<PeerReply> onReply =
        reply -> {
          over.run();
          note(world, reply, asked.found);
        };
    node.peers().ask(peer, question(node, asked.hash), asked.ageing, onReply);
  }

  private static byte[] question(SimNode node, long hash) {
    return ByteBuffer.allocate(2 * Long.BYTES).putLong(node.incarnation()).putLong(hash).array();
  }

  private static void note(World world, PeerReply reply, List<Long> found) {
    switch (reply) {
      case PeerReply.Answered(byte[] answer) -> {
        var sessions = ByteBuffer.wrap(answer);
        while (sessions.hasRemaining()) {
          found.add(sessions.getLong());
        }
      }
      case PeerReply.Unanswered unanswered -> world.tally().add(Count.UNANSWERED);
    }
  }
}
