package dev.switchboard.events;

import dev.switchboard.config.GatewayConfig;
import dev.switchboard.config.GatewayConfig.Excess;
import dev.switchboard.lifecycle.EventStream;
import dev.switchboard.lifecycle.Note;
import dev.switchboard.lifecycle.Note.Cap;
import dev.switchboard.lifecycle.Noted;
import dev.switchboard.lifecycle.UserStatus;
import dev.switchboard.metrics.EventMeters;
import dev.switchboard.protocol.ClientId;
import dev.switchboard.protocol.CloseCode;
import dev.switchboard.routing.MessageRouter;
import dev.switchboard.store.Rolls;
import dev.switchboard.store.Rolls.Taken;
import dev.switchboard.store.Streams;
import dev.switchboard.stream.Retention;
import dev.switchboard.stream.Shard;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// The door to the lifecycle events for those who have sessions. Safe on any thread.
///
/// What one thread says of one session, or of one channel, becomes events in that order. Nothing is
/// lost while streams cannot be kept; it comes later.
public final class Registrar {
  private static final long FLUSH_MILLIS = 20;

  private final Context context;
  private final World world;
  private final ConnectionCap cap;
  private final Retention retention;
  private final List<Reporter> reporters;
  private final Caretaker caretaker;
  private final Webhooks webhooks;
  private final List<Source> sources = new CopyOnWriteArrayList<>();
  private final Map<String, Stay> channels = new HashMap<>();

  /// What it works with.
  ///
  /// @param members incarnations of all nodes of the cluster, this one too
  /// @param clock for the time of events
  /// @param node incarnation of this node now
  public record World(
      GatewayConfig config,
      Rolls rolls,
      Streams streams,
      MessageRouter router,
      Supplier<Set<Long>> members,
      InstantSource clock,
      Supplier<Long> node,
      EventMeters meters) {}

  /// Subscribers of a channel on this node.
  ///
  /// @param node incarnation that said so
  /// @param loops with a subscriber
  private record Stay(long node, BitSet loops) {}

  /// An owner of sessions that can say again what is open.
  public interface Source {
    /// Says all sessions and subscriptions again whose events are in a stream. Any thread.
    void repeat(int stream);
  }

  /// @param context that all of it is done on
  public Registrar(Context context, World world) {
    this.context = context;
    this.world = world;
    var user = world.config().user();
    this.cap =
        new ConnectionCap(
            new Cap(user.connectionsMax(), user.connectionsExcess() == Excess.REFUSE_NEW),
            world.router()::tell,
            world.meters()::onCapClose);
    this.retention = retention(world.config());
    Optional<Hints> hints =
        world.config().bus().publicAddresses() ? Optional.of(new Hints(context)) : Optional.empty();
    this.reporters =
        IntStream.range(0, EventStream.COUNT)
            .mapToObj(
                stream ->
                    new Reporter(
                        stream,
                        world.rolls(),
                        retention,
                        cap::isFull,
                        new Reporter.Listener(
                            () -> repeat(stream),
                            top -> hints.ifPresent(bus -> bus.onGrown(stream, top)),
                            world.meters()::onRetried)))
            .toList();
    this.caretaker = new Caretaker(world, reporters, cap);
    this.webhooks = new Webhooks(context, world);
    world.meters().waiting(this::waiting);
  }

  private long waiting() {
    return reporters.stream().mapToLong(Reporter::waiting).sum();
  }

  /// How much of the streams of events is kept.
  static Retention retention(GatewayConfig config) {
    return new Retention(
        config.events().historySize(), config.events().historyTtl(), Duration.ZERO);
  }

  /// Adds an owner of sessions.
  public void add(Source source) {
    sources.add(source);
  }

  /// What the events of a session are kept under.
  public static int stream(ClientId client, String user) {
    return Shard.eventsOf(user.isEmpty() ? client.toString() : user);
  }

  /// A session begins.
  ///
  /// @return the code it must be closed with, or nothing when it may begin: once its event is safe,
  ///   or after `events.connect_timeout` without; completes on the caller's context
  public Future<Optional<CloseCode>> connected(ClientId client, String user) {
    Promise<Optional<CloseCode>> answer = Promise.promise();
    var note = new Note.Connected(client, user, now(), cap.cap());
    run(
        () -> {
          if (waiting() >= world.config().events().notesMax()) {
            world.meters().onRefused();
            answer.complete(Optional.of(CloseCode.FORCE_RECONNECT));
          } else {
            admit(note, answer);
          }
        });
    return onCaller(answer.future());
  }

  private void admit(Note.Connected note, Promise<Optional<CloseCode>> answer) {
    Reporter reporter = of(note.client(), note.user());
    long patience = world.config().events().connectTimeout().toMillis();
    long timer =
        context
            .owner()
            .setTimer(
                patience,
                _ -> {
                  if (answer.tryComplete(Optional.empty())) {
                    reporter.letIn(note.client());
                    world.meters().onUnheard();
                  }
                });
    reporter
        .begin(note)
        .onComplete(
            (taken, _) -> {
              context.owner().cancelTimer(timer);
              // Nothing was taken when it was cancelled out: whom it is about has left.
              conclude(note, taken == null ? Noted.DONE : taken.answer(), answer);
            });
  }

