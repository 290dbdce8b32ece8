package dev.switchboard.socket;

import dev.switchboard.channel.Subscription;
import dev.switchboard.feed.Joining;
import dev.switchboard.feed.Landing;
import dev.switchboard.protocol.CloseCode;
import dev.switchboard.session.Session;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// A granted connect on its way to its reply. Confined to one event loop.
///
/// The session exists, but for its client only from the reply on; and that comes when the cluster
/// knows of the user and of every channel the token subscribes to, the logs of those that are
/// streams were read, and the event of the session, if there are events, is kept. Then, in one
/// turn, the subscriptions go in and the reply goes out, so nothing can come before it and nothing
/// be missed after it. On a node without peers that is at once.
final class Greeting {
  private final OwnerLoop owner;
  private final Session session;
  private final List<ServerSubscriptions.Granted> granted;
  private final Consumer<Map<String, Landing>> reply;
  private final List<Subscription<Session>> plain;
  private final List<Joining> joinings = new ArrayList<>();
  private int awaited;
  private boolean failed;
  private final Optional<Future<Optional<CloseCode>>> admission;

  /// @param admission the code to close the session with, or nothing when it may begin, where that
  ///   is decided elsewhere
  /// @param granted subscriptions that the token brought, not let in yet
  /// @param reply sends the connect reply, told the place of each channel
  Greeting(
      OwnerLoop owner,
      Session session,
      Optional<Future<Optional<CloseCode>>> admission,
      List<ServerSubscriptions.Granted> granted,
      Consumer<Map<String, Landing>> reply) {
    this.owner = owner;
    this.session = session;
    this.admission = admission;
    this.granted = granted;
    this.reply = reply;
    this.plain =
        granted.stream()
            .map(ServerSubscriptions.Granted::subscription)
            .filter(subscription -> subscription.audience().feed() == null)
            .toList();
  }

  /// Concludes, or begins to wait; what the client says meanwhile is held.
  void begin() {
    var pending = plain.stream().filter(owner.subscriptions()::isPending).toList();
    boolean userPending = owner.sessions().isPending(session);
    int streams = granted.size() - plain.size();
    // One for this method, so that nothing concludes before everything has begun.
    awaited =
        pending.size() + (userPending ? 1 : 0) + (admission.isPresent() ? 1 : 0) + streams + 1;
    boolean waits = awaited > 1;
    if (waits) {
      owner.commands().held().begin(session);
      plain.forEach(owner.subscriptions()::hold);
    }
    if (userPending) {
      owner.sessions().await(session, this::onConfirmed);
    }
    admission.ifPresent(answer -> answer.onSuccess(this::onAdmission));
    pending.forEach(subscription -> owner.subscriptions().await(subscription, this::onConfirmed));
    granted.stream()
        .filter(each -> each.subscription().audience().feed() != null)
        .forEach(this::join);
    onConfirmed();
  }

  private void onAdmission(Optional<CloseCode> refusal) {
    failed |= !session.isOpen() || refusal.isPresent();
    refusal.ifPresent(session::close);
    onConfirmed();
  }

  private void join(ServerSubscriptions.Granted stream) {
    if (failed) {
      // The session has ended, and with it this subscription.
      return;
    }
    // Nobody ends one of its subscriptions before the client is greeted, but with the session.
    var steps = new Joining.Steps(this::onReady, () -> {}, () -> {});
    owner.inbox().feeds().join(stream.subscription(), stream.recovery(), steps);
  }

  private void onReady(Joining joining) {
    if (joining.failure().isPresent()) {
      failed = true;
      session.close(CloseCode.INTERNAL_ERROR);
      return;
    }
    if (!joinings.contains(joining)) {
      joinings.add(joining);
    }
    onConfirmed();
  }

  private void onConfirmed() {
    if (--awaited > 0 || failed) {
      return;
    }
    // One for this method again: a log may be read at once.
    awaited++;
    for (Joining joining : List.copyOf(joinings)) {
      awaited++;
      if (!joining.isStale()) {
        awaited--;
      }
    }
    if (--awaited == 0 && !failed) {
      conclude();
      owner.commands().held().end(session);
    }
  }

  private void conclude() {
    plain.forEach(owner.subscriptions()::enter);
    Map<String, Landing> landings = new LinkedHashMap<>();
    plain.forEach(subscription -> landings.put(subscription.channel(), Landing.PLAIN));
    joinings.forEach(joining -> landings.put(joining.channel(), joining.enter()));
    session.greet();
    reply.accept(landings);
    joinings.forEach(Joining::goLive);
  }
}
