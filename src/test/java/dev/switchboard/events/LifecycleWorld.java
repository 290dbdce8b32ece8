package dev.switchboard.events;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.lifecycle.EventJson;
import dev.switchboard.lifecycle.EventStream;
import dev.switchboard.lifecycle.Note;
import dev.switchboard.lifecycle.Note.Cap;
import dev.switchboard.lifecycle.Roll;
import dev.switchboard.lifecycle.Witness;
import dev.switchboard.protocol.ClientId;
import dev.switchboard.protocol.MalformedException;
import dev.switchboard.protocol.Publication;
import dev.switchboard.store.Rolls;
import dev.switchboard.stream.HoleException;
import dev.switchboard.stream.Query;
import dev.switchboard.stream.Retention;
import dev.switchboard.stream.Shard;
import dev.switchboard.stream.ShardBatch;
import dev.switchboard.stream.ShardCodec;
import dev.switchboard.stream.ShardLimits;
import dev.switchboard.stream.ShardResult;
import dev.switchboard.stream.StreamException;
import dev.switchboard.stream.StreamException.Reason;
import dev.switchboard.tenure.Title;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;

/// Three nodes with sessions, one stream of events on an owner and a copy, and everything that may
/// go wrong between them; one thread, one seed.
///
/// The rules are the real ones: [Reporter] and [Backlog] of each node, the [Roll] in a [Shard], its
/// deltas and its bytes. Nodes are killed, paused and started, the owner is lost with what it had
/// not copied, or the stream is lost altogether.
final class LifecycleWorld {
  private static final int STREAM = 0;
  private static final Retention KEPT = new Retention(1_000_000, Duration.ofDays(1), Duration.ZERO);
  private static final ShardLimits LIMITS =
      new ShardLimits(64 << 20, 1_000, Duration.ofMinutes(5), 100);
  private static final Query ALL = new Query(-1, OptionalLong.of(0), false);
  private static final Title TITLE = new Title(1, 1, 1, 1, 1, 2);
  private static final int NODES = 3;
  private static final List<String> CHANNELS = List.of("a", "b", "c");

  private final Random random;
  private final List<SimNode> nodes = new ArrayList<>();
  private Shard owner;
  private byte[] copy;
  private boolean calm;
  private long now = 1_000_000_000;
  private long incarnations;

  LifecycleWorld(long seed) {
    random = new Random(seed);
    begin();
    for (int index = 0; index < NODES; index++) {
      nodes.add(new SimNode(++incarnations));
    }
  }

  private void begin() {
    owner = new Shard(random.nextLong() | 1, TITLE);
    copy = ShardCodec.encode(owner);
  }

  /// A session as its node has it.
  private static final class Open {
    private final String user;
    private final Set<String> channels = new HashSet<>();

    private Open(String user) {
      this.user = user;
    }
  }

  /// A node, until it is killed; then another one is in its place.
  private final class SimNode implements Rolls {
    private final long sender;
    private long incarnation;
    private boolean expelled;
    private final Map<ClientId, Open> sessions = new LinkedHashMap<>();
    private final Map<String, Integer> channels = new HashMap<>();
    private final Reporter reporter =
        new Reporter(
            STREAM,
            this,
            KEPT,
            _ -> Future.succeededFuture(false),
            new Reporter.Listener(this::repeat, _ -> {}, _ -> {}));
    private final List<Runnable> late = new ArrayList<>();
    private long number;
    private Shard.Mark acked = Shard.Mark.NONE;
    private int slots;
    private boolean paused;

    private SimNode(long incarnation) {
      this.incarnation = incarnation;
      this.sender = incarnation;
    }

    private void act() {
      int choice = random.nextInt(10);
      if (choice < 3 || sessions.isEmpty()) {
        var client = new ClientId(incarnation, 0, slots++, random.nextLong());
        String user = "user-" + random.nextInt(3);
        sessions.put(client, new Open(user));
        reporter.say(new Note.Connected(client, user, now, Cap.NONE));
        return;
      }
      ClientId client = any(List.copyOf(sessions.keySet()));
      if (choice < 5) {
        close(client);
      } else {
        toggle(client, any(CHANNELS));
      }
    }

    private void toggle(ClientId client, String channel) {
      Set<String> on = sessions.get(client).channels;
      if (on.add(channel)) {
        reporter.say(new Note.Subscribed(client, channel, now));
        if (channels.merge(channel, 1, Integer::sum) == 1) {
          reporter.say(new Note.Occupied(channel, incarnation, now));
        }
      } else {
        on.remove(channel);
        leave(client, channel);
      }
    }

    private void leave(ClientId client, String channel) {
      reporter.say(new Note.Unsubscribed(client, channel, now));
      if (channels.merge(channel, -1, Integer::sum) == 0) {
        channels.remove(channel);
        reporter.say(new Note.Vacated(channel, incarnation, now));
      }
    }

    private void close(ClientId client) {
      Open gone = sessions.remove(client);
      gone.channels.forEach(channel -> leave(client, channel));
      reporter.say(new Note.Disconnected(client, 3000, "", now));
    }

    private void repeat() {
      sessions.forEach(
          (client, open) -> {
            reporter.sayAgain(new Note.Connected(client, open.user, now, Cap.NONE));
            open.channels.forEach(
                channel -> reporter.sayAgain(new Note.Subscribed(client, channel, now)));
          });
      channels
          .keySet()
          .forEach(channel -> reporter.sayAgain(new Note.Occupied(channel, incarnation, now)));
    }

