package dev.switchboard.peer;

import dev.switchboard.link.Transport;
import dev.switchboard.presence.PresenceListener;
import java.util.function.Consumer;

/// The node around [Peers]: what comes in from other nodes goes here. Called on the peer loop.
///
/// It is a [Transport] too: what goes out to other nodes.
public interface PeerHost extends Transport {
  /// Another node published to a channel that loops of this node subscribe to.
  ///
  /// @param loops bit mask of the event loops
  /// @param publication encoded by routing
  void onPublication(long loops, byte[] publication);

  /// Another node asks.
  ///
  /// @param answer to be called once, on the peer loop, with the answer or null when it failed
  void onQuestion(byte[] question, Consumer<byte[]> answer);

  /// A peer may lack publications this node sent, or this node lacks some of the peer's.
  void onGap(long peer, long publications);

  /// Publications of streams may be missing here, so what the loops delivered has to be compared
  /// with the log: the peer dropped some, or the link to it is new.
  void onRepair(long peer);

  /// The peer takes part in agreeing on the roster.
  ///
  /// @param message encoded by routing
  void onRoster(long peer, byte[] message);

  /// The peer says what this version does not know, or speaks no version of ours.
  void onStrange(long peer, String what);

  /// Who hears of those that come and go on channels.
  PresenceListener presenceListener();
}
