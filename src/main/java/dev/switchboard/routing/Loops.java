package dev.switchboard.routing;

import dev.switchboard.feed.StreamEnvelope;
import dev.switchboard.presence.Member;
import dev.switchboard.presence.PresenceListener;
import dev.switchboard.protocol.Push;
import dev.switchboard.session.Envelope;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/// The event loops of this node with the sessions they own. Safe on any thread.
final class Loops implements PresenceListener {
  private final NodeIdentity node;
  private final long ageMaxNanos;
  private final Runnable onLate;
  private final List<Loop> loops = new CopyOnWriteArrayList<>();

  /// @param node who this node is
  /// @param ageMax after which a publication is worthless
  /// @param onLate run for each publication that a loop took up too late
  Loops(NodeIdentity node, Duration ageMax, Runnable onLate) {
    this.node = node;
    this.ageMaxNanos = ageMax.toNanos();
    this.onLate = onLate;
  }

  /// An owner's inbox, and the way to it from other threads.
  ///
  /// @param arrived publications of other nodes that wait for the end of the peer loop's turn
  private record Loop(Inbox inbox, Mailbox mailbox, List<Envelope> arrived) {
    /// Does it at once on the loop itself, else soon.
    void run(Runnable work) {
      if (Vertx.currentContext() == inbox.context()) {
        work.run();
      } else {
        mailbox.post(work);
      }
    }
  }

  void add(Inbox inbox) {
    loops.add(new Loop(inbox, new Mailbox(inbox.context(), () -> {}), new ArrayList<>()));
  }

  void remove(Inbox inbox) {
    loops.removeIf(loop -> loop.inbox() == inbox);
  }

  /// Does something on an owner's loop, soon.
  void run(Inbox inbox, Runnable work) {
    for (Loop loop : loops) {
      if (loop.inbox() == inbox) {
        loop.run(work);
      }
    }
  }

  /// Hands a publication to every loop: to the caller's own before this returns.
  ///
  /// @return completes when all of them have handed it to their subscribers
  Future<Void> publish(Envelope envelope) {
    var delivered = new Countdown(loops.size());
    for (Loop loop : loops) {
      loop.run(
          () -> {
            try {
              deliver(loop.inbox(), envelope);
            } finally {
              delivered.step();
            }
          });
    }
    return delivered.done();
  }

  /// Hands the forms of one publication, each for a channel of its own, to every loop.
  ///
  /// @return completes when all of them have handed them to their subscribers
  Future<Void> publish(List<Envelope> forms) {
    var delivered = new Countdown(loops.size());
    for (Loop loop : loops) {
      loop.run(
          () -> {
            try {
              forms.forEach(form -> deliver(loop.inbox(), form));
            } finally {
              delivered.step();
            }
          });
    }
    return delivered.done();
  }

  /// Completes after so many steps of any thread, on the context that was current when it was made.
  ///
  /// For what is done too often to make a future of each step.
  private static final class Countdown {
    private static final Future<Void> DONE = Future.succeededFuture();

    private final Context caller = Vertx.currentContext();
    private final AtomicInteger left;
    private final Promise<Void> promise = Promise.promise();

    Countdown(int steps) {
      left = new AtomicInteger(steps);
      if (steps == 0) {
        promise.complete();
      }
    }

    void step() {
      if (left.decrementAndGet() > 0) {
        return;
      }
      if (caller == null || caller == Vertx.currentContext()) {
        promise.complete();
      } else {
        caller.runOnContext(_ -> promise.complete());
      }
    }

    /// Done now, or later.
    Future<Void> done() {
      return promise.future().isComplete() ? DONE : promise.future();
    }
  }

  /// Keeps a publication of another node for some loops, until [#handOver]. Peer loop only.
  ///
  /// @param mask bit `n` for the loop with index `n`
  void keep(long mask, Envelope envelope) {
    for (Loop loop : loops) {
      if ((mask >>> loop.inbox().loop() & 1) != 0) {
        loop.arrived().add(envelope);
      }
    }
  }

  /// Hands over what was kept, in one piece for each loop. Peer loop only.
  void handOver() {
    for (Loop loop : loops) {
      if (!loop.arrived().isEmpty()) {
        var burst = List.copyOf(loop.arrived()).iterator();
        loop.arrived().clear();
        loop.run(() -> deliver(loop, burst));
      }
    }
  }

