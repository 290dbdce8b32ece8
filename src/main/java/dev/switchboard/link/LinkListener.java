package dev.switchboard.link;

/// What a link tells its owner; all on the peer loop, from within the link's own methods.
///
/// It may call the link back, [PeerLink#close] included, but not from [#mayGrant].
public interface LinkListener {
  /// The pair is connected for the first time, or the peer's end is new: numbers start again at
  /// one, whatever was sent is gone, all state has to be sent anew.
  void onOpened(PeerLink link);

  /// The next item; in order, once.
  ///
  /// @param item the item's own bytes
  void onItem(PeerLink link, byte[] item);

  /// [PeerLink#acknowledged] moved on.
  void onAcknowledged(PeerLink link);

  /// An [PeerLink#offer] was refused since, and now there is room.
  void onRoom(PeerLink link);

  /// Ageing items were lost, in either direction: mark for repair, count.
  ///
  /// Exact for what the peer sent. Of what we sent, some may have arrived nevertheless.
  void onDropped(PeerLink link, long items);

  /// The peer speaks no version that we speak; once per generation of the peer. The link stays
  /// closed.
  void onIncompatible(PeerLink link, int versionMin, int versionMax);

  /// Whether the peer may rely on our state now; asked before every message.
  boolean mayGrant(PeerLink link);
}
