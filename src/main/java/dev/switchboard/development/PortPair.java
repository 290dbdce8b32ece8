package dev.switchboard.development;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.stream.IntStream;

/// A client port and the internal port that goes with it. Immutable.
///
/// @param client port of the clients
/// @param internal port of API, console and metrics
public record PortPair(int client, int internal) {
  /// The pairs nodes of one machine take, the first free one each.
  public static final List<PortPair> ALL =
      IntStream.range(0, 10).mapToObj(i -> new PortPair(8000 + i, 9000 + i)).toList();

  /// Whether nothing listens on either port; only a hint, since somebody may be faster.
  public boolean isFree() {
    return isFree(client) && (client == internal || isFree(internal));
  }

  private static boolean isFree(int port) {
    try (var _ = new ServerSocket(port, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      return true;
    } catch (IOException taken) {
      return false;
    }
  }
}
