package dev.switchboard.presence;

import dev.switchboard.protocol.ClientId;
import dev.switchboard.protocol.ClientInfo;

/// One session on one channel. Immutable; passed between threads.
///
/// @param id of the session; says which node has it
/// @param user the principal's user id; empty for the anonymous user
/// @param connInfo JSON bytes of the connection, or null
/// @param chanInfo JSON bytes of the subscription, or null
/// @param silent whether others do not hear that it comes and goes
public record Member(ClientId id, String user, byte[] connInfo, byte[] chanInfo, boolean silent) {
  /// One whom others hear of.
  public Member(ClientId id, String user, byte[] connInfo, byte[] chanInfo) {
    this(id, user, connInfo, chanInfo, false);
  }

  /// As other clients see it.
  public ClientInfo info() {
    return new ClientInfo(user, id.toString(), connInfo, chanInfo);
  }
}
