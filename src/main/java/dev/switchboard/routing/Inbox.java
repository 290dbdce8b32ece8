package dev.switchboard.routing;

import dev.switchboard.auth.Principal;
import dev.switchboard.channel.Audience;
import dev.switchboard.channel.Glob;
import dev.switchboard.channel.Policies;
import dev.switchboard.channel.Subscription;
import dev.switchboard.channel.Subscriptions;
import dev.switchboard.config.GatewayConfig;
import dev.switchboard.feed.Feeds;
import dev.switchboard.feed.Forms;
import dev.switchboard.feed.Serving;
import dev.switchboard.feed.StreamEnvelope;
import dev.switchboard.metrics.GatewayMetrics;
import dev.switchboard.protocol.ClientId;
import dev.switchboard.protocol.CloseCode;
import dev.switchboard.protocol.Publication;
import dev.switchboard.protocol.Push;
import dev.switchboard.protocol.UnencodableException;
import dev.switchboard.protocol.UnsubscribeCode;
import dev.switchboard.session.Envelope;
import dev.switchboard.session.Session;
import dev.switchboard.session.SessionSecrets;
import dev.switchboard.session.Sessions;
import dev.switchboard.store.Streams;
import dev.switchboard.wire.Frame;
import dev.switchboard.wire.SocketLoop;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.LongPredicate;

/// One event loop's side of routing: messages enter here for the sessions it owns.
///
/// Every method but [#context] and [#loop] must be called on that loop.
public final class Inbox {
  private final Context context;
  private final SocketLoop sockets;
  private final Sessions sessions;
  private final Subscriptions<Session> subscriptions;
  private final Shared shared;
  private final Feeds feeds;
  private final Orders orders;
  // In this turn of the loop.
  private final List<Envelope> delivered = new ArrayList<>();
  private LongConsumer renewal = _ -> {};

  /// What all inboxes of a node share; safe on any thread.
  ///
  /// @param limits `client.*`
  /// @param wallClock for the expiry of sessions only
  /// @param streams what channels with history keep
  /// @param replyBytesMax of publications in one reply
  public record Shared(
      Policies policies,
      GatewayConfig.Client limits,
      InstantSource wallClock,
      GatewayMetrics metrics,
      Streams streams,
      int replyBytesMax) {}

  /// What the loop owns, beside its sockets.
  ///
  /// @param secrets by which clients send that cannot do so on their connection
  public record Owned(
      Sessions sessions, SessionSecrets secrets, Subscriptions<Session> subscriptions) {}

  /// @param context of the WebSocket verticle that owns the sessions
  public Inbox(Context context, SocketLoop sockets, Owned owned, Shared shared) {
    this.context = context;
    this.sockets = sockets;
    this.sessions = owned.sessions();
    this.subscriptions = owned.subscriptions();
    this.shared = shared;
    this.feeds =
        new Feeds(
            new Feeds.Outside(this::measure, this::onMissing),
            subscriptions,
            shared.streams(),
            shared.replyBytesMax());
    this.orders = new Orders(this, owned, shared);
  }

  /// The streams this loop's sessions follow.
  public Feeds feeds() {
    return feeds;
  }

  /// What is to be done when the node takes another incarnation; set once.
  public void onRenewal(LongConsumer action) {
    renewal = action;
  }

  /// The node takes another incarnation.
  void renew(long incarnation) {
    renewal.accept(incarnation);
  }

  /// Where to run what is meant for this inbox.
  public Context context() {
    return context;
  }

  /// Index of the event loop. Any thread.
  public int loop() {
    return sessions.loop();
  }

  /// Sends a publication to the channel's subscribers on this loop, if there are any.
  ///
  /// @param tooOld says by when it was accepted that it is worthless by now
  void deliver(Envelope envelope, LongPredicate tooOld) {
    Audience<Session> audience = subscriptions.find(envelope.channel());
    if (audience == null || tooOld.test(envelope.acceptedAt())) {
      return;
    }
    Publication publication = envelope.publication();
    var forms = new Forms();
    audience.forEach(
        subscription -> {
          if (Serving.isWanted(subscription, publication)) {
            forms.send(subscription, envelope);
          }
        });
    measure(envelope);
  }

  /// Says who came or went to the channel's subscribers on this loop that want to know.
  void tell(Envelope joinOrLeave) {
    Audience<Session> audience = subscriptions.find(joinOrLeave.channel());
    if (audience != null) {
      var forms = new Forms();
      audience.forEach(
          subscription -> {
            if (subscription.hearsOfOthers()) {
              forms.send(subscription, joinOrLeave);
            }
          });
    }
  }

  /// Sends a publication of a stream to those who are due to get it, and what waited for it.
  public void deliver(StreamEnvelope envelope) {
    feeds.deliver(envelope);
  }

