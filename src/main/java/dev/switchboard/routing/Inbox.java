package dev.switchboard.routing;

import dev.switchboard.channel.Audience;
import dev.switchboard.channel.Subscription;
import dev.switchboard.channel.Subscriptions;
import dev.switchboard.config.GatewayConfig.Namespace;
import dev.switchboard.metrics.GatewayMetrics;
import dev.switchboard.protocol.ClientCodec;
import dev.switchboard.protocol.ClientId;
import dev.switchboard.protocol.ClientInfo;
import dev.switchboard.protocol.CloseCode;
import dev.switchboard.protocol.Push;
import dev.switchboard.protocol.UnencodableException;
import dev.switchboard.protocol.UnsubscribeCode;
import dev.switchboard.session.Session;
import dev.switchboard.session.Sessions;
import dev.switchboard.wire.Frame;
import dev.switchboard.wire.SocketLoop;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/// One event loop's side of routing: messages enter here for the sessions it owns.
///
/// Every method but [#context] must be called on that loop.
public final class Inbox {
  private final Context context;
  private final SocketLoop sockets;
  private final Sessions sessions;
  private final Subscriptions<Session> subscriptions;
  private final GatewayMetrics metrics;

  /// @param context of the WebSocket verticle that owns the sessions
  public Inbox(
      Context context,
      SocketLoop sockets,
      Sessions sessions,
      Subscriptions<Session> subscriptions,
      GatewayMetrics metrics) {
    this.context = context;
    this.sockets = sockets;
    this.sessions = sessions;
    this.subscriptions = subscriptions;
    this.metrics = metrics;
  }

  /// Where to run what is meant for this inbox.
  public Context context() {
    return context;
  }

  /// Sends a publication to the channel's subscribers on this loop.
  public void deliver(Envelope envelope) {
    Audience<Session> audience = subscriptions.find(envelope.channel());
    if (audience == null) {
      return;
    }
    audience.forEach(subscription -> offer(subscription.subscriber(), envelope));
    sockets.afterFlush(() -> metrics.onDelivered(System.nanoTime() - envelope.acceptedAt()));
  }

  private static boolean offer(Session session, Envelope envelope) {
    try {
      session.send(envelope.frame(session.encoding()));
      return true;
    } catch (UnencodableException notForThisEncoding) {
      session.close(CloseCode.INAPPROPRIATE_PROTOCOL);
      return false;
    }
  }

  /// Sends a message to the recipient's sessions on this loop.
  ///
  /// @return one delivery per session; empty when none is here
  public Future<List<Delivery>> send(Recipient recipient, Envelope envelope) {
    Map<Session, Boolean> offered = new LinkedHashMap<>();
    forEach(recipient, session -> offered.put(session, offer(session, envelope)));
    if (offered.isEmpty()) {
      return Future.succeededFuture(List.of());
    }
    Promise<List<Delivery>> flushed = Promise.promise();
    sockets.afterFlush(() -> flushed.complete(outcomes(offered)));
    return flushed.future();
  }

  private static List<Delivery> outcomes(Map<Session, Boolean> offered) {
    List<Delivery> deliveries = new ArrayList<>(offered.size());
    offered.forEach(
        (session, taken) ->
            deliveries.add(new Delivery(session.id().toString(), outcome(session, taken))));
    return deliveries;
  }

  private static Delivery.Outcome outcome(Session session, boolean taken) {
    if (!taken || !session.isOpen()) {
      return Delivery.Outcome.DROPPED;
    }
    return session.socket().isFlushed() ? Delivery.Outcome.WRITTEN : Delivery.Outcome.QUEUED;
  }

  /// Closes the recipient's sessions on this loop.
  ///
  /// @param spared sessions to leave alone
  /// @return how many were closed
  public int disconnect(Recipient recipient, int code, String reason, Predicate<Session> spared) {
    int[] closed = {0};
    forEach(
        recipient,
        session -> {
          if (!spared.test(session)) {
            session.close(code, reason);
            closed[0]++;
          }
        });
    return closed[0];
  }

  /// Ends subscriptions of the recipient's sessions on this loop and tells the clients.
  ///
  /// @param channel the channel, or empty for all
  /// @return how many were ended
  public int unsubscribe(Recipient recipient, String channel, UnsubscribeCode code) {
    int[] ended = {0};
    forEach(
        recipient,
        session -> {
          for (String name : channel.isEmpty() ? channelsOf(session) : List.of(channel)) {
            ended[0] += unsubscribe(session, name, code) ? 1 : 0;
          }
        });
    return ended[0];
  }

  /// Ends one subscription of a session and tells the client.
  ///
  /// @return whether there was one
  public boolean unsubscribe(Session session, String channel, UnsubscribeCode code) {
    Subscription<Session> subscription = session.subscriptions().remove(channel);
    if (subscription == null) {
      return false;
    }
    subscriptions.remove(subscription);
    push(session, new Push.Unsubscribe(channel, code.code(), code.reason()));
    return true;
  }

  /// Subscribes a session without its asking, and tells the client.
  ///
  /// @param push what the client is told, with the channel's name
  /// @param info JSON bytes shown to others on the channel, or null
  /// @param expireAt second of the Unix epoch at which it ends, 0 for never
  /// @return whether it was new
  public boolean subscribe(
      Session session, Namespace policy, Push.Subscribe push, byte[] info, long expireAt) {
    if (session.subscriptions().find(push.channel()) != null) {
      return false;
    }
    session.subscriptions().add(subscriptions.add(push.channel(), policy, session, info, expireAt));
    session.onExpiring(expireAt != 0);
    push(session, push);
    return true;
  }

  /// Calls `action` for each session of the recipient on this loop.
  public void forEach(Recipient recipient, Consumer<Session> action) {
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
      byte[] bytes = ClientCodec.of(session.encoding()).encode(push);
      session.send(Frame.of(session.encoding(), bytes));
    } catch (UnencodableException notForThisEncoding) {
      session.close(CloseCode.INAPPROPRIATE_PROTOCOL);
    }
  }

  /// Who subscribes to the channel on this loop, by client id.
  public Map<String, ClientInfo> presence(String channel) {
    Map<String, ClientInfo> present = new LinkedHashMap<>();
    Audience<Session> audience = subscriptions.find(channel);
    if (audience != null) {
      audience.forEach(
          subscription -> {
            ClientInfo info = subscription.subscriber().info(subscription);
            present.put(info.client(), info);
          });
    }
    return present;
  }

  /// The users who subscribe to the channel on this loop, with their number of sessions.
  public Map<String, Integer> presenceUsers(String channel) {
    Map<String, Integer> users = new LinkedHashMap<>();
    Audience<Session> audience = subscriptions.find(channel);
    if (audience != null) {
      audience.forEach(
          subscription ->
              users.merge(subscription.subscriber().principal().user(), 1, Integer::sum));
    }
    return users;
  }

  /// Channels with a subscriber on this loop, with their number of subscribers.
  public Map<String, Integer> channels(Predicate<String> wanted) {
    Map<String, Integer> counts = new LinkedHashMap<>();
    for (Audience<Session> audience : subscriptions.audiences()) {
      if (wanted.test(audience.channel())) {
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

  private static List<String> channelsOf(Session session) {
    List<String> channels = new ArrayList<>();
    session.subscriptions().forEach(subscription -> channels.add(subscription.channel()));
    return channels;
  }
}
