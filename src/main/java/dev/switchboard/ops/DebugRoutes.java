package dev.switchboard.ops;

import dev.switchboard.peer.PeerView;
import dev.switchboard.routing.PeerVerticle;
import dev.switchboard.routing.RoutesView;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/// `/debug/routes`: what a node knows of the others, to be compared with what they know of it.
///
/// Digests and counts only: no channel or user is named.
public final class DebugRoutes {
  private final PeerVerticle peers;

  /// @param peers the peer loop of a clustered node
  public DebugRoutes(PeerVerticle peers) {
    this.peers = peers;
  }

  /// Adds the route to a server.
  public void mount(Router router) {
    router.get("/debug/routes").handler(this::onRoutes);
  }

  private void onRoutes(RoutingContext call) {
    peers.routes().onSuccess(view -> call.json(toJson(view))).onFailure(call::fail);
  }

  private static JsonObject toJson(RoutesView view) {
    var others = new JsonObject();
    view.peers().forEach(peer -> others.put(hex(peer.incarnation()), toJson(peer)));
    return new JsonObject()
        .put("node", hex(view.incarnation()))
        .put("own", table(view.interest(), view.digest()))
        .put("roster", roster(view))
        .put("peers", others);
  }

  private static JsonObject roster(RoutesView view) {
    return new JsonObject().put("version", view.rosterVersion()).put("quorum", view.quorum());
  }

  private static JsonObject toJson(PeerView peer) {
    return table(peer.interest(), peer.digest())
        .put("state", peer.open() ? "open" : "greeting")
        .put("lease", peer.leaseHeld())
        .put("lease_granted", peer.leaseGranted())
        .put("window_bytes", peer.windowUsed())
        .put("round_trip_seconds", peer.roundTrip().toNanos() / 1e9);
  }

  private static JsonObject table(int size, long digest) {
    return new JsonObject().put("size", size).put("digest", hex(digest));
  }

  private static String hex(long number) {
    return "%016x".formatted(number);
  }
}