  private void deliver(Loop loop, Iterator<Envelope> burst) {
    try {
      while (burst.hasNext()) {
        deliver(loop.inbox(), burst.next());
      }
    } finally {
      // One that fails keeps none of the rest.
      if (burst.hasNext()) {
        loop.mailbox().post(() -> deliver(loop, burst));
      }
    }
  }

  /// Hands a publication of a stream to every loop. However late, it is no use to drop it: who
  /// waits for its offset would read it in the log.
  void deliver(StreamEnvelope envelope) {
    deliver(-1, envelope);
  }

  /// Hands a publication of a stream to some loops.
  ///
  /// @param mask bit `n` for the loop with index `n`
  void deliver(long mask, StreamEnvelope envelope) {
    for (Loop loop : loops) {
      if ((mask >>> loop.inbox().loop() & 1) != 0) {
        loop.run(() -> loop.inbox().deliver(envelope));
      }
    }
  }

  @Override
  public void onJoined(long mask, String channel, Member member) {
    tell(mask, new Push.Join(channel, member.info()));
  }

  @Override
  public void onLeft(long mask, String channel, Member member) {
    tell(mask, new Push.Leave(channel, member.info()));
  }

  private void tell(long mask, Push push) {
    var envelope = new Envelope(push, System.nanoTime());
    for (Loop loop : loops) {
      if ((mask >>> loop.inbox().loop() & 1) != 0) {
        // Never at once: it follows the reply that this turn of the loop may be about to send.
        loop.mailbox().post(() -> loop.inbox().tell(envelope));
      }
    }
  }

  /// Has every loop compare what it delivered of streams with the log.
  void check() {
    loops.forEach(loop -> loop.run(() -> loop.inbox().check()));
  }

  private void deliver(Inbox inbox, Envelope envelope) {
    inbox.deliver(envelope, this::isTooOld);
  }

  /// Whether a publication waited too long on its way between two threads, as it does when the
  /// process is stopped there; counts it then. Any thread.
  ///
  /// @param acceptedAt from `System.nanoTime()`
  boolean isTooOld(long acceptedAt) {
    boolean late = System.nanoTime() - acceptedAt > ageMaxNanos;
    if (late) {
      onLate.run();
    }
    return late;
  }

  /// Answers for this node.
  Future<Answer> answer(Question.OfSessions question) {
    return switch (question) {
      case Question.Tell(var recipient, var order) ->
          gather(inbox -> inbox.carryOut(recipient, order))
              .map(parts -> new Answer.Deliveries(parts.stream().flatMap(List::stream).toList()));
      case Question.Channels(var pattern) ->
          ask(inbox -> inbox.channels(pattern)).map(parts -> new Answer.Channels(added(parts)));
      case Question.Overview() -> ask(Inbox::view).map(parts -> new Answer.View(node.view(parts)));
    };
  }

  /// The sum of counts by name.
  static Map<String, Integer> added(List<Map<String, Integer>> parts) {
    Map<String, Integer> all = new LinkedHashMap<>();
    parts.forEach(part -> part.forEach((name, count) -> all.merge(name, count, Integer::sum)));
    return all;
  }

  static Set<String> union(List<Set<String>> parts) {
    Set<String> all = new HashSet<>();
    parts.forEach(all::addAll);
    return all;
  }

  private <T> Future<List<T>> ask(Function<Inbox, T> question) {
    return gather(inbox -> Future.succeededFuture(question.apply(inbox)));
  }

  /// Asks every loop and collects the answers; the result completes on the caller's context.
  <T> Future<List<T>> gather(Function<Inbox, Future<T>> question) {
    List<Future<T>> answers =
        loops.stream()
            .map(
                loop -> {
                  Promise<T> answer = Promise.promise();
                  // What fails on a loop must fail the caller too, or it would wait for ever.
                  loop.run(
                      () ->
                          Future.succeededFuture(loop.inbox())
                              .compose(question)
                              .onComplete(answer));
                  return answer.future();
                })
            .toList();
    return onCaller(Future.all(answers).map(done -> done.<T>list()));
  }

  /// The same result, completed on the context that is current now.
  static <T> Future<T> onCaller(Future<T> future) {
    Promise<T> completed = Promise.promise();
    Context caller = Vertx.currentContext();
    future.onComplete(
        result -> {
          if (caller == null || caller == Vertx.currentContext()) {
            completed.handle(result);
          } else {
            caller.runOnContext(_ -> completed.handle(result));
          }
        });
    return completed.future();
  }
}
