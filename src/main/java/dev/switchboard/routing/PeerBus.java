package dev.switchboard.routing;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.eventbus.MessageProducer;
import io.vertx.core.tracing.TracingPolicy;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/// The one address of this node on the event bus, and those of the others. Confined to the peer
/// loop.
final class PeerBus {
  private static final DeliveryOptions OPTIONS =
      new DeliveryOptions().setTracingPolicy(TracingPolicy.IGNORE);

  private final Map<Long, MessageProducer<Buffer>> producers = new HashMap<>();
  private final Vertx vertx;
  private final Handler<Message<Object>> arrival;
  private MessageConsumer<Object> consumer;

  /// @param arrival is given what others send
  PeerBus(Vertx vertx, Handler<Message<Object>> arrival) {
    this.vertx = vertx;
    this.arrival = arrival;
  }

  /// Listens as this incarnation, and then no longer as the one before.
  Future<Void> listen(long incarnation) {
    MessageConsumer<Object> former = consumer;
    Future<Void> listening =
        Consumers.register(vertx, Addresses.node(incarnation), arrival)
            .onSuccess(registered -> consumer = registered)
            .mapEmpty();
    return former == null ? listening : listening.eventually(former::unregister);
  }

  /// Forgets the nodes that are gone.
  void retain(Set<Long> incarnations) {
    producers.keySet().retainAll(incarnations);
  }

  /// Sends bytes to another node.
  ///
  /// @param written is told whether they left this node
  void send(long incarnation, byte[] message, Consumer<Boolean> written) {
    producers
        .computeIfAbsent(
            incarnation, node -> vertx.eventBus().sender(Addresses.node(node), OPTIONS))
        .write(Buffer.buffer(message))
        .onComplete(result -> written.accept(result.succeeded()));
  }
}
