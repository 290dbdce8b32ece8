package dev.switchboard.protocol;

import java.util.List;
import java.util.Map;

/// What the server answers to a command, under the command's own id.
public sealed interface Reply {
  /// The id of the command this answers.
  long id();

  /// The command was refused.
  record Error(long id, int code, String message, boolean temporary) implements Reply {
    /// One of the protocol's own errors.
    public static Error of(long id, ErrorCode code) {
      return new Error(id, code.code(), code.message(), code.temporary());
    }
  }

  /// The session is open.
  ///
  /// @param client the session's public id
  /// @param version of this server, never empty
  /// @param expires whether the client must refresh its token within `ttl` seconds
  /// @param data application data, or null
  /// @param subs server-side subscriptions by channel
  /// @param pingSeconds interval of pings, 0 for none
  /// @param pong whether a ping must be answered
  /// @param session secret of an emulated uplink, empty on a WebSocket
  /// @param node where an emulated uplink must be routed, empty on a WebSocket
  /// @param time server time in milliseconds of the Unix epoch, 0 for unset
  record Connect(
      long id,
      String client,
      String version,
      boolean expires,
      long ttl,
      byte[] data,
      Map<String, Subscribe> subs,
      long pingSeconds,
      boolean pong,
      String session,
      String node,
      long time)
      implements Reply {}

  /// The subscription is on; every publication of it comes after this.
  ///
  /// @param epoch the stream's epoch, empty without a stream
  /// @param offset position from which the client counts
  /// @param publications what was recovered, oldest first
  /// @param data application data, or null
  /// @param delta whether publications may come as patches
  /// @param number by which pushes name the channel from now on; 0 when they name it itself
  record Subscribe(
      long id,
      boolean expires,
      long ttl,
      boolean recoverable,
      String epoch,
      List<Publication> publications,
      boolean recovered,
      long offset,
      boolean positioned,
      byte[] data,
      boolean wasRecovering,
      boolean delta,
      long number)
      implements Reply {}

  /// The subscription is off.
  record Unsubscribe(long id) implements Reply {}

  /// The publication was accepted.
  record Publish(long id) implements Reply {}

  /// Who is on the channel, by client id.
  record Presence(long id, Map<String, ClientInfo> presence) implements Reply {}

  /// How many are on the channel.
  record PresenceStats(long id, long clients, long users) implements Reply {}

  /// A part of the stream and its top.
  record History(long id, List<Publication> publications, String epoch, long offset)
      implements Reply {}

  /// What the back end returned.
  record Rpc(long id, byte[] data) implements Reply {}

  /// The connection lives on.
  record Refresh(long id, String client, String version, boolean expires, long ttl)
      implements Reply {}

  /// The subscription lives on.
  record SubRefresh(long id, boolean expires, long ttl) implements Reply {}
}
