package dev.switchboard.protocol;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;

/// Why a socket was closed: RFC 6455 codes and the numbered disconnects of the protocol.
///
/// The range alone tells a client whether to come back: 3500-3999 and 4500-4999 mean stay away.
/// Reasons are ASCII, at most 123 bytes (RFC 6455, 5.5) and never parse as JSON.
public enum CloseCode {
  /// The peer said good-bye and got its answer.
  NORMAL(1000, "normal closure"),
  /// The peer is leaving: a browser that leaves the page says so; never sent.
  GOING_AWAY(1001, "going away"),
  /// RFC 6455 was broken: masks, opcodes, lengths, fragments.
  PROTOCOL_ERROR(1002, "protocol error"),
  /// A binary message on a JSON socket, or text on a Protobuf socket.
  UNSUPPORTED_DATA(1003, "unsupported data"),
  /// No code was in the peer's close frame; never sent.
  NO_STATUS(1005, "no status"),
  /// The connection broke without a close frame; never sent.
  ABNORMAL(1006, "abnormal closure"),
  /// Text that is not UTF-8.
  INVALID_PAYLOAD(1007, "invalid payload data"),
  /// More control frames than `client.control_frames_per_second` allows.
  POLICY_VIOLATION(1008, "policy violation"),
  /// A message over `client.message_bytes_max` or `client.fragments_max`.
  MESSAGE_TOO_BIG(1009, "message too big"),

  /// Drops the connection without a close frame; an SDK sees a broken transport.
  CONNECTION_CLOSED(3000, "connection closed"),
  /// The node is leaving; reconnect anywhere.
  SHUTDOWN(3001, "shutdown"),
  /// A fault of ours.
  INTERNAL_ERROR(3004, "internal server error"),
  /// The connection token ran out and was not refreshed in time.
  CONNECTION_EXPIRED(3005, "connection expired"),
  /// A server-side subscription ran out.
  SUBSCRIPTION_EXPIRED(3006, "subscription expired"),
  /// The reader stopped and its outbox passed `client.outbox_bytes_max`.
  SLOW(3008, "slow"),
  /// Writing to the socket failed.
  WRITE_ERROR(3009, "write error"),
  /// The session's stream position cannot be continued.
  INSUFFICIENT_STATE(3010, "insufficient state"),
  /// Asked to reconnect, for example to rebalance nodes.
  FORCE_RECONNECT(3011, "force reconnect"),
  /// No pong within `client.pong_timeout`.
  NO_PONG(3012, "no pong"),
  /// The rate of commands stayed above its limit.
  TOO_MANY_REQUESTS(3013, "too many requests"),
  /// All state of the client is void.
  STATE_INVALIDATED(3014, "state invalidated"),

  /// The token is forged, malformed or for somebody else.
  INVALID_TOKEN(3500, "invalid token"),
  /// A message that breaks the client protocol.
  BAD_REQUEST(3501, "bad request"),
  /// No connect command within `client.stale_timeout`.
  STALE(3502, "stale"),
  /// The API asked for it.
  FORCE_DISCONNECT(3503, "force disconnect"),
  /// The user has too many connections.
  CONNECTION_LIMIT(3504, "connection limit"),
  /// Too many server-side subscriptions.
  CHANNEL_LIMIT(3505, "channel limit"),
  /// Bytes that are not JSON would have to go to a JSON socket.
  INAPPROPRIATE_PROTOCOL(3506, "inappropriate protocol"),
  /// This user may not connect at all.
  PERMISSION_DENIED(3507, "permission denied"),
  /// The command needs a feature that is not configured.
  NOT_AVAILABLE(3508, "not available"),
  /// Too many commands in a row ended in an error.
  TOO_MANY_ERRORS(3509, "too many errors");

  private static final Map<Integer, String> REASONS =
      Arrays.stream(values()).collect(Collectors.toMap(CloseCode::code, CloseCode::reason));

  private final int code;
  private final String reason;

  CloseCode(int code, String reason) {
    this.code = code;
    this.reason = reason;
  }

  /// The number in the close frame.
  public int code() {
    return code;
  }

  /// The text in the close frame.
  public String reason() {
    return reason;
  }

  /// Whether an SDK comes back by itself after this code.
  public boolean reconnect() {
    return reconnect(code);
  }

  /// The reason that goes with a code of ours; empty for others.
  public static String reasonOf(int code) {
    return REASONS.getOrDefault(code, "");
  }

  /// Whether an SDK comes back by itself after `code`, whoever chose it.
  public static boolean reconnect(int code) {
    return !(code >= 3500 && code < 4000 || code >= 4500 && code < 5000);
  }
}
