package dev.switchboard.api;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import dev.switchboard.channel.Policies;
import dev.switchboard.config.GatewayConfig.Namespace;
import dev.switchboard.protocol.ClientInfo;
import dev.switchboard.protocol.ErrorCode;
import dev.switchboard.protocol.Json;
import dev.switchboard.protocol.Publication;
import java.nio.charset.StandardCharsets;

/// How values of the protocol stand in the API's JSON. Pure functions.
final class ApiValues {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private ApiValues() {}

  /// What a channel may do.
  ///
  /// @throws ApiException when there can be no such channel
  static Namespace namespace(Policies policies, String channel) {
    return switch (policies.find(channel)) {
      case Policies.Found.Policy policy -> policy.namespace();
      case Policies.Found.Refused(ErrorCode code) -> throw new ApiException(code);
    };
  }

  static ObjectNode toJson(ClientInfo info) {
    ObjectNode json = JSON.objectNode().put("user", info.user()).put("client", info.client());
    if (info.connInfo() != null) {
      json.putRawValue("conn_info", raw(info.connInfo()));
    }
    if (info.chanInfo() != null) {
      json.putRawValue("chan_info", raw(info.chanInfo()));
    }
    return json;
  }

  /// A publication as history shows it; a payload that is not JSON stands as `b64data`.
  static ObjectNode toJson(Publication publication) {
    ObjectNode json = JSON.objectNode();
    if (Json.isValue(publication.data())) {
      json.putRawValue("data", raw(publication.data()));
    } else {
      json.put("b64data", publication.data());
    }
    if (publication.info() != null) {
      json.set("info", toJson(publication.info()));
    }
    json.put("offset", publication.offset());
    if (!publication.tags().isEmpty()) {
      ObjectNode tags = json.putObject("tags");
      publication.tags().forEach(tags::put);
    }
    if (publication.time() > 0) {
      json.put("time", publication.time());
    }
    return json;
  }

  private static RawValue raw(byte[] json) {
    return new RawValue(new String(json, StandardCharsets.UTF_8));
  }
}
