package example.service;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.json.JsonObject;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/// The gateway's methods: all a service needs to know of it is an address, a header and JSON.
public final class Gateway {
  private static final int ATTEMPTS = 4;

  /// Carried out twice they do no harm, so they may be asked again when no answer came.
  private static final Set<String> REPEATABLE =
      Set.of(
          "subscribe",
          "unsubscribe",
          "refresh",
          "disconnect",
          "presence",
          "presence_stats",
          "history",
          "channels",
          "info");

  private static final int TOO_MANY_REQUESTS = 111;
  private static final long PAUSE_MILLIS = 500;

  /// More than a node waits for others (`cluster.request_timeout`, 5 s).
  private static final long TIMEOUT_MILLIS = 8_000;

  private final Vertx vertx;

  /// @param vertx that joined the gateway's cluster
  public Gateway(Vertx vertx) {
    this.vertx = vertx;
  }

  /// Calls a method, such as `publish`, on any node.
  public Future<JsonObject> call(String method, JsonObject parameters) {
    return call(method, parameters, 1);
  }

  private Future<JsonObject> call(String method, JsonObject parameters, int attempt) {
    DeliveryOptions options =
        new DeliveryOptions().addHeader("switchboard-version", "1").setSendTimeout(TIMEOUT_MILLIS);
    return vertx
        .eventBus()
        .<JsonObject>request("switchboard." + method, parameters, options)
        .map(Message::body)
        .recover(
            failure ->
                attempt < ATTEMPTS && mayTryAgain(method, (ReplyException) failure)
                    ? vertx
                        .timer(PAUSE_MILLIS * attempt, TimeUnit.MILLISECONDS)
                        .compose(nothing -> call(method, parameters, attempt + 1))
                    : Future.failedFuture(failure));
  }

  /// Whether another attempt, which goes to another node if there is one, is right.
  private static boolean mayTryAgain(String method, ReplyException failure) {
    switch (failure.failureType()) {
      case NO_HANDLERS:
        // No node is there, or none yet: nothing was done.
        return true;
      case TIMEOUT:
        // The node may be dead, the route to it stale, or only its answer lost.
        return REPEATABLE.contains(method);
      default:
        // A busy node did nothing; every other error would be the same again.
        return failure.failureCode() == TOO_MANY_REQUESTS;
    }
  }
}
