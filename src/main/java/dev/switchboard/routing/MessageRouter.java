package dev.switchboard.routing;

import dev.switchboard.protocol.ClientInfo;
import dev.switchboard.protocol.Publication;
import dev.switchboard.protocol.Push;
import dev.switchboard.protocol.UnsubscribeCode;
import dev.switchboard.session.Session;
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
import java.util.function.Predicate;

/// The one door to every session and channel: who is on this node's loops is asked through it.
///
/// Safe on any thread. Messages from one thread reach each event loop in the order in which they
/// were given to the router.
public final class MessageRouter {
  private final NodeIdentity node;
  private final List<Inbox> inboxes = new CopyOnWriteArrayList<>();

  /// @param node who this node is
  public MessageRouter(NodeIdentity node) {
    this.node = node;
  }

  /// Adds an event loop; called once by each WebSocket verticle before it accepts sockets.
  public void add(Inbox inbox) {
    inboxes.add(inbox);
  }

  /// Takes an event loop out when its verticle stops.
  public void remove(Inbox inbox) {
    inboxes.remove(inbox);
  }

  /// Publishes to a channel, at most once per subscriber.
  ///
  /// @return completes when every event loop has handed it to its subscribers, so whoever
  ///   subscribes after that never gets it
  public Future<Void> publish(String channel, Publication publication) {
    var envelope = new Envelope(new Push.Publish(channel, publication), System.nanoTime());
    return gather(
            inbox -> {
              inbox.deliver(envelope);
              return Future.succeededFuture();
            })
        .mapEmpty();
  }

  /// Sends a message to every session of the recipient.
  ///
  /// @return one delivery per session, or a single one that says nobody is there
  public Future<List<Delivery>> send(Recipient recipient, byte[] message) {
    var envelope = new Envelope(new Push.Message(message), System.nanoTime());
    return gather(inbox -> inbox.send(recipient, envelope))
        .map(
            parts -> {
              List<Delivery> all = parts.stream().flatMap(List::stream).toList();
              return all.isEmpty() ? List.of(nobody(recipient)) : all;
            });
  }

  private static Delivery nobody(Recipient recipient) {
    return switch (recipient) {
      case Recipient.Client(var id) -> new Delivery(id.toString(), Delivery.Outcome.UNKNOWN);
      case Recipient.User(var user) -> new Delivery(user, Delivery.Outcome.OFFLINE);
    };
  }

  /// Closes the recipient's sessions.
  ///
  /// @param spared sessions to leave alone
  /// @return how many were closed
  public Future<Integer> disconnect(
      Recipient recipient, int code, String reason, Predicate<Session> spared) {
    return sum(inbox -> inbox.disconnect(recipient, code, reason, spared));
  }

  /// Ends subscriptions of the recipient's sessions.
  ///
  /// @param channel the channel, or empty for all
  /// @return how many were ended
  public Future<Integer> unsubscribe(Recipient recipient, String channel, UnsubscribeCode code) {
    return sum(inbox -> inbox.unsubscribe(recipient, channel, code));
  }

  /// Runs `action` for each session of the recipient, on that session's event loop.
  ///
  /// @return how many there were
  public Future<Integer> forEach(Recipient recipient, SessionAction action) {
    return sum(
        inbox -> {
          int[] seen = {0};
          inbox.forEach(
              recipient,
              session -> {
                action.on(inbox, session);
                seen[0]++;
              });
          return seen[0];
        });
  }

  /// Something done to a session on its own event loop.
  @FunctionalInterface
  public interface SessionAction {
    /// Does it.
    void on(Inbox inbox, Session session);
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
  public Future<Map<String, Integer>> channels(Predicate<String> wanted) {
    return gather(inbox -> Future.succeededFuture(inbox.channels(wanted)))
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

  private Future<Integer> sum(Function<Inbox, Integer> question) {
    return gather(inbox -> Future.succeededFuture(question.apply(inbox)))
        .map(parts -> parts.stream().mapToInt(Integer::intValue).sum());
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
