package dev.switchboard.api;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.cluster.NodeHealth;
import dev.switchboard.cluster.NodeState;
import java.util.function.IntSupplier;

/// `drain`: the node that is called leaves, as after SIGTERM. Safe on any thread.
public final class DrainMethod {
  private final NodeHealth health;
  private final String node;
  private final IntSupplier sessions;
  private final Runnable leave;

  /// @param health which takes no more sockets from the first call on
  /// @param node its name
  /// @param sessions that are still there
  /// @param leave stops the node; run once
  public DrainMethod(NodeHealth health, String node, IntSupplier sessions, Runnable leave) {
    this.health = health;
    this.node = node;
    this.sessions = sessions;
    this.leave = leave;
  }

  /// Begins to leave; a call after the first one only asks how far it is.
  ObjectNode call() {
    if (health.to(NodeState.DRAINING)) {
      leave.run();
    }
    return JsonNodeFactory.instance
        .objectNode()
        .put("node", node)
        .put("state", health.state().label())
        .put("sessions", sessions.getAsInt());
  }
}
