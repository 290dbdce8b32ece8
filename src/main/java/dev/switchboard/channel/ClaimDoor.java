package dev.switchboard.channel;

/// Where one event loop says what it wants to hear of: the channels, or the users, it has.
///
/// Called on that loop only. Behind it are the peers of a cluster, or nobody on a node without any.
public interface ClaimDoor {
  /// Asks to hear of `name`, which is not claimed now.
  ///
  /// @param confirmed runs on the loop, at most once, when every peer knows: perhaps before this
  ///   returns, perhaps in vain after [#release]
  void claim(String name, Runnable confirmed);

  /// Wants to hear of `name` no longer; each claim is released once, confirmed or not.
  void release(String name);
}