  private void conclude(Note.Connected note, Noted noted, Promise<Optional<CloseCode>> answer) {
    if (noted.refused()) {
      answer.tryComplete(Optional.of(CloseCode.CONNECTION_LIMIT));
      return;
    }
    if (!noted.over().isEmpty() && !cap.cap().refuse()) {
      cap.trim(Stream.concat(noted.over().stream(), Stream.of(note.client())).toList());
    }
    answer.tryComplete(Optional.empty());
  }

  /// A session has ended.
  public void disconnected(ClientId client, String user, int code, String reason) {
    var note = new Note.Disconnected(client, code, reason, now());
    run(() -> of(client, user).say(note));
  }

  /// A session went on a channel.
  public void subscribed(ClientId client, String user, String channel) {
    var note = new Note.Subscribed(client, channel, now());
    run(() -> of(client, user).say(note));
  }

  /// A session went off a channel.
  public void unsubscribed(ClientId client, String user, String channel) {
    var note = new Note.Unsubscribed(client, channel, now());
    run(() -> of(client, user).say(note));
  }

  /// Says a session again that is open, with its channels, as the roll may have been lost.
  public void repeat(ClientId client, String user, List<String> subscribed) {
    long at = now();
    run(
        () -> {
          Reporter reporter = of(client, user);
          reporter.sayAgain(new Note.Connected(client, user, at, Cap.NONE));
          subscribed.forEach(
              channel -> reporter.sayAgain(new Note.Subscribed(client, channel, at)));
        });
  }

  /// An event loop has its first subscriber of a channel.
  public void occupied(String channel, int loop) {
    long at = now();
    run(
        () -> {
          Stay before = channels.get(channel);
          // Another one after a merge, which nobody has heard that of.
          long node = world.node().get();
          BitSet loops = before == null ? new BitSet() : before.loops();
          loops.set(loop);
          if (before == null || before.node() != node) {
            channels.put(channel, new Stay(node, loops));
            of(channel).say(new Note.Occupied(channel, node, at));
          }
        });
  }

  /// It has none any more.
  public void vacated(String channel, int loop) {
    long at = now();
    run(
        () -> {
          Stay stay = channels.get(channel);
          if (stay != null) {
            stay.loops().clear(loop);
            if (stay.loops().isEmpty()) {
              channels.remove(channel);
              of(channel).say(new Note.Vacated(channel, stay.node(), at));
            }
          }
        });
  }

  private void repeat(int stream) {
    world.meters().onLost();
    sources.forEach(source -> source.repeat(stream));
    long at = now();
    channels.forEach(
        (channel, stay) -> {
          if (Shard.eventsOf(channel) == stream) {
            reporters.get(stream).sayAgain(new Note.Occupied(channel, stay.node(), at));
          }
        });
  }

  private Reporter of(ClientId client, String user) {
    return reporters.get(stream(client, user));
  }

  private Reporter of(String channel) {
    return reporters.get(Shard.eventsOf(channel));
  }

  /// Whether users are there.
  ///
  /// @return one for each, in their order; fails as streams do, and completes on the caller's
  ///   context
  public Future<List<UserStatus>> statuses(List<String> users) {
    Map<Integer, List<Integer>> byStream = new HashMap<>();
    for (int index = 0; index < users.size(); index++) {
      byStream.computeIfAbsent(Shard.eventsOf(users.get(index)), _ -> new ArrayList<>()).add(index);
    }
    var found = new UserStatus[users.size()];
    List<Future<Taken>> answers = new ArrayList<>();
    byStream.forEach(
        (stream, indexes) ->
            answers.add(
                world
                    .rolls()
                    .note(
                        stream, new Note.Look(indexes.stream().map(users::get).toList()), retention)
                    .onSuccess(
                        taken -> {
                          for (int at = 0; at < indexes.size(); at++) {
                            found[indexes.get(at)] = taken.answer().statuses().get(at);
                          }
                        })));
    return Future.all(answers).map(_ -> List.of(found));
  }

  /// A beat, four times a second; on the context.
  public void onTick() {
    reporters.forEach(Reporter::onTick);
    caretaker.onTick();
    webhooks.onTick();
  }

  /// Completes when all that was said here is taken; or, as nobody should wait for ever, after so
  /// long.
  public Future<Void> flushed(Duration patience) {
    Promise<Void> done = Promise.promise();
    long deadline = System.nanoTime() + patience.toNanos();
    run(() -> await(done, deadline));
    return done.future();
  }

  private void await(Promise<Void> done, long deadline) {
    if (waiting() == 0 || System.nanoTime() > deadline) {
      done.complete();
    } else {
      context.owner().setTimer(FLUSH_MILLIS, _ -> await(done, deadline));
    }
  }

  private long now() {
    return world.clock().millis();
  }

  private void run(Runnable work) {
    context.runOnContext(_ -> work.run());
  }

  private static <T> Future<T> onCaller(Future<T> future) {
    Context caller = Vertx.currentContext();
    if (caller == null) {
      return future;
    }
    Promise<T> completed = Promise.promise();
    future.onComplete(result -> caller.runOnContext(_ -> completed.handle(result)));
    return completed.future();
  }
}
