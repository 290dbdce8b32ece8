package dev.switchboard.api;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.auth.SubscriptionTerms;
import dev.switchboard.auth.SubscriptionTerms.Option;
import dev.switchboard.channel.Policies;
import dev.switchboard.config.BackendConfig;
import dev.switchboard.config.GatewayConfig;
import dev.switchboard.config.GatewayConfig.Namespace;
import dev.switchboard.protocol.ClientId;
import dev.switchboard.protocol.CloseCode;
import dev.switchboard.protocol.ErrorCode;
import dev.switchboard.protocol.Json;
import dev.switchboard.protocol.UnsubscribeCode;
import dev.switchboard.routing.Delivery;
import dev.switchboard.routing.MessageRouter;
import dev.switchboard.routing.NodeView;
import dev.switchboard.routing.Order;
import dev.switchboard.stream.Position;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;

/// What each method of the API does. Safe on any thread.
///
/// Every method returns the `result` object, throws [ApiException] for a mistake, or fails with
/// what the router fails with.
final class ApiMethods {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final int PATTERN_LENGTH_MAX = 255;

  private final MessageRouter router;
  private final Policies policies;
  private final Parts parts;

  /// Those who carry out the methods that belong together.
  ///
  /// @param publishing publish and broadcast
  /// @param histories what reads and clears streams
  /// @param presences who is on a channel
  /// @param events what happened, and who is there
  /// @param drain makes this node leave
  /// @param limits `api.*`
  record Parts(
      PublishMethods publishing,
      HistoryMethods histories,
      PresenceMethods presences,
      EventMethods events,
      DrainMethod drain,
      GatewayConfig.Api limits) {}

  ApiMethods(MessageRouter router, Policies policies, Parts parts) {
    this.router = router;
    this.policies = policies;
    this.parts = parts;
  }

  /// The methods there are; also the closed set of labels for metrics.
  enum Method {
    PUBLISH,
    BROADCAST,
    SEND,
    SUBSCRIBE,
    UNSUBSCRIBE,
    DISCONNECT,
    REFRESH,
    BATCH,
    PRESENCE,
    PRESENCE_STATS,
    HISTORY,
    HISTORY_REMOVE,
    USERS,
    EVENTS,
    CHANNELS,
    INFO,
    QUORUM_RESET,
    DRAIN
  }

  /// Carries out a method.
  ///
  /// @param caller carries out those that another one is made of
  Future<ObjectNode> call(
      Method method,
      ApiRequest request,
      BiFunction<String, ApiRequest, Future<ObjectNode>> caller) {
    return switch (method) {
      case PUBLISH -> parts.publishing().publish(request);
      case BROADCAST -> parts.publishing().broadcast(request);
      case SEND -> send(request);
      case SUBSCRIBE -> subscribe(request);
      case UNSUBSCRIBE -> unsubscribe(request);
      case DISCONNECT -> disconnect(request);
      case REFRESH -> refresh(request);
      case BATCH -> batch(request, caller);
      case PRESENCE -> parts.presences().presence(request);
      case PRESENCE_STATS -> parts.presences().stats(request);
      case HISTORY -> parts.histories().history(request);
      case HISTORY_REMOVE -> parts.histories().remove(request);
      case USERS -> parts.events().users(request);
      case EVENTS -> parts.events().events(request);
      case CHANNELS -> channels(request);
      case INFO -> info();
      case QUORUM_RESET -> resetQuorum();
      case DRAIN -> Future.succeededFuture(parts.drain().call());
    };
  }

  private Future<ObjectNode> batch(
      ApiRequest request, BiFunction<String, ApiRequest, Future<ObjectNode>> caller) {
    return Batch.of(request, parts.limits())
        .run(caller, request.flag("parallel"), Batch::under)
        .map(
            replies -> {
              ObjectNode result = JSON.objectNode();
              replies.forEach(result.putArray("replies")::add);
              return result;
            });
  }

  private Future<ObjectNode> send(ApiRequest request) {
    return tell(request, new Order.Message(request.payload()));
  }

  private Future<ObjectNode> subscribe(ApiRequest request) {
    String channel = request.requiredText("channel");
    Namespace namespace = ApiValues.namespace(policies, channel);
    var terms =
        new SubscriptionTerms(
            json(request, "info"),
            json(request, "data"),
            second(request, "expire_at"),
            overrides(request));
    return tell(request, new Order.Subscribe(channel, terms, recoverSince(request, namespace)));
  }

  private static Map<Option, Boolean> overrides(ApiRequest request) {
    Map<Option, Boolean> overrides = new EnumMap<>(Option.class);
    ApiRequest written = request.nested("override");
    for (Option option : Option.values()) {
      if (written.has(option.label())) {
        overrides.put(option, written.nested(option.label()).flag("value"));
      }
    }
    return overrides;
  }

  private static Optional<Position> recoverSince(ApiRequest request, Namespace namespace) {
    if (!request.has("recover_since")) {
      return Optional.empty();
    }
    if (namespace.historySize() == 0) {
      throw new ApiException(
          ErrorCode.BAD_REQUEST, "`recover_since` needs a namespace with history");
    }
    ApiRequest since = request.nested("recover_since");
    long offset = since.number("offset");
    if (offset < 0) {
      throw new ApiException(ErrorCode.BAD_REQUEST, "`offset` must not be negative");
    }
    return Optional.of(new Position(since.text("epoch"), offset));
  }

