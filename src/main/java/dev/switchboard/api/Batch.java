package dev.switchboard.api;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.config.GatewayConfig;
import dev.switchboard.protocol.ErrorCode;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/// Several calls that came as one: one after the other, or all at once. Safe on any thread.
///
/// @param calls in their order
record Batch(List<Call> calls) {

  /// One of the calls.
  ///
  /// @param method as the caller wrote it
  record Call(String method, ApiRequest request) {}

  /// The `commands` of a batch: each an object whose one member is named like its method.
  ///
  /// @param limits `api.*`
  static Batch of(ApiRequest request, GatewayConfig.Api limits) {
    List<Call> calls = new ArrayList<>();
    for (ApiRequest command : request.objects("commands")) {
      if (command.names().size() != 1) {
        throw new ApiException(
            ErrorCode.BAD_REQUEST, "each of `commands` must name one method and no more");
      }
      String method = command.names().iterator().next();
      calls.add(new Call(method, command.nested(method)));
    }
    return new Batch(calls).checked(limits);
  }

  /// Bytes that a batch may have: each call as many as one that comes alone.
  static long bytesMax(GatewayConfig.Api limits) {
    return (long) limits.bodyBytesMax() * limits.batchMax();
  }

  /// Itself, unless there are too many calls, or none, or one is too large or a batch again.
  Batch checked(GatewayConfig.Api limits) {
    if (calls.isEmpty() || calls.size() > limits.batchMax()) {
      throw new ApiException(
          ErrorCode.BAD_REQUEST, "a batch must have 1 to " + limits.batchMax() + " calls");
    }
    if (calls.stream().anyMatch(call -> call.request().size() > limits.bodyBytesMax())) {
      throw new ApiException(
          ErrorCode.BAD_REQUEST, "a call is over " + limits.bodyBytesMax() + " bytes");
    }
    if (calls.stream().map(Call::method).anyMatch("batch"::equals)) {
      throw new ApiException(ErrorCode.BAD_REQUEST, "a batch cannot hold another one");
    }
    return this;
  }

  /// Carries out all calls; the error of one is its own and does not fail the others.
  ///
  /// @param caller carries out a method; fails with [ApiException] and nothing else
  /// @param parallel whether a call need not wait for the one before
  /// @param result what the answer of a method looks like
  /// @return the answers in the order of the calls
  Future<List<ObjectNode>> run(
      BiFunction<String, ApiRequest, Future<ObjectNode>> caller,
      boolean parallel,
      BiFunction<String, ObjectNode, ObjectNode> result) {
    if (parallel) {
      return Future.all(calls.stream().map(call -> answer(call, caller, result)).toList())
          .map(done -> done.<ObjectNode>list());
    }
    Future<List<ObjectNode>> all = Future.succeededFuture(new ArrayList<>());
    for (Call call : calls) {
      all =
          all.compose(
              answers ->
                  answer(call, caller, result)
                      .map(
                          answer -> {
                            answers.add(answer);
                            return answers;
                          }));
    }
    return all;
  }

  private static Future<ObjectNode> answer(
      Call call,
      BiFunction<String, ApiRequest, Future<ObjectNode>> caller,
      BiFunction<String, ObjectNode, ObjectNode> result) {
    return caller
        .apply(call.method(), call.request())
        .map(answer -> result.apply(call.method(), answer))
        .otherwise(failure -> ApiRoutes.error((ApiException) failure));
  }

  /// An object whose one member is this.
  static ObjectNode under(String name, ObjectNode value) {
    return JsonNodeFactory.instance.objectNode().set(name, value);
  }
}
