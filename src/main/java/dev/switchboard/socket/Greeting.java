package dev.switchboard.socket;

import dev.switchboard.channel.Subscription;
import dev.switchboard.session.Session;
import java.util.List;

/// A granted connect on its way to its reply. Confined to one event loop.
///
/// The session exists, but for its client only from the reply on; and that comes when the cluster
/// knows of the user and of every channel the token subscribes to. Then, in one turn, the
/// subscriptions go in and the reply goes out, so nothing can come before it and nothing be missed
/// after it. On a node without peers that is at once.
final class Greeting {
  private final OwnerLoop owner;
  private final Session session;
  private final List<Subscription<Session>> granted;
  private final Runnable reply;
  private int awaited;

  /// @param granted subscriptions that the token brought, not let in yet
  /// @param reply sends the connect reply
  Greeting(OwnerLoop owner, Session session, List<Subscription<Session>> granted, Runnable reply) {
    this.owner = owner;
    this.session = session;
    this.granted = granted;
    this.reply = reply;
  }

  /// Concludes, or begins to wait; what the client says meanwhile is held.
  void begin() {
    var pending = granted.stream().filter(owner.subscriptions()::isPending).toList();
    boolean userPending = owner.sessions().isPending(session);
    awaited = pending.size() + (userPending ? 1 : 0);
    if (awaited == 0) {
      conclude();
      return;
    }
    owner.commands().held().begin(session);
    granted.forEach(owner.subscriptions()::hold);
    if (userPending) {
      owner.sessions().await(session, this::onConfirmed);
    }
    pending.forEach(subscription -> owner.subscriptions().await(subscription, this::onConfirmed));
  }

  private void onConfirmed() {
    if (--awaited == 0) {
      conclude();
      owner.commands().held().end(session);
    }
  }

  private void conclude() {
    granted.forEach(owner.subscriptions()::enter);
    session.greet();
    reply.run();
  }
}
