package dev.switchboard.perf;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The Redis through which other servers tell each other.
final class Redis {
  private static final int LIMIT_MILLIS = 1_000;

  private Redis() {}

  /// One that keeps nothing, for the servers of `kind`.
  static Launch launch(ServerKind kind, int port) {
    var address = new InetSocketAddress("127.0.0.1", port);
    return new Launch(
        kind,
        List.of(
            "redis-server",
            "--bind",
            "127.0.0.1",
            "--port",
            "" + port,
            "--save",
            "",
            "--daemonize",
            "no"),
        Map.of(),
        address,
        () -> answers(address),
        () -> 1,
        new Dialect.Addressed(_ -> ""),
        Optional.empty(),
        Optional.empty());
  }

  private static boolean answers(InetSocketAddress address) {
    try (Socket socket = new Socket()) {
      socket.connect(address, LIMIT_MILLIS);
      socket.setSoTimeout(LIMIT_MILLIS);
      socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
      return socket.getInputStream().read() == '+';
    } catch (IOException _) {
      return false;
    }
  }
}
