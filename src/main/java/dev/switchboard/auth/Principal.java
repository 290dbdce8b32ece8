package dev.switchboard.auth;

/// Who a verified token says the client is; shared by everything that client does.
///
/// @param user the user id; empty for the anonymous user
/// @param info JSON bytes shown to others in presence and publications, or null
public record Principal(String user, byte[] info) {
  /// The user nobody vouched for.
  public static final Principal ANONYMOUS = new Principal("", null);

  /// Whether nobody vouched for this user.
  public boolean anonymous() {
    return user.isEmpty();
  }
}