  private Future<ObjectNode> unsubscribe(ApiRequest request) {
    String channel = request.text("channel");
    int code = code(request, UnsubscribeCode.SERVER.code(), 2000, 2999);
    String reason = reason(request, UnsubscribeCode.reasonOf(code));
    return tell(request, new Order.Unsubscribe(channel, code, reason));
  }

  private Future<ObjectNode> refresh(ApiRequest request) {
    boolean expired = request.flag("expired");
    byte[] info = json(request, "info");
    return tell(request, new Order.Refresh(expired, second(request, "expire_at"), info));
  }

  private Future<ObjectNode> disconnect(ApiRequest request) {
    ApiRequest wanted = request.nested("disconnect");
    int code = code(wanted, CloseCode.FORCE_DISCONNECT.code(), 3000, 4999);
    String reason = reason(wanted, CloseCode.reasonOf(code));
    Set<ClientId> spared = ids(request.texts("whitelist"));
    return tell(request, new Order.Disconnect(code, reason, spared));
  }

  /// @param usual code when none was given, or 0
  private static int code(ApiRequest request, int usual, int from, int to) {
    long code = request.number("code");
    if (code == 0) {
      return usual;
    }
    if (code < from || code > to) {
      throw new ApiException(ErrorCode.BAD_REQUEST, "`code` must be %d to %d".formatted(from, to));
    }
    return (int) code;
  }

  /// @param usual reason when none was given
  private static String reason(ApiRequest request, String usual) {
    String reason = request.text("reason");
    if (reason.getBytes(StandardCharsets.UTF_8).length > BackendConfig.REASON_BYTES_MAX) {
      throw new ApiException(
          ErrorCode.BAD_REQUEST,
          "`reason` is over %d bytes".formatted(BackendConfig.REASON_BYTES_MAX));
    }
    return reason.isEmpty() ? usual : reason;
  }

  private static Set<ClientId> ids(List<String> clients) {
    Set<ClientId> ids = new HashSet<>();
    clients.forEach(client -> ClientId.parse(client).ifPresent(ids::add));
    return ids;
  }

  /// Carries out an order and says what became of it for each session.
  private Future<ObjectNode> tell(ApiRequest request, Order order) {
    return router
        .tell(request.recipient(), order)
        .map(
            deliveries -> {
              ObjectNode result = JSON.objectNode();
              var list = result.putArray("deliveries");
              deliveries.forEach(delivery -> list.add(toJson(delivery)));
              return result;
            });
  }

  private static ObjectNode toJson(Delivery delivery) {
    ObjectNode json =
        JSON.objectNode()
            .put("client", delivery.client())
            .put("outcome", delivery.outcome().label());
    delivery.reason().ifPresent(reason -> json.put("reason", reason.label()));
    return json;
  }

  private static long second(ApiRequest request, String name) {
    long second = request.number(name);
    if (second < 0) {
      throw new ApiException(ErrorCode.BAD_REQUEST, "`" + name + "` must not be negative");
    }
    // Kept, and told to clients, in 32 bits: what ends after 2106 ends then.
    return Math.min(second, 0xffff_ffffL);
  }

  private Future<ObjectNode> channels(ApiRequest request) {
    String pattern = request.text("pattern");
    if (pattern.length() > PATTERN_LENGTH_MAX) {
      throw new ApiException(ErrorCode.BAD_REQUEST, "`pattern` is too long");
    }
    return router
        .channels(pattern)
        .map(
            counts -> {
              ObjectNode result = JSON.objectNode();
              ObjectNode channels = result.putObject("channels");
              counts.forEach((name, count) -> channels.putObject(name).put("num_clients", count));
              return result;
            });
  }

  private Future<ObjectNode> resetQuorum() {
    return router.resetQuorum().map(ApiMethods::reset);
  }

  private static ObjectNode reset(boolean done) {
    if (!done) {
      throw new ApiException(
          ErrorCode.BAD_REQUEST, "enough nodes are there: none has to be given up");
    }
    return JSON.objectNode();
  }

  private Future<ObjectNode> info() {
    return router
        .info()
        .map(
            nodes -> {
              ObjectNode result = JSON.objectNode();
              var list = result.putArray("nodes");
              nodes.forEach(node -> list.add(toJson(node)));
              return result;
            });
  }

  private static ObjectNode toJson(NodeView node) {
    return JSON.objectNode()
        .put("uid", node.uid())
        .put("name", node.name())
        .put("version", node.version())
        .put("num_clients", node.clients())
        .put("num_users", node.users())
        .put("num_channels", node.channels())
        .put("num_subs", node.subscriptions())
        .put("uptime", node.uptimeSeconds())
        .put("state", node.state());
  }

  private static byte[] json(ApiRequest request, String name) {
    byte[] bytes = request.bytes(name);
    if (bytes != null && !Json.isValue(bytes)) {
      throw new ApiException(ErrorCode.BAD_REQUEST, "`b64" + name + "` must be JSON");
    }
    return bytes;
  }
}
