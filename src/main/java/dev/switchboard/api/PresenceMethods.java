package dev.switchboard.api;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.channel.Policies;
import dev.switchboard.presence.PresencePage;
import dev.switchboard.protocol.ClientId;
import dev.switchboard.protocol.ErrorCode;
import dev.switchboard.routing.MessageRouter;
import io.vertx.core.Future;
import java.util.Optional;

/// Who is on a channel. Safe on any thread.
final class PresenceMethods {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final MessageRouter router;
  private final Policies policies;
  private final int membersMax;

  /// @param membersMax `presence.members_max`
  PresenceMethods(MessageRouter router, Policies policies, int membersMax) {
    this.router = router;
    this.policies = policies;
    this.membersMax = membersMax;
  }

  /// All members, or with a `limit` a page of them.
  Future<ObjectNode> presence(ApiRequest request) {
    String channel = channel(request);
    boolean paged = request.has("limit");
    return router
        .presence(channel, after(request), paged ? limit(request) : membersMax)
        .map(page -> toJson(page, paged));
  }

  private int limit(ApiRequest request) {
    long limit = request.number("limit");
    if (limit < 1 || limit > membersMax) {
      throw new ApiException(
          ErrorCode.BAD_REQUEST, "`limit` must be 1 to %d".formatted(membersMax));
    }
    return (int) limit;
  }

  private static Optional<ClientId> after(ApiRequest request) {
    String after = request.text("after");
    Optional<ClientId> id = ClientId.parse(after);
    if (id.isEmpty() && !after.isEmpty()) {
      throw new ApiException(ErrorCode.BAD_REQUEST, "`after` is the `next` of another page");
    }
    return id;
  }

  private ObjectNode toJson(PresencePage page, boolean paged) {
    if (!paged && page.next().isPresent()) {
      throw new ApiException(
          ErrorCode.LIMIT_EXCEEDED,
          "the channel has more than %d members; ask for pages with `limit`".formatted(membersMax));
    }
    ObjectNode result = JSON.objectNode();
    ObjectNode clients = result.putObject("presence");
    page.members()
        .forEach(member -> clients.set(member.id().toString(), ApiValues.toJson(member.info())));
    page.next().ifPresent(id -> result.put("next", id.toString()));
    return result;
  }

  /// How many clients and users there are.
  Future<ObjectNode> stats(ApiRequest request) {
    return router
        .presenceStats(channel(request))
        .map(
            count ->
                JSON.objectNode()
                    .put("num_clients", count.clients())
                    .put("num_users", count.users()));
  }

  private String channel(ApiRequest request) {
    String channel = request.requiredText("channel");
    if (!ApiValues.namespace(policies, channel).presence()) {
      throw new ApiException(ErrorCode.NOT_AVAILABLE);
    }
    return channel;
  }
}
