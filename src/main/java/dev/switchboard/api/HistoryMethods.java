package dev.switchboard.api;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.channel.Policies;
import dev.switchboard.lifecycle.EventStream;
import dev.switchboard.protocol.ErrorCode;
import dev.switchboard.store.Streams;
import dev.switchboard.stream.Query;
import dev.switchboard.stream.Slice;
import io.vertx.core.Future;
import java.util.OptionalLong;

/// What reads and clears streams. Safe on any thread.
final class HistoryMethods {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final Streams streams;
  private final Policies policies;

  private final boolean events;

  /// @param events whether there are streams of lifecycle events
  HistoryMethods(Streams streams, Policies policies, boolean events) {
    this.streams = streams;
    this.policies = policies;
    this.events = events;
  }

  /// A page of a stream; a negative limit asks for all that fits `history.page_bytes_max`.
  Future<ObjectNode> history(ApiRequest request) {
    String asked = request.requiredText("channel");
    String channel = events && EventStream.number(asked) >= 0 ? asked : stream(request);
    ApiRequest since = request.nested("since");
    String epoch = since.text("epoch");
    return streams.read(channel, query(request, since)).map(slice -> toJson(slice, epoch));
  }

  private static Query query(ApiRequest request, ApiRequest since) {
    long offset = since.number("offset");
    boolean reverse = request.flag("reverse");
    boolean bounded = request.has("since");
    if (offset < 0 || bounded && reverse && offset == 0) {
      throw new ApiException(ErrorCode.BAD_REQUEST, "nothing comes before `since.offset`");
    }
    int limit = Math.clamp(request.number("limit"), -1, Integer.MAX_VALUE);
    return new Query(limit, bounded ? OptionalLong.of(offset) : OptionalLong.empty(), reverse);
  }

  private static ObjectNode toJson(Slice slice, String epoch) {
    if (!epoch.isEmpty() && !epoch.equals(slice.top().epoch())) {
      throw new ApiException(ErrorCode.UNRECOVERABLE_POSITION);
    }
    ObjectNode result = JSON.objectNode();
    var publications = result.putArray("publications");
    slice.publications().forEach(each -> publications.add(ApiValues.toJson(each)));
    return result.put("epoch", slice.top().epoch()).put("offset", slice.top().offset());
  }

  /// Forgets what was published; the stream's epoch and offset stay.
  Future<ObjectNode> remove(ApiRequest request) {
    return streams.remove(stream(request)).map(_ -> JSON.objectNode());
  }

  private String stream(ApiRequest request) {
    String channel = request.requiredText("channel");
    if (ApiValues.namespace(policies, channel).historySize() == 0) {
      throw new ApiException(ErrorCode.NOT_AVAILABLE);
    }
    return channel;
  }
}
