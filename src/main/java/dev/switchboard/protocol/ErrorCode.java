package dev.switchboard.protocol;

/// Why a command was refused: the numbered errors a reply or an API result can carry.
///
/// Codes 0-399 belong to the protocol, 400-1999 to applications. A temporary error tells the SDK to
/// try again by itself. The table in `src/docs/protocol.md` is held equal to this enum.
public enum ErrorCode {
  /// A fault of ours; the details are in the log, never on the wire.
  INTERNAL(100, "internal server error", true),
  /// The command needs an authenticated session.
  UNAUTHORIZED(101, "unauthorized", false),
  /// The channel's namespace is not configured.
  UNKNOWN_CHANNEL(102, "unknown channel", false),
  /// The session may not do this on that channel.
  PERMISSION_DENIED(103, "permission denied", false),
  /// RPC is configured, but not this method; or the API has no such method.
  METHOD_NOT_FOUND(104, "method not found", false),
  /// The session holds that subscription already, or it is being made.
  ALREADY_SUBSCRIBED(105, "already subscribed", false),
  /// A limit per session is used up, such as `client.channels_max`.
  LIMIT_EXCEEDED(106, "limit exceeded", false),
  /// The command is well-formed but makes no sense: empty data, a name too long.
  BAD_REQUEST(107, "bad request", false),
  /// The feature is off for this namespace or this node.
  NOT_AVAILABLE(108, "not available", false),
  /// The token's time is over; the SDK asks its callback for a new one.
  TOKEN_EXPIRED(109, "token expired", false),
  /// The thing itself expired, such as a subscription.
  EXPIRED(110, "expired", false),
  /// Too fast or too much in flight; try again later.
  TOO_MANY_REQUESTS(111, "too many requests", true),
  /// The requested stream position is gone.
  UNRECOVERABLE_POSITION(112, "unrecoverable position", false),
  /// Another page request of the same subscription is running.
  CONCURRENT_PAGINATION(113, "concurrent pagination", true);

  private final int code;
  private final String message;
  private final boolean temporary;

  ErrorCode(int code, String message, boolean temporary) {
    this.code = code;
    this.message = message;
    this.temporary = temporary;
  }

  /// The number on the wire.
  public int code() {
    return code;
  }

  /// The short text on the wire.
  public String message() {
    return message;
  }

  /// Whether the SDK should try again by itself.
  public boolean temporary() {
    return temporary;
  }
}
