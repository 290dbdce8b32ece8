package dev.switchboard.api;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.config.GatewayConfig;
import dev.switchboard.config.GatewayConfig.ErrorMode;
import dev.switchboard.metrics.GatewayMetrics;
import dev.switchboard.metrics.GatewayMetrics.Door;
import dev.switchboard.metrics.GatewayMetrics.Fault;
import dev.switchboard.protocol.ErrorCode;
import dev.switchboard.protocol.Json;
import dev.switchboard.protocol.MalformedException;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// `POST /api/<method>`: who may call, what is read, and how errors are answered; and `POST /api`,
/// where older clients send any number of methods at once.
///
/// A failed call is still 200 with an `error` object, unless the caller asks for transport mode or
/// `api.error_mode` says so.
public final class ApiRoutes {
  private static final Logger LOG = LoggerFactory.getLogger(ApiRoutes.class);
  private final GatewayConfig.Api config;
  private final byte[] key;
  private final ApiCalls calls;
  private final GatewayMetrics metrics;

  /// @param config `api.*`; an empty key refuses everybody
  public ApiRoutes(GatewayConfig.Api config, ApiCalls calls, GatewayMetrics metrics) {
    this.config = config;
    this.key = config.key().reveal().getBytes(StandardCharsets.UTF_8);
    this.calls = calls;
    this.metrics = metrics;
  }

  /// Adds the API to a server.
  public void mount(Router router) {
    long batchBytesMax = Batch.bytesMax(config);
    mount(router, "/api", batchBytesMax, this::onCalls);
    mount(router, "/api/batch", batchBytesMax, call -> onCall(call, "batch"));
    mount(
        router,
        "/api/:method",
        config.bodyBytesMax(),
        call -> onCall(call, call.pathParam("method")));
  }

  private void mount(Router router, String path, long bytesMax, Handler<RoutingContext> handler) {
    router.post(path).handler(this::authenticate);
    router
        .post(path)
        .handler(BodyHandler.create(false).setBodyLimit(bytesMax))
        .handler(handler)
        .failureHandler(this::onFailure);
    router
        .route(path)
        .handler(call -> call.response().setStatusCode(405).putHeader("allow", "POST").end());
  }

  private void authenticate(RoutingContext call) {
    if (config.insecure() || key.length > 0 && MessageDigest.isEqual(key, presentedKey(call))) {
      call.next();
    } else {
      calls.count(Door.HTTP, "", "401");
      call.response().setStatusCode(401).end();
    }
  }

  private static byte[] presentedKey(RoutingContext call) {
    String header = call.request().getHeader("x-api-key");
    String authorization = call.request().getHeader(HttpHeaders.AUTHORIZATION);
    String parameter = call.request().getParam("api_key");
    String presented =
        header != null
            ? header
            : authorization != null && authorization.startsWith("apikey ")
                ? authorization.substring("apikey ".length())
                : parameter == null ? "" : parameter;
    return presented.getBytes(StandardCharsets.UTF_8);
  }

  private void onCall(RoutingContext call, String name) {
    try {
      calls
          .call(Door.HTTP, name, parse(call))
          .onSuccess(value -> answer(call, 200, isBatch(name) ? value : result(value)))
          .onFailure(failure -> refuse(call, (ApiException) failure));
    } catch (MalformedException notJson) {
      calls.count(Door.HTTP, name, "400");
      refuseUnread(call, "the body must be one JSON object\n");
    }
  }

  /// The replies of a batch stand for themselves: API clients look for no `result` around them.
  private static boolean isBatch(String name) {
    return name.equals("batch");
  }

  private static ObjectNode result(ObjectNode value) {
    return JsonNodeFactory.instance.objectNode().set("result", value);
  }

  /// Objects with `method` and `params`, and answers with `result` or `error`, a line for each.
  private void onCalls(RoutingContext call) {
    try {
      List<Batch.Call> commands = new ArrayList<>();
      for (byte[] command : Json.sequence(body(call))) {
        ApiRequest request = ApiRequest.parse(command);
        commands.add(new Batch.Call(request.text("method"), request.nested("params")));
      }
      calls
          .callAll(Door.HTTP, new Batch(commands))
          .onSuccess(replies -> answer(call, 200, replies))
          .onFailure(failure -> refuse(call, (ApiException) failure));
    } catch (MalformedException notJson) {
      calls.count(Door.HTTP, "batch", "400");
      refuseUnread(call, "the body must be JSON objects\n");
    } catch (ApiException mistaken) {
      refuse(call, mistaken);
    }
  }

  private static ApiRequest parse(RoutingContext call) throws MalformedException {
    return ApiRequest.parse(body(call));
  }

  private static byte[] body(RoutingContext call) {
    Buffer body = call.body().buffer();
    return body == null ? new byte[0] : body.getBytes();
  }

  private static void refuseUnread(RoutingContext call, String text) {
    call.response()
        .setStatusCode(400)
        .putHeader(HttpHeaders.CONTENT_TYPE, "text/plain; charset=utf-8")
        .end(text);
  }

  private void refuse(RoutingContext call, ApiException refused) {
    ObjectNode error = error(refused);
    if (config.errorMode() == ErrorMode.TRANSPORT
        || "transport".equals(call.request().getHeader("x-centrifugo-error-mode"))) {
      int status = status(refused.code());
      if (status == 429) {
        call.response().putHeader("retry-after", "1");
      }
      answer(call, status, (ObjectNode) error.get("error"));
    } else {
      answer(call, 200, error);
    }
  }

  /// The `error` object of a refused call.
  static ObjectNode error(ApiException refused) {
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    answer
        .putObject("error")
        .put("code", refused.code().code())
        .put("message", refused.getMessage());
    return answer;
  }

  /// The HTTP status of an error in transport mode.
  private static int status(ErrorCode code) {
    return switch (code) {
      case UNKNOWN_CHANNEL, METHOD_NOT_FOUND -> 404;
      case BAD_REQUEST, NOT_AVAILABLE -> 400;
      case UNRECOVERABLE_POSITION -> 416;
      case CONCURRENT_PAGINATION -> 409;
      case TOO_MANY_REQUESTS -> 429;
      case INTERNAL,
          UNAUTHORIZED,
          PERMISSION_DENIED,
          ALREADY_SUBSCRIBED,
          LIMIT_EXCEEDED,
          TOKEN_EXPIRED,
          EXPIRED ->
          500;
    };
  }

  private static void answer(RoutingContext call, int status, ObjectNode json) {
    answer(call, status, List.of(json));
  }

  private static void answer(RoutingContext call, int status, List<ObjectNode> lines) {
    call.response()
        .setStatusCode(status)
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
        .end(lines.stream().map(ObjectNode::toString).collect(Collectors.joining("\n")));
  }

  private void onFailure(RoutingContext call) {
    int status = call.statusCode() < 0 ? 500 : call.statusCode();
    if (status == 500) {
      LOG.error("an API call failed", call.failure());
      metrics.onFault(Fault.API);
    }
    call.response().setStatusCode(status).putHeader(HttpHeaders.CONNECTION, "close").end();
  }
}
