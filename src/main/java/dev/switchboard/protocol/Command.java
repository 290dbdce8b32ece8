package dev.switchboard.protocol;

import java.util.List;
import java.util.Map;

/// What a client may ask. A record added here makes every switch that must change fail to compile.
///
/// Strings are never null: what a client leaves out is empty. Byte arrays are the payload exactly
/// as it stood in the message, null when absent. Fields and numbers: `client.proto`.
public sealed interface Command {
  /// The client's number for this command, repeated in the reply; 0 for [Send] and [Pong].
  long id();

  /// The first command of every connection.
  ///
  /// @param subs positions of server-side subscriptions the client wants to recover
  record Connect(
      long id,
      String token,
      byte[] data,
      Map<String, Subscribe> subs,
      String name,
      String version,
      Map<String, String> headers,
      long flag)
      implements Command {}

  /// Asks for the publications of a channel.
  ///
  /// @param recover whether to continue after `offset` of `epoch`
  /// @param delta name of a delta algorithm, empty for none
  /// @param type kind of subscription; 0 is the ordinary one
  /// @param filter which publications are wanted, by their tags; null for all
  record Subscribe(
      long id,
      String channel,
      String token,
      boolean recover,
      String epoch,
      long offset,
      byte[] data,
      boolean positioned,
      boolean recoverable,
      boolean joinLeave,
      String delta,
      FilterNode filter,
      long flag,
      int type)
      implements Command {}

  /// A part of a filter by tags as a client sends it; nothing says that it makes sense.
  ///
  /// @param op empty for a comparison, else how `nodes` are put together
  /// @param key of the tag to compare
  /// @param cmp the comparison
  /// @param val to compare with
  /// @param vals to look for the tag in
  record FilterNode(
      String op, String key, String cmp, String val, List<String> vals, List<FilterNode> nodes) {}

  /// Ends a subscription.
  record Unsubscribe(long id, String channel) implements Command {}

  /// Publishes to a channel.
  record Publish(long id, String channel, byte[] data) implements Command {}

  /// Asks who is on a channel.
  record Presence(long id, String channel) implements Command {}

  /// Asks how many are on a channel.
  record PresenceStats(long id, String channel) implements Command {}

  /// Asks for a part of a channel's stream.
  ///
  /// @param limit 0 for the position alone, negative for all there is
  /// @param since whether `offset` and `epoch` were given
  record History(
      long id, String channel, int limit, boolean since, long offset, String epoch, boolean reverse)
      implements Command {}

  /// Calls a method of the back end.
  record Rpc(long id, String method, byte[] data) implements Command {}

  /// Sends a message to the back end; there is no reply.
  record Send(byte[] data) implements Command {
    @Override
    public long id() {
      return 0;
    }
  }

  /// Brings a new connection token.
  record Refresh(long id, String token) implements Command {}

  /// Brings a new subscription token.
  record SubRefresh(long id, String channel, String token) implements Command {}

  /// Answers a ping: the empty command.
  record Pong() implements Command {
    @Override
    public long id() {
      return 0;
    }
  }
}
