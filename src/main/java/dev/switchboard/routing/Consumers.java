package dev.switchboard.routing;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;

/// Registers consumers on the event bus of a cluster that changes meanwhile.
///
/// A registration is a write to Hazelcast. One that crosses a member's coming or going ends
/// undecided (its backup did not answer), which is honest and no reason to give up: it is taken
/// back and made again.
public final class Consumers {
  private static final int ATTEMPTS = 5;

  private Consumers() {}

  /// Registers a consumer.
  ///
  /// @return the consumer once the whole cluster can reach it
  public static Future<MessageConsumer<Object>> register(
      Vertx vertx, String address, Handler<Message<Object>> handler) {
    return register(vertx, address, handler, ATTEMPTS);
  }

  private static Future<MessageConsumer<Object>> register(
      Vertx vertx, String address, Handler<Message<Object>> handler, int attempts) {
    MessageConsumer<Object> consumer = vertx.eventBus().consumer(address, handler);
    return consumer
        .completion()
        .map(consumer)
        .recover(
            failure ->
                attempts == 1
                    ? Future.failedFuture(failure)
                    : consumer
                        .unregister()
                        .otherwiseEmpty()
                        .compose(_ -> register(vertx, address, handler, attempts - 1)));
  }
}
