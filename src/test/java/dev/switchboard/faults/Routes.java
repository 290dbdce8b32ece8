package dev.switchboard.faults;

import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What `/debug/routes` of one node says.
///
/// @param node the node's own incarnation
/// @param own what it tells its peers
/// @param peers what its peers told it, by incarnation
/// @param quorum whether a majority of those who count is there
record Routes(String node, Table own, Map<String, Table> peers, boolean quorum) {
  /// A set of routes.
  record Table(int size, String digest) {
    private static Table of(JsonObject json) {
      return new Table(json.getInteger("size"), json.getString("digest"));
    }
  }

  static Routes parse(String body) {
    var json = new JsonObject(body);
    Map<String, Table> peers = new HashMap<>();
    for (String peer : json.getJsonObject("peers").fieldNames()) {
      peers.put(peer, Table.of(json.getJsonObject("peers").getJsonObject(peer)));
    }
    boolean quorum = json.getJsonObject("roster").getBoolean("quorum");
    return new Routes(json.getString("node"), Table.of(json.getJsonObject("own")), peers, quorum);
  }

  /// Whether all know of each other exactly what each says of itself.
  static boolean equal(List<Routes> all) {
    return all.stream()
        .allMatch(
            one ->
                one.peers().size() == all.size() - 1
                    && all.stream().allMatch(other -> other == one || other.knows(one)));
  }

  private boolean knows(Routes other) {
    return other.own().equals(peers.get(other.node()));
  }
}
