package dev.switchboard.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.config.GatewayConfig;
import dev.switchboard.metrics.GatewayMetrics.Door;
import dev.switchboard.protocol.ErrorCode;
import dev.switchboard.protocol.MalformedException;
import dev.switchboard.routing.Addresses;
import dev.switchboard.routing.Consumers;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import java.util.List;

/// The API on the event bus, for Vert.x services in the cluster: an address per method.
///
/// Runs on one event loop; exactly one consumer per node and address, or the bus would share calls
/// out unevenly. Who may call is who may join the bus. The contract is `src/docs/event-bus.md`.
public final class BusVerticle extends VerticleBase {
  private static final String VERSION_HEADER = "switchboard-version";
  private static final String VERSION = "1";

  private final ApiCalls calls;
  private final GatewayConfig.Api limits;

  /// @param limits `api.*`
  public BusVerticle(ApiCalls calls, GatewayConfig.Api limits) {
    this.calls = calls;
    this.limits = limits;
  }

  @Override
  public Future<?> start() {
    List<Future<Void>> registrations =
        ApiCalls.namesForAnyNode().stream().map(this::register).toList();
    return Future.all(registrations);
  }

  private Future<Void> register(String method) {
    return Consumers.register(vertx, Addresses.ofMethod(method), message -> onCall(method, message))
        .mapEmpty();
  }

  /// Without a reply address the answer goes nowhere; the call is carried out and counted as ever.
  private void onCall(String method, Message<?> message) {
    try {
      calls
          .call(Door.BUS, method, read(method, message))
          .onSuccess(result -> message.reply(toJson(result)))
          .onFailure(failure -> refuse(message, (ApiException) failure));
    } catch (ApiException unreadable) {
      calls.count(Door.BUS, method, Integer.toString(unreadable.code().code()));
      refuse(message, unreadable);
    }
  }

  private static void refuse(Message<?> message, ApiException refused) {
    message.fail(refused.code().code(), refused.getMessage());
  }

  private static JsonObject toJson(ObjectNode result) {
    return new JsonObject(result.toString());
  }

  private ApiRequest read(String method, Message<?> message) {
    if (!message.isSend()) {
      throw wrong("send the message, do not publish it: every node would carry it out");
    }
    if (!VERSION.equals(message.headers().get(VERSION_HEADER))) {
      throw wrong("the header `" + VERSION_HEADER + "` must be " + VERSION);
    }
    byte[] body = bytes(message);
    long bytesMax = method.equals("batch") ? Batch.bytesMax(limits) : limits.bodyBytesMax();
    if (body.length > bytesMax) {
      throw wrong("the body is over api.body_bytes_max, " + bytesMax + " bytes");
    }
    try {
      return ApiRequest.parse(body);
    } catch (MalformedException notAnObject) {
      throw wrong("the body must be one JSON object");
    }
  }

  private static byte[] bytes(Message<?> message) {
    return switch (body(message)) {
      case null -> new byte[0];
      case Buffer buffer -> buffer.getBytes();
      case JsonObject json -> json.toBuffer().getBytes();
      default -> throw wrong("the body must be a JsonObject or a Buffer");
    };
  }

  /// The body, which the bus decodes now when it came from another node.
  private static Object body(Message<?> message) {
    try {
      return message.body();
    } catch (RuntimeException undecodable) {
      throw wrong("the body cannot be decoded");
    }
  }

  private static ApiException wrong(String sentence) {
    return new ApiException(ErrorCode.BAD_REQUEST, sentence);
  }
}
