package dev.switchboard.token;

import dev.switchboard.config.GatewayConfig;
import dev.switchboard.metrics.KeyMeters;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The keys that an issuer of tokens publishes as a JSON Web Key Set (RFC 7517), as last fetched.
/// Safe on any thread.
///
/// They are fetched every `jwks_refresh`, and at once when a token names a key that is not among
/// them, for its issuer may have a new one; but never more than once in ten seconds, whatever
/// strangers name. While a fetch fails, the keys of the last good one stay.
public final class FetchedKeys {
  /// No key at all, and nobody to ask for one.
  public static final FetchedKeys NONE = new FetchedKeys();

  private static final Logger LOG = LoggerFactory.getLogger(FetchedKeys.class);
  private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final long TIMEOUT_MILLIS = 5_000;
  private static final int OK = 200;
  private static final int BYTES_MAX = 1 << 20;

  private final String url;
  private final HttpClient client;
  private final KeyMeters meters;
  private final AtomicReference<Fetch> last = new AtomicReference<>();
  private volatile List<WebKey> keys = List.of();

  /// One attempt.
  ///
  /// @param begun from `System.nanoTime()`
  private record Fetch(long begun, CompletableFuture<Void> done) {}

  private FetchedKeys() {
    this.url = "";
    this.client = null;
    this.meters = null;
  }

  private FetchedKeys(Vertx vertx, GatewayConfig.Token config, KeyMeters meters) {
    this.url = config.jwksUrl();
    this.client = vertx.createHttpClient();
    this.meters = meters;
    vertx.setPeriodic(0, config.jwksRefresh().toMillis(), _ -> refresh());
  }

  /// The keys at `jwks_url`, fetched from now on; [#NONE] when it is empty.
  public static FetchedKeys of(Vertx vertx, GatewayConfig.Token config, KeyMeters meters) {
    return config.jwksUrl().isEmpty() ? NONE : new FetchedKeys(vertx, config, meters);
  }

  /// Whether there is anybody to ask for keys.
  boolean canBeAsked() {
    return client != null;
  }

  /// The keys as last fetched; another list when they were fetched again.
  List<WebKey> keys() {
    return keys;
  }

  /// Fetches them, unless that was tried in the last ten seconds.
  ///
  /// @return fails when they could not be fetched, or may not be fetched again yet
  public CompletionStage<Void> refresh() {
    Fetch before = last.get();
    if (before != null && !before.done().isDone()) {
      return before.done();
    }
    if (before != null && System.nanoTime() - before.begun() < PAUSE_NANOS) {
      return CompletableFuture.failedFuture(new IllegalStateException("fetched a moment ago"));
    }
    var next = new Fetch(System.nanoTime(), new CompletableFuture<>());
    if (last.compareAndSet(before, next)) {
      fetch().onComplete(fetched -> conclude(next, fetched));
    }
    return last.get().done();
  }

  private void conclude(Fetch fetch, AsyncResult<List<WebKey>> fetched) {
    meters.onFetched(fetched.succeeded());
    if (fetched.succeeded()) {
      keys = fetched.result();
      fetch.done().complete(null);
    } else {
      LOG.atWarn()
          .addKeyValue("cause", String.valueOf(fetched.cause().getMessage()))
          .log("the keys of tokens could not be fetched; those fetched before stay");
      fetch.done().completeExceptionally(fetched.cause());
    }
  }

  private Future<List<WebKey>> fetch() {
    var options =
        new RequestOptions()
            .setMethod(HttpMethod.GET)
            .setAbsoluteURI(url)
            .setFollowRedirects(false)
            .setTimeout(TIMEOUT_MILLIS)
            .putHeader("accept", "application/json");
    return client
        .request(options)
        .compose(
            request ->
                request
                    .send()
                    .compose(FetchedKeys::read)
                    // The answer's body may never end.
                    .timeout(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS)
                    .onFailure(_ -> request.reset()))
        .map(FetchedKeys::parse);
  }

  private static Future<Buffer> read(HttpClientResponse response) {
    Buffer body = Buffer.buffer();
    // When it is given up; else Vert.x tells the log.
    response.exceptionHandler(_ -> {});
    response.handler(
        part -> {
          if (body.length() <= BYTES_MAX) {
            body.appendBuffer(part);
          }
        });
    return response
        .end()
        .compose(
            _ ->
                response.statusCode() == OK && body.length() <= BYTES_MAX
                    ? Future.succeededFuture(body)
                    : Future.failedFuture("status " + response.statusCode() + ", or over 1 MiB"));
  }

  private static List<WebKey> parse(Buffer body) {
    try {
      return WebKey.readAll(body.getBytes());
    } catch (IOException strange) {
      throw new UncheckedIOException(strange);
    }
  }
}
