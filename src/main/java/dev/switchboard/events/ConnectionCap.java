package dev.switchboard.events;

import dev.switchboard.lifecycle.Note.Cap;
import dev.switchboard.protocol.ClientId;
import dev.switchboard.protocol.CloseCode;
import dev.switchboard.routing.Delivery;
import dev.switchboard.routing.Order;
import dev.switchboard.routing.Recipient;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;

/// How many connections a user may have, and who has to go. Confined to one event loop.
///
/// The roll counts; but it may count sessions of a node that died a moment ago. So before anybody
/// is refused or closed for them, their owners are asked whether they are still there.
final class ConnectionCap {
  private final Cap cap;
  private final BiFunction<Recipient, Order, Future<List<Delivery>>> orders;
  private final Runnable closed;

  /// @param orders carried out for sessions, wherever they are
  /// @param closed run for each session that has to go
  ConnectionCap(
      Cap cap, BiFunction<Recipient, Order, Future<List<Delivery>>> orders, Runnable closed) {
    this.cap = cap;
    this.orders = orders;
    this.closed = closed;
  }

  Cap cap() {
    return cap;
  }

  /// Whether nobody more may come in beside these.
  Future<Boolean> isFull(List<ClientId> incumbents) {
    return there(incumbents).map(found -> found.size() >= cap.max());
  }

  /// Closes those that are too many of the connections of a user.
  ///
  /// @param connections on the roll, the oldest first
  Future<Void> trim(List<ClientId> connections) {
    return there(connections)
        .onSuccess(
            found -> {
              int excess = Math.max(0, found.size() - cap.max());
              var leaving =
                  cap.refuse()
                      ? found.subList(found.size() - excess, found.size())
                      : found.subList(0, excess);
              leaving.forEach(this::close);
            })
        .mapEmpty();
  }

  private void close(ClientId client) {
    closed.run();
    var code = CloseCode.CONNECTION_LIMIT;
    orders.apply(
        new Recipient.Client(client), new Order.Disconnect(code.code(), code.reason(), Set.of()));
  }

  /// Those whose owners say that they are there. Whoever is not, or does not answer, is not
  /// counted; its end is said by its own node, or for it when that is lost.
  private Future<List<ClientId>> there(List<ClientId> clients) {
    Set<ClientId> found = new HashSet<>();
    List<Future<?>> answers = new ArrayList<>();
    for (ClientId client : clients) {
      // An order that spares the one it is for: only the answer is wanted.
      var look = new Order.Disconnect(CloseCode.CONNECTION_LIMIT.code(), "", Set.of(client));
      answers.add(
          orders
              .apply(new Recipient.Client(client), look)
              .onSuccess(
                  deliveries -> {
                    if (isThere(deliveries.getFirst())) {
                      found.add(client);
                    }
                  }));
    }
    // In the order of the roll, whoever answers first.
    return Future.join(answers)
        .otherwiseEmpty()
        .map(_ -> clients.stream().filter(found::contains).toList());
  }

  /// Whose node has too many questions is taken to be there: else who asks much would get in.
  private static boolean isThere(Delivery answer) {
    return answer
        .reason()
        .filter(reason -> reason == Delivery.Reason.SPARED || reason == Delivery.Reason.BUSY)
        .isPresent();
  }
}
