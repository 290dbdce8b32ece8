package dev.switchboard.auth;

import dev.switchboard.auth.Capability.Right;
import java.util.List;

/// Who a verified token says the client is; shared by everything that client does.
///
/// @param user the user id; empty for the anonymous user
/// @param info JSON bytes shown to others in presence and publications, or null
/// @param capabilities what the token allows beyond what namespaces do
/// @param meta JSON bytes that only back ends are told, or null
public record Principal(String user, byte[] info, List<Capability> capabilities, byte[] meta) {
  /// The user nobody vouched for.
  public static final Principal ANONYMOUS = new Principal("", null);

  /// Somebody to whom namespaces alone say what is allowed.
  public Principal(String user, byte[] info) {
    this(user, info, List.of(), null);
  }

  /// Whether nobody vouched for this user.
  public boolean anonymous() {
    return user.isEmpty();
  }

  /// The same one, as others see it from now on.
  public Principal withInfo(byte[] shown) {
    return new Principal(user, shown, capabilities, meta);
  }

  /// The same one, of whom back ends are told something else from now on.
  public Principal withMeta(byte[] told) {
    return new Principal(user, info, capabilities, told);
  }

  /// Whether the token allows this on a channel, whatever its namespace says.
  public boolean may(Right right, String channel) {
    for (Capability capability : capabilities) {
      if (capability.allows(right, channel)) {
        return true;
      }
    }
    return false;
  }
}
