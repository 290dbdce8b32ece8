package dev.switchboard.socket;

import dev.switchboard.protocol.ClientId;
import dev.switchboard.wire.Socket;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One line for each session opened and closed, on a logger of its own. Safe on any thread.
///
/// The one place where a client's doings are logged above DEBUG. Only values that were verified or
/// are ours appear; nothing is ever put into the message template.
final class AccessLog {
  private static final Logger LOG = LoggerFactory.getLogger("switchboard.access");

  private final boolean enabled;

  AccessLog(boolean enabled) {
    this.enabled = enabled;
  }

  void onOpened(ClientId id, String principal, Socket socket, String address) {
    if (enabled) {
      LOG.atInfo()
          .addKeyValue("sessionId", id)
          .addKeyValue("principal", principal)
          .addKeyValue("transport", socket.framing().label())
          .addKeyValue("encoding", socket.encoding().label())
          .addKeyValue("address", address)
          .log("session opened");
    }
  }

  void onClosed(ClientId id, String principal, int closeCode, boolean byPeer) {
    if (enabled) {
      LOG.atInfo()
          .addKeyValue("sessionId", id)
          .addKeyValue("principal", principal)
          .addKeyValue("closeCode", closeCode)
          .addKeyValue("initiator", byPeer ? "client" : "server")
          .log("session closed");
    }
  }
}