    @Override
    public boolean owns(int stream) {
      return false;
    }

    /// A batch of one, after which the lane is free again: answered, refused or doubtful.
    @Override
    public Future<Taken> note(int stream, Note note, Retention retention) {
      Promise<Taken> answer = Promise.promise();
      // Soon, not at once: what is said meanwhile waits behind it.
      late.add(() -> carryOut(note, retention, answer));
      return answer.future();
    }

    private void carryOut(Note note, Retention retention, Promise<Taken> answer) {
      int luck = calm ? 0 : random.nextInt(12);
      if (luck == 1) {
        answer.fail(new StreamException(Reason.UNAVAILABLE, "refused"));
        return;
      }
      var item = new ShardBatch.Item.Roll(EventStream.channel(STREAM), note, retention);
      var batch = new ShardBatch(sender, ++number, acked, List.of(item));
      ShardResult result = owner.apply(batch, now, LIMITS);
      if (luck == 2) {
        answer.fail(new StreamException(Reason.INDETERMINATE, "not copied"));
        return;
      }
      copyOver();
      if (luck == 3) {
        answer.fail(new StreamException(Reason.INDETERMINATE, "copied, but nobody was told"));
        return;
      }
      acked = result.mark();
      switch (result.outcomes().getFirst()) {
        case ShardResult.Outcome.Noted(var top, var noted) ->
            answer.complete(new Taken(top, noted));
        case ShardResult.Outcome.Refused(var reason) ->
            answer.fail(new StreamException(reason, "refused"));
        case ShardResult.Outcome.Done _ -> throw new IllegalStateException();
      }
    }

    /// It comes back as another one, without those who were here.
    private void wake() {
      paused = false;
      if (expelled) {
        expelled = false;
        List.copyOf(sessions.keySet()).forEach(this::close);
        incarnation = ++incarnations;
      }
    }

    private void flow() {
      if (!paused) {
        List<Runnable> due = List.copyOf(late);
        late.clear();
        due.forEach(Runnable::run);
      }
    }
  }

  private void copyOver() {
    try {
      Shard backup = ShardCodec.shard(copy);
      backup.apply(owner.delta());
      copy = ShardCodec.encode(backup);
    } catch (MalformedException | HoleException broken) {
      throw new IllegalStateException(broken);
    }
  }

  private <T> T any(List<T> all) {
    return all.get(random.nextInt(all.size()));
  }

  /// Lets so many things happen.
  void run(int steps) {
    for (int step = 0; step < steps; step++) {
      now += random.nextInt(400);
      int choice = random.nextInt(60);
      SimNode node = any(nodes);
      if (choice == 0) {
        kill(node);
      } else if (choice == 1) {
        if (node.paused) {
          node.wake();
        } else {
          node.paused = true;
        }
      } else if (choice == 58) {
        node.expelled = node.paused;
      } else if (choice == 2) {
        promote();
      } else if (choice == 3 && random.nextInt(6) == 0) {
        begin();
      } else if (choice < 40) {
        if (!node.paused) {
          node.act();
        }
      } else if (choice < 55) {
        node.flow();
      } else if (choice < 57) {
        if (!node.paused) {
          node.reporter.onTick();
        }
      } else {
        reap();
      }
    }
  }

  private void kill(SimNode node) {
    nodes.set(nodes.indexOf(node), new SimNode(++incarnations));
  }

  /// The owner is lost; what it had not copied never happened.
  private void promote() {
    try {
      owner = ShardCodec.shard(copy);
    } catch (MalformedException broken) {
      throw new IllegalStateException(broken);
    }
  }

  /// What the owner of the shard does about nodes that are gone. One that is paused is a member.
  private void reap() {
    Set<Long> alive = new HashSet<>();
    nodes.stream().filter(node -> !node.expelled).forEach(node -> alive.add(node.incarnation));
    var note = new Note.Alive(now, alive, 100, 0, Cap.NONE);
    var item = new ShardBatch.Item.Roll(EventStream.channel(STREAM), note, KEPT);
    owner.apply(new ShardBatch(0, now, Shard.Mark.NONE, List.of(item)), now, LIMITS);
    copyOver();
  }

  /// Nothing goes wrong any more, until nobody has anything to say.
  void rest() {
    calm = true;
    nodes.forEach(SimNode::wake);
    for (int turn = 0; turn < 400; turn++) {
      now += 250;
      nodes.forEach(node -> node.reporter.onTick());
      nodes.forEach(SimNode::flow);
      if (turn % 4 == 0) {
        reap();
      }
    }
  }

  /// Events make sense, and what they leave open is what is open.
  void check() {
    assertThat(nodes).allSatisfy(node -> assertThat(node.reporter.waiting()).isZero());
    var witness = new Witness();
    for (Publication event :
        owner.readAhead(EventStream.channel(STREAM), ALL, now, Integer.MAX_VALUE).publications()) {
      witness.see(EventJson.read(event.data()));
    }
    Map<ClientId, Set<String>> open = new HashMap<>();
    Set<String> occupied = new HashSet<>();
    nodes.forEach(
        node -> {
          node.sessions.forEach((client, session) -> open.put(client, session.channels));
          occupied.addAll(node.channels.keySet());
        });
    assertThat(witness.sessions()).isEqualTo(open);
    assertThat(witness.occupied()).isEqualTo(occupied);
  }
}
