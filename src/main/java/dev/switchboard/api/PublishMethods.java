package dev.switchboard.api;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.auth.Permissions;
import dev.switchboard.channel.Policies;
import dev.switchboard.config.GatewayConfig.Namespace;
import dev.switchboard.protocol.ChannelName;
import dev.switchboard.protocol.ErrorCode;
import dev.switchboard.protocol.Publication;
import dev.switchboard.routing.Publisher;
import dev.switchboard.stream.Appended;
import dev.switchboard.stream.Draft;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/// Publish and broadcast. Safe on any thread.
final class PublishMethods {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final int KEY_BYTES_MAX = 255;

  private final Publisher publisher;
  private final Policies policies;
  private final int broadcastMax;

  /// @param broadcastMax `api.batch_max`
  PublishMethods(Publisher publisher, Policies policies, int broadcastMax) {
    this.publisher = publisher;
    this.policies = policies;
    this.broadcastMax = broadcastMax;
  }

  Future<ObjectNode> publish(ApiRequest request) {
    return publish(request, request.requiredText("channel"));
  }

  private Future<ObjectNode> publish(ApiRequest request, String channel) {
    Namespace namespace = ApiValues.namespace(policies, channel);
    if (Policies.isWildcard(new ChannelName(channel), namespace)) {
      throw new ApiException(ErrorCode.BAD_REQUEST, "a wildcard is no channel to publish to");
    }
    byte[] data = request.payload();
    if (!Permissions.payload(namespace, data).allowed()) {
      throw new ApiException(ErrorCode.BAD_REQUEST, "`data` is not what the namespace allows");
    }
    var publication = new Publication(data, null, 0, request.tags(), 0);
    Draft draft = draft(request, namespace, publication);
    return publisher
        .publish(channel, namespace, draft, request.flag("delta"))
        .map(PublishMethods::toJson);
  }

  private static Draft draft(ApiRequest request, Namespace namespace, Publication publication) {
    String key = text(request, "idempotency_key");
    String versionEpoch = text(request, "version_epoch");
    long version = request.number("version");
    if (version < 0) {
      throw new ApiException(ErrorCode.BAD_REQUEST, "`version` must not be negative");
    }
    if (namespace.historySize() == 0 && (!key.isEmpty() || version > 0)) {
      throw new ApiException(
          ErrorCode.BAD_REQUEST,
          "`idempotency_key` and `version` need a namespace with history, which remembers them");
    }
    return new Draft(publication, key, version, versionEpoch, !request.flag("skip_history"));
  }

  private static String text(ApiRequest request, String name) {
    String text = request.text(name);
    if (text.getBytes(StandardCharsets.UTF_8).length > KEY_BYTES_MAX) {
      throw new ApiException(
          ErrorCode.BAD_REQUEST, "`" + name + "` is over " + KEY_BYTES_MAX + " bytes");
    }
    return text;
  }

  private static ObjectNode toJson(Optional<Appended> appended) {
    ObjectNode result = JSON.objectNode();
    appended
        .map(Appended::position)
        .ifPresent(at -> result.put("offset", at.offset()).put("epoch", at.epoch()));
    return result;
  }

  Future<ObjectNode> broadcast(ApiRequest request) {
    List<String> channels = request.texts("channels");
    if (channels.isEmpty() || channels.size() > broadcastMax) {
      throw new ApiException(
          ErrorCode.BAD_REQUEST, "`channels` must name 1 to " + broadcastMax + " channels");
    }
    var parts = channels.stream().map(channel -> publishOne(request, channel)).toList();
    return Future.all(parts)
        .map(
            done -> {
              ObjectNode result = JSON.objectNode();
              done.<ObjectNode>list().forEach(result.withArray("responses")::add);
              return result;
            });
  }

  /// One part of a broadcast; its error is its own and does not fail the others.
  private Future<ObjectNode> publishOne(ApiRequest request, String channel) {
    try {
      return publish(request, channel)
          .map(result -> JSON.objectNode().<ObjectNode>set("result", result))
          .recover(
              failure ->
                  ApiException.expected(failure)
                      .map(PublishMethods::refused)
                      .orElseGet(() -> Future.failedFuture(failure)));
    } catch (ApiException mistaken) {
      return refused(mistaken);
    }
  }

  private static Future<ObjectNode> refused(ApiException failure) {
    return Future.succeededFuture(ApiRoutes.error(failure));
  }
}
