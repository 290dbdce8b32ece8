package dev.switchboard.perf;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/// What a socket of the load client is for: where it connects, what it says first, who hears it.
///
/// All calls come on the client's one thread.
interface Station extends MessageScan.Listener {
  /// Where the client port of its server is.
  InetSocketAddress server();

  /// Path of the upgrade request.
  String path();

  /// Whether it offers compression, and wants it agreed to.
  default boolean deflates() {
    return false;
  }

  /// How the connection is secured; empty for not at all.
  default Optional<Tls> tls() {
    return Optional.empty();
  }

  /// Whether it goes on to be a WebSocket once it is connected, and secured.
  default boolean upgrades() {
    return true;
  }

  /// It is connected, and secured.
  default void onConnected() {}

  /// TLS of a client.
  ///
  /// @param client whose sessions of earlier connections may go on; empty for none
  record Tls(SSLContext context, Optional<String> client) {}

  /// The frames it sends after the upgrade.
  byte[] greeting();

  /// Whether this line is the answer after which the socket is open.
  boolean opens(String line);

  /// Whether this line is a refusal, which ends the run.
  boolean refuses(String line);

  /// Its socket is open.
  void onOpen();

  /// Whether lines are read as text although the socket is open. Costs the client a string each.
  default boolean readsLines() {
    return false;
  }

  /// One line of an open socket, when it [#readsLines()].
  default void onLine(String line) {}

  /// One message of an open socket, where it lies in the read buffer; not for pings.
  @Override
  default void onMessage(ByteBuffer in, int at, int length) {}

  /// The count of messages before and after each frame of an open socket.
  default void onMessages(long before, long after) {}

  /// No scenario survives a lost socket: its numbers would be about another load.
  default void onLost(ClientSocket.Phase phase, String reason) {
    throw PerfException.failed("a socket was lost while " + phase + ": " + reason);
  }
}