  /// Compares all streams that this loop's sessions follow with their logs: after a link was reset
  /// or a node went, publications may have got lost without a trace.
  public void check() {
    feeds.check();
  }

  /// One beat of the heartbeat.
  ///
  /// @param now the loop's milliseconds
  public void onTick(int now) {
    feeds.onTick(now);
  }

  /// Completes once everything queued so far was handed to its sockets.
  Future<Void> flushed() {
    Promise<Void> flushed = Promise.promise();
    sockets.afterFlush(flushed::complete);
    return flushed.future();
  }

  /// Counts how long a publication took, once it was handed to the sockets.
  private void measure(Envelope envelope) {
    if (delivered.isEmpty()) {
      sockets.afterFlush(this::reportDelivered);
    }
    delivered.add(envelope);
  }

  private void reportDelivered() {
    long now = System.nanoTime();
    for (Envelope envelope : delivered) {
      shared.metrics().onDelivered(now - envelope.acceptedAt());
    }
    delivered.clear();
  }

  private void onMissing(Subscription<Session> subscription) {
    unsubscribe(
        subscription.subscriber(), subscription.channel(), UnsubscribeCode.INSUFFICIENT_STATE);
  }

  /// Carries out an order for the recipient's sessions on this loop.
  ///
  /// @return one delivery per session, once what they are told was handed to their sockets; empty
  ///   when none is here
  public Future<List<Delivery>> carryOut(Recipient recipient, Order order) {
    return orders.carryOut(recipient, order);
  }

  /// Ends one subscription of a session and tells the client.
  ///
  /// @return whether there was one
  public boolean unsubscribe(Session session, String channel, UnsubscribeCode code) {
    return unsubscribe(session, channel, code.code(), code.reason());
  }

  /// Ends one subscription of a session and tells the client, with whatever code.
  boolean unsubscribe(Session session, String channel, int code, String reason) {
    Subscription<Session> subscription = session.subscriptions().find(channel);
    if (subscription == null) {
      return false;
    }
    // The reply to a pending subscribe comes first: an SDK waits for it, and this ends what it
    // said.
    feeds.hurry(subscription);
    subscriptions.hurry(subscription);
    if (session.subscriptions().remove(channel) == null) {
      return false;
    }
    remove(subscription);
    push(session, new Push.Unsubscribe(channel, code, reason));
    return true;
  }

  /// Takes a subscription out that its session holds no longer, in or on its way.
  public void remove(Subscription<Session> subscription) {
    feeds.forget(subscription);
    subscriptions.remove(subscription);
  }

  /// A session's client is known anew; others see what changed of it.
  ///
  /// @param expireAt second of the Unix epoch at which it must be refreshed again, 0 for never
  public void refresh(Session session, Principal renewed, long expireAt) {
    boolean changed = !Arrays.equals(session.principal().info(), renewed.info());
    session.refresh(renewed, expireAt);
    if (changed) {
      session.subscriptions().forEach(subscriptions::renew);
    }
  }

  /// Calls `action` for the recipient's sessions on this loop; it may close the one it is given.
  void forEach(Recipient recipient, Consumer<Session> action) {
    switch (recipient) {
      case Recipient.Client(ClientId id) -> {
        Session session = sessions.find(id);
        if (session != null) {
          action.accept(session);
        }
      }
      case Recipient.User(String user) -> sessions.forEachOf(user, action);
    }
  }

  /// Sends a push that carries nothing an encoding could refuse, or closes the session.
  public void push(Session session, Push push) {
    try {
      byte[] bytes = session.socket().framing().codec().encode(push);
      session.send(Frame.of(session.socket().framing(), bytes));
    } catch (UnencodableException notForThisEncoding) {
      session.close(CloseCode.INAPPROPRIATE_PROTOCOL);
    }
  }

  /// Channels with a subscriber on this loop, with their number of subscribers.
  ///
  /// @param pattern a glob over whole names; empty matches all
  public Map<String, Integer> channels(String pattern) {
    var glob = new Glob(pattern.isEmpty() ? "*" : pattern);
    Map<String, Integer> counts = new LinkedHashMap<>();
    for (Audience<Session> audience : subscriptions.audiences()) {
      if (glob.matches(audience.channel())) {
        counts.put(audience.channel(), audience.size());
      }
    }
    return counts;
  }

  /// What `info` says of this loop.
  public LoopView view() {
    Set<String> users = new HashSet<>();
    sessions.users().forEach(users::add);
    Set<String> channels = new HashSet<>();
    subscriptions.audiences().forEach(audience -> channels.add(audience.channel()));
    return new LoopView(sessions.size(), subscriptions.size(), users, channels);
  }

  /// One event loop's part of [NodeView].
  public record LoopView(
      int sessions, int subscriptions, Set<String> users, Set<String> channels) {}
}
