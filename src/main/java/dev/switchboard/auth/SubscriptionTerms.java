package dev.switchboard.auth;

import java.util.Locale;
import java.util.Map;

/// On what terms one client is subscribed to a channel, as a token or a back end says, beside what
/// its namespace does.
///
/// @param info JSON bytes shown to others on the channel, or null
/// @param data bytes told to the client with the reply, or null
/// @param expireAt second of the Unix epoch at which the subscription must be refreshed, 0 for
///   never
/// @param overrides options of the namespace that are otherwise for this client
public record SubscriptionTerms(
    byte[] info, byte[] data, long expireAt, Map<Option, Boolean> overrides) {
  /// Nothing beside the namespace.
  public static final SubscriptionTerms NONE = new SubscriptionTerms(null, null, 0, Map.of());

  /// Options of a namespace that can be otherwise for one client.
  ///
  /// What a namespace does not keep at all, no client can have: the first two only take away.
  public enum Option {
    /// Whether others see that it is there.
    PRESENCE,
    /// Whether others hear that it comes and goes.
    JOIN_LEAVE,
    /// Whether it can come back to its position, without asking for that.
    FORCE_RECOVERY,
    /// Whether its position is watched, without its asking.
    FORCE_POSITIONING,
    /// Whether it hears who comes and goes, without asking for that.
    FORCE_PUSH_JOIN_LEAVE;

    /// As the namespace's option is called.
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// The same, but for when they end.
  ///
  /// @param second of the Unix epoch, 0 for never
  public SubscriptionTerms until(long second) {
    return new SubscriptionTerms(info, data, second, overrides);
  }

  /// What an option is for this client.
  ///
  /// @param general what the namespace says
  public boolean option(Option option, boolean general) {
    return overrides.getOrDefault(option, general);
  }
}
