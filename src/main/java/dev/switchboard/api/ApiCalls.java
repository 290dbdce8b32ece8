package dev.switchboard.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.api.ApiMethods.Method;
import dev.switchboard.channel.Policies;
import dev.switchboard.config.GatewayConfig;
import dev.switchboard.events.Registrar;
import dev.switchboard.metrics.GatewayMetrics;
import dev.switchboard.metrics.GatewayMetrics.Door;
import dev.switchboard.metrics.GatewayMetrics.Fault;
import dev.switchboard.protocol.ErrorCode;
import dev.switchboard.routing.MessageRouter;
import dev.switchboard.routing.Publisher;
import dev.switchboard.store.Streams;
import io.vertx.core.Future;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The calls services make, whichever door they come through: HTTP or the event bus.
///
/// Safe on any thread. Every call is counted here, and a fault of ours is logged here, once.
public final class ApiCalls {
  private static final Logger LOG = LoggerFactory.getLogger(ApiCalls.class);
  private static final String UNKNOWN = "unknown";
  private static final Map<String, Method> METHODS =
      Arrays.stream(Method.values())
          .collect(
              Collectors.toMap(
                  method -> method.name().toLowerCase(Locale.ROOT), Function.identity()));

  private final ApiMethods methods;
  private final GatewayMetrics metrics;
  private final GatewayConfig.Api limits;

  /// What the calls act on; safe on any thread.
  ///
  /// @param drain makes this node leave
  /// @param registrar if there are lifecycle events
  /// @param limits `api.*`
  /// @param membersMax `presence.members_max`
  public record Targets(
      MessageRouter router,
      Publisher publisher,
      Streams streams,
      Optional<Registrar> registrar,
      Policies policies,
      DrainMethod drain,
      GatewayConfig.Api limits,
      int membersMax) {}

  /// @param targets what the calls act on
  public ApiCalls(Targets targets, GatewayMetrics metrics) {
    var policies = targets.policies();
    this.methods =
        new ApiMethods(
            targets.router(),
            policies,
            new ApiMethods.Parts(
                new PublishMethods(targets.publisher(), policies, targets.limits().batchMax()),
                new HistoryMethods(targets.streams(), policies, targets.registrar().isPresent()),
                new PresenceMethods(targets.router(), policies, targets.membersMax()),
                new EventMethods(targets.registrar(), targets.streams()),
                targets.drain(),
                targets.limits()));
    this.limits = targets.limits();
    this.metrics = metrics;
  }

  /// The names of all methods.
  static Set<String> names() {
    return METHODS.keySet();
  }

  /// The names of the methods that any node can carry out as well as another one.
  static Set<String> namesForAnyNode() {
    return METHODS.entrySet().stream()
        .filter(method -> method.getValue() != Method.DRAIN)
        .map(Map.Entry::getKey)
        .collect(Collectors.toUnmodifiableSet());
  }

  /// Carries out a call.
  ///
  /// @param name of the method as the caller wrote it
  /// @return the `result` object; fails with [ApiException] and nothing else
  Future<ObjectNode> call(Door door, String name, ApiRequest request) {
    return Future.succeededFuture(METHODS.get(name))
        .compose(
            method ->
                method == null
                    ? unknown()
                    : methods.call(method, request, (inner, nested) -> call(door, inner, nested)))
        .onSuccess(_ -> count(door, name, "ok"))
        .recover(
            failure -> {
              ApiException refused = refusal(failure);
              count(door, name, Integer.toString(refused.code().code()));
              return Future.failedFuture(refused);
            });
  }

  /// Carries out calls that came as one, in their order.
  ///
  /// @return a `result` or an `error` object for each; fails with [ApiException] and nothing else
  Future<List<ObjectNode>> callAll(Door door, Batch batch) {
    return Future.succeededFuture(batch)
        .map(calls -> calls.checked(limits))
        .compose(
            calls ->
                calls.run(
                    (name, request) -> call(door, name, request),
                    false,
                    (_, result) -> Batch.under("result", result)));
  }

  /// Counts a call that was refused before it was one.
  ///
  /// @param name of the method as the caller wrote it
  /// @param outcome from a closed set
  void count(Door door, String name, String outcome) {
    metrics.onApi(door, METHODS.containsKey(name) ? name : UNKNOWN, outcome);
  }

  private static Future<ObjectNode> unknown() {
    return Future.failedFuture(new ApiException(ErrorCode.METHOD_NOT_FOUND));
  }

  private ApiException refusal(Throwable failure) {
    return ApiException.expected(failure)
        .orElseGet(
            () -> {
              LOG.error("an API call failed", failure);
              metrics.onFault(Fault.API);
              return new ApiException(ErrorCode.INTERNAL);
            });
  }
}
