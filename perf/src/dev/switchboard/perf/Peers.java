package dev.switchboard.perf;

import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Starts the servers Switchboard is compared with, from `perf/peers`.
final class Peers {
  /// Where the peers and their packages are.
  static final Path FOLDER = Path.of("perf", "peers");

  /// The pinned Bun.
  static final Path BUN =
      FOLDER.resolve(Path.of("node_modules", "@oven", "bun-linux-x64", "bin", "bun"));

  private Peers() {}

  /// Bun's native publish/subscribe.
  static Launch bun() {
    return launch(ServerKind.BUN, BUN.toString(), "bun-server.js");
  }

  /// Node with `ws`.
  static Launch ws() {
    return launch(ServerKind.WS, "node", "ws-server.js");
  }

  private static Launch launch(ServerKind kind, String runtime, String script) {
    int port = Ports.free();
    return new Launch(
        kind,
        List.of(runtime, FOLDER.resolve(script).toString(), "" + port),
        Map.of("NODE_ENV", "production"),
        new InetSocketAddress("127.0.0.1", port),
        URI.create("http://127.0.0.1:" + port + "/ready"),
        new Dialect.Plain(),
        Optional.empty());
  }
}
