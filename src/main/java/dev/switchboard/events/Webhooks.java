package dev.switchboard.events;

import dev.switchboard.config.EventsConfig;
import dev.switchboard.config.EventsConfig.Webhook;
import dev.switchboard.events.WebhookReader.Letter;
import dev.switchboard.lifecycle.EventStream;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Sends events to the webhooks that are configured: all streams that this node owns. Confined to
/// one event loop.
final class Webhooks {
  private static final int OK_FIRST = 200;
  private static final int OK_LAST = 299;

  private final HttpClient client;
  private final InstantSource clock;
  private final long timeoutMillis;
  private final List<WebhookReader> readers = new ArrayList<>();

  /// @param context that it is called on
  Webhooks(Context context, Registrar.World world) {
    EventsConfig events = world.config().events();
    int connections = Math.max(1, EventStream.COUNT * events.webhooks().size());
    // One for each reader: none waits for another's answer.
    this.client =
        context
            .owner()
            .createHttpClient(
                new HttpClientOptions(), new PoolOptions().setHttp1MaxSize(connections));
    this.clock = world.clock();
    this.timeoutMillis = events.webhookTimeout().toMillis();
    for (Webhook webhook : events.webhooks()) {
      var signature = new Signature(webhook.secret().reveal());
      var surroundings =
          new WebhookReader.World(
              world.rolls(),
              world.streams(),
              Registrar.retention(world.config()),
              world.meters(),
              letter -> post(webhook, signature, letter),
              () -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime()),
              events.webhookBatchMax(),
              events.webhookGiveUpAfter().toMillis());
      for (int stream = 0; stream < EventStream.COUNT; stream++) {
        readers.add(new WebhookReader(stream, webhook.name(), surroundings));
      }
    }
  }

  /// A beat, four times a second; on the context.
  void onTick() {
    readers.forEach(WebhookReader::onTick);
  }

  private Future<Void> post(Webhook webhook, Signature signature, Letter letter) {
    long second = clock.instant().getEpochSecond();
    var target =
        new RequestOptions()
            .setMethod(HttpMethod.POST)
            .setAbsoluteURI(webhook.url())
            .setTimeout(timeoutMillis)
            .putHeader("content-type", "application/json")
            .putHeader("webhook-id", letter.id())
            .putHeader("webhook-timestamp", Long.toString(second))
            .putHeader("webhook-signature", signature.of(letter.id(), second, letter.body()));
    return client
        .request(target)
        .compose(
            request ->
                answer(request, letter)
                    // The answer's body may never end.
                    .timeout(2 * timeoutMillis, TimeUnit.MILLISECONDS)
                    .onFailure(_ -> request.reset()));
  }

  /// Read to its end, so that the connection can be used again.
  private static Future<Void> answer(HttpClientRequest request, Letter letter) {
    return request
        .send(Buffer.buffer(letter.body()))
        .compose(response -> response.end().map(_ -> response.statusCode()))
        .compose(
            status ->
                status >= OK_FIRST && status <= OK_LAST
                    ? Future.<Void>succeededFuture()
                    : Future.<Void>failedFuture("status " + status));
  }
}
