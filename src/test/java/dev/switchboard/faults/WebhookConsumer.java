package dev.switchboard.faults;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/// A back end that is sent all events, and is away at times. Safe on any thread.
final class WebhookConsumer implements AutoCloseable {
  private final Vertx vertx = Vertx.vertx();
  private final Map<Integer, Long> tops = new ConcurrentHashMap<>();
  private final AtomicLong taken = new AtomicLong();
  private final AtomicLong again = new AtomicLong();
  private final AtomicLong holes = new AtomicLong();
  private int port;
  private HttpServer server;

  WebhookConsumer() {
    comeBack();
  }

  int port() {
    return port;
  }

  /// Nobody listens any more.
  void goAway() {
    server.close().await();
  }

  void comeBack() {
    server =
        vertx.createHttpServer().requestHandler(this::onRequest).listen(port, "0.0.0.0").await();
    port = server.actualPort();
  }

  private void onRequest(HttpServerRequest request) {
    request
        .body()
        .onSuccess(
            body -> {
              var letter = body.toJsonObject();
              take(letter.getInteger("stream"), letter.getJsonArray("events"));
              request.response().end();
            });
  }

  /// What was there already is dropped by its offset, as a consumer should.
  private void take(int stream, JsonArray events) {
    for (Object each : events) {
      long offset = ((JsonObject) each).getLong("offset");
      long top = tops.getOrDefault(stream, 0L);
      if (offset <= top) {
        again.incrementAndGet();
      } else {
        taken.incrementAndGet();
        holes.addAndGet(offset - top - 1);
        tops.put(stream, offset);
      }
    }
  }

  /// The last offset of each stream.
  Map<Integer, Long> tops() {
    return tops;
  }

  long taken() {
    return taken.get();
  }

  /// Events that came more than once.
  long again() {
    return again.get();
  }

  /// Events that did not come although later ones did.
  long holes() {
    return holes.get();
  }

  @Override
  public void close() {
    vertx.close().await();
  }
}
