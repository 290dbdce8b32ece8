package dev.switchboard.backend;

import dev.switchboard.backend.BackendException.Reason;
import dev.switchboard.config.BackendConfig;
import dev.switchboard.config.GatewayConfig;
import dev.switchboard.config.StartException;
import dev.switchboard.metrics.BackendMeters;
import dev.switchboard.metrics.BackendMeters.Outcome;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.PoolOptions;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// The back ends there are, and who is asked what. Safe on any thread.
///
/// A back end that is slow or broken must not take the node with it: calls have a time, so many may
/// wait, and who fails several times in a row is left alone for a while.
public final class Backends {
  private static final char NAMESPACE_BOUNDARY = ':';

  private final Vertx vertx;
  private final BackendConfig.Rpc rpc;
  private final BackendConfig limits;
  private final BackendMeters meters;
  private final Map<String, Guarded> backends = new HashMap<>();

  private record Guarded(Backend backend, Breaker breaker, AtomicInteger pending) {}

  /// @param vertx whose client asks those over HTTP
  /// @throws StartException when a name is nobody's, or two have the same
  public Backends(Vertx vertx, GatewayConfig config, BackendMeters meters) {
    this.vertx = vertx;
    this.rpc = config.rpc();
    this.limits = config.backend();
    this.meters = meters;
    Map<String, String> wanted = BackendConfig.wanted(config);
    if (!limits.endpoints().isEmpty()) {
      HttpClient client =
          vertx.createHttpClient(
              new HttpClientOptions(), new PoolOptions().setHttp1MaxSize(limits.connectionsMax()));
      for (var endpoint : limits.endpoints()) {
        add(new HttpBackend(endpoint, client, limits.timeout()));
      }
    }
    if (!wanted.isEmpty()) {
      ServiceLoader.load(Backend.class).forEach(this::add);
      wanted.forEach((name, key) -> require(key, name));
    }
  }

  private void add(Backend backend) {
    var breaker = new Breaker(limits.failuresMax(), limits.pause().toNanos());
    if (backends.put(backend.name(), new Guarded(backend, breaker, new AtomicInteger())) != null) {
      String sentence = "has \"%s\" twice, or a class is named so".formatted(backend.name());
      throw StartException.of("backend.endpoints", sentence, null);
    }
  }

  private void require(String key, String name) {
    if (!backends.containsKey(name)) {
      String there =
          backends.isEmpty() ? "none" : String.join(", ", new TreeSet<>(backends.keySet()));
      throw StartException.of(key, "names \"%s\"; there is %s".formatted(name, there), null);
    }
  }

  /// Whether clients may call at all.
  public boolean callsAreOn() {
    return rpc.enabled();
  }

  /// The back end that answers a method, if anybody does.
  public Optional<String> of(String method) {
    int end = method.indexOf(NAMESPACE_BOUNDARY);
    if (end < 0) {
      return Optional.of(rpc.backend()).filter(backends::containsKey);
    }
    String namespace = method.substring(0, end);
    return rpc.namespaces().stream()
        .filter(space -> space.name().equals(namespace))
        .findFirst()
        .map(BackendConfig.RpcNamespace::backend)
        .filter(backends::containsKey);
  }

  /// Asks a back end; on an event loop, on which the result completes.
  ///
  /// @param name of one that there is
  /// @return fails with [BackendException] and nothing else
  public <R> Future<Verdict<R>> ask(String name, Call<R> call) {
    Guarded guarded = backends.get(name);
    long begun = System.nanoTime();
    if (!guarded.breaker().lets(begun)) {
      meters.onEnded(call.event(), Outcome.RESTING);
      return failed(Reason.RESTING, "the back end failed too often");
    }
    if (guarded.pending().incrementAndGet() > limits.pendingMax()) {
      guarded.pending().decrementAndGet();
      meters.onEnded(call.event(), Outcome.BUSY);
      return failed(Reason.BUSY, "too many calls wait for the back end");
    }
    return answer(guarded.backend(), call)
        .onComplete(
            answer -> {
              guarded.pending().decrementAndGet();
              if (answer.succeeded()) {
                guarded.breaker().succeeded();
              } else {
                guarded.breaker().failed(System.nanoTime());
              }
              long nanos = System.nanoTime() - begun;
              meters.onEnded(call.event(), outcome(answer.result()), nanos);
            });
  }

  private <R> Future<Verdict<R>> answer(Backend backend, Call<R> call) {
    Future<Verdict<R>> asked;
    try {
      asked = Future.fromCompletionStage(call.ask(backend), vertx.getOrCreateContext());
    } catch (RuntimeException broken) {
      asked = Future.failedFuture(broken);
    }
    Duration patience = limits.timeout();
    return asked
        .timeout(patience.toMillis(), TimeUnit.MILLISECONDS)
        .compose(verdict -> isLawful(verdict) ? Future.succeededFuture(verdict) : strange())
        .recover(
            failure ->
                failure instanceof BackendException
                    ? Future.failedFuture(failure)
                    : failed(Reason.FAILED, "the back end did not answer"));
  }

  private static Outcome outcome(Verdict<?> verdict) {
    return switch (verdict) {
      case null -> Outcome.FAILED;
      case Verdict.Answered<?> _ -> Outcome.ANSWERED;
      case Verdict.Refused<?> _ -> Outcome.REFUSED;
      case Verdict.Closed<?> _ -> Outcome.CLOSED;
    };
  }

  private static boolean isLawful(Verdict<?> verdict) {
    return switch (verdict) {
      case null -> false;
      case Verdict.Answered<?>(var result) -> result != null;
      case Verdict.Refused<?> refused -> BackendConfig.isError(refused.code());
      case Verdict.Closed<?> closed ->
          BackendConfig.isClose(closed.code())
              && closed.reason().getBytes(StandardCharsets.UTF_8).length
                  <= BackendConfig.REASON_BYTES_MAX;
    };
  }

  private static <R> Future<R> strange() {
    return failed(Reason.FAILED, "the back end answered with a code that is not its own");
  }

  private static <R> Future<R> failed(Reason reason, String message) {
    return Future.failedFuture(new BackendException(reason, message));
  }
}
