package dev.switchboard.routing;

/// What an event loop can ask to hear of.
public sealed interface RouteKey {
  /// What is published to a channel.
  record Channel(String name) implements RouteKey {}

  /// What is done to a user's sessions; the empty user is the anonymous one.
  record User(String id) implements RouteKey {}

  /// Makes known to the other nodes what an event loop of this one wants to hear of.
  ///
  /// Called by [MessageRouter], on the loop of the given inbox.
  interface Claims {
    /// A node without peers: nobody has to know, so every claim is confirmed at once.
    Claims LOCAL =
        new Claims() {
          @Override
          public void claim(RouteKey key, Inbox inbox, Runnable confirmed) {
            confirmed.run();
          }

          @Override
          public void release(RouteKey key, Inbox inbox) {}
        };

    /// Claims a key that this loop does not hold.
    ///
    /// @param confirmed to run once, on the inbox's loop, when every peer knows; in vain, but
    ///   harmless, when the claim was released before
    void claim(RouteKey key, Inbox inbox, Runnable confirmed);

    /// Gives a claim up, confirmed or not.
    void release(RouteKey key, Inbox inbox);
  }
}
