package dev.switchboard.socket;

import dev.switchboard.config.BackendConfig.Proxy;

/// When a session or subscription must be refreshed, as the client is told.
///
/// @param at second of the Unix epoch, 0 for never
/// @param ttl seconds left, 0 for never
record Expiry(long at, long ttl) {
  static final Expiry NEVER = new Expiry(0, 0);

  /// The expiry of a token; in insecure mode nothing expires.
  static Expiry of(long at, Gateway gateway) {
    if (at == 0 || gateway.config().client().insecure()) {
      return NEVER;
    }
    return new Expiry(at, at - gateway.wallClock().instant().getEpochSecond());
  }

  /// As the client is told: nothing if a back end is asked instead of it.
  Expiry toldTo(Proxy proxy) {
    return proxy.enabled() ? NEVER : this;
  }

  boolean expires() {
    return at != 0;
  }

  boolean passed() {
    return expires() && ttl <= 0;
  }
}
