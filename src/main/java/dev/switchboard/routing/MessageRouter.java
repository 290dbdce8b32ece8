package dev.switchboard.routing;

import dev.switchboard.protocol.ClientInfo;
import dev.switchboard.protocol.Publication;
import dev.switchboard.protocol.Push;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/// The one door to every session and channel: who is on this node's loops is asked through it.
///
/// Safe on any thread. Messages from one thread reach each event loop in the order in which they
/// were given to the router.
public final class MessageRouter {
  private final NodeIdentity node;
  private final RouteKey.Claims claims;
  private final List<Inbox> inboxes = new CopyOnWriteArrayList<>();

  /// @param node who this node is
  /// @param claims where event loops say what they want to hear of
  public MessageRouter(NodeIdentity node, RouteKey.Claims claims) {
    this.node = node;
    this.claims = claims;
  }

  /// Adds an event loop; called once by each WebSocket verticle before it accepts sockets.
  public void add(Inbox inbox) {
    inboxes.add(inbox);
  }

  /// Takes an event loop out when its verticle stops.
  public void remove(Inbox inbox) {
    inboxes.remove(inbox);
  }

  /// Asks to hear of a key, for the first on that loop who wants to; called on the inbox's loop.
  ///
  /// @param confirmed runs on that loop once every node that may send here knows; when not
  ///   clustered, before this returns. In vain after [#release]
  public void claim(RouteKey key, Inbox inbox, Runnable confirmed) {
    claims.claim(key, inbox, confirmed);
  }

  /// Gives up a claim after the last on that loop; called on the inbox's loop, once per claim.
  public void release(RouteKey key, Inbox inbox) {
    claims.release(key, inbox);
  }

  /// Publishes to a channel, at most once per subscriber.
  ///
  /// @return completes when every event loop has handed it to its subscribers, so whoever
  ///   subscribes after that never gets it; fails with [BusyException], and has failed when this
  ///   returns, if too much is under way
  public Future<Void> publish(String channel, Publication publication) {
    var envelope = new Envelope(new Push.Publish(channel, publication), System.nanoTime());
    return gather(
            inbox -> {
              inbox.deliver(envelope);
              return Future.succeededFuture();
            })
        .mapEmpty();
  }

  /// Has an order carried out for every session of the recipient.
  ///
  /// @return one delivery per session, or a single one that says nobody is there
  public Future<List<Delivery>> tell(Recipient recipient, Order order) {
    return tellHere(recipient, order)
        .map(deliveries -> deliveries.isEmpty() ? List.of(nobody(recipient)) : deliveries);
  }

  /// Has an order carried out for the recipient's sessions on this node.
  ///
  /// @return one delivery per session; empty when none is here
  public Future<List<Delivery>> tellHere(Recipient recipient, Order order) {
    return gather(inbox -> inbox.carryOut(recipient, order))
        .map(parts -> parts.stream().flatMap(List::stream).toList());
  }

  private static Delivery nobody(Recipient recipient) {
    return switch (recipient) {
      case Recipient.Client(var id) -> Delivery.of(id.toString(), Delivery.Outcome.UNKNOWN);
      case Recipient.User(var user) -> Delivery.of(user, Delivery.Outcome.OFFLINE);
    };
  }

  /// Who subscribes to the channel, by client id.
  public Future<Map<String, ClientInfo>> presence(String channel) {
    return gather(inbox -> Future.succeededFuture(inbox.presence(channel)))
        .map(
            parts -> {
              Map<String, ClientInfo> all = new LinkedHashMap<>();
              parts.forEach(all::putAll);
              return all;
            });
  }

  /// How many clients and distinct users subscribe to the channel.
  public Future<PresenceCount> presenceStats(String channel) {
    return gather(inbox -> Future.succeededFuture(inbox.presenceUsers(channel)))
        .map(
            parts -> {
              Map<String, Integer> all = added(parts);
              long clients = all.values().stream().mapToLong(Integer::longValue).sum();
              return new PresenceCount(clients, all.size());
            });
  }

  /// Clients and distinct users on a channel.
  public record PresenceCount(long clients, long users) {}

  /// Channels with a subscriber, with their number of subscribers.
  ///
  /// @param pattern a glob over whole names; empty matches all
  public Future<Map<String, Integer>> channels(String pattern) {
    return gather(inbox -> Future.succeededFuture(inbox.channels(pattern)))
        .map(MessageRouter::added);
  }

  /// Every node as it is now.
  public Future<List<NodeView>> info() {
    return gather(inbox -> Future.succeededFuture(inbox.view()))
        .map(parts -> List.of(node.view(parts)));
  }

  private static Map<String, Integer> added(List<Map<String, Integer>> parts) {
    Map<String, Integer> all = new LinkedHashMap<>();
    parts.forEach(part -> part.forEach((name, count) -> all.merge(name, count, Integer::sum)));
    return all;
  }

  static Set<String> union(List<Set<String>> parts) {
    Set<String> all = new HashSet<>();
    parts.forEach(all::addAll);
    return all;
  }

  /// Asks every loop and collects the answers; the result completes on the caller's context.
  private <T> Future<List<T>> gather(Function<Inbox, Future<T>> question) {
    List<Future<T>> answers =
        inboxes.stream()
            .map(
                inbox -> {
                  Promise<T> answer = Promise.promise();
                  // What fails on a loop must fail the caller too, or it would wait for ever.
                  onLoop(
                      inbox,
                      () -> Future.succeededFuture(inbox).compose(question).onComplete(answer));
                  return answer.future();
                })
            .toList();
    Promise<List<T>> all = Promise.promise();
    Context caller = Vertx.currentContext();
    Future.all(answers)
        .map(done -> done.<T>list())
        .onComplete(
            result -> {
              if (caller == null || caller == Vertx.currentContext()) {
                all.handle(result);
              } else {
                caller.runOnContext(_ -> all.handle(result));
              }
            });
    return all.future();
  }

  private static void onLoop(Inbox inbox, Runnable action) {
    if (Vertx.currentContext() == inbox.context()) {
      action.run();
    } else {
      inbox.context().runOnContext(_ -> action.run());
    }
  }
}
