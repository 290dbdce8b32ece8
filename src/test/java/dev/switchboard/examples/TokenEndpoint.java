package dev.switchboard.examples;

import static org.awaitility.Awaitility.await;

import dev.switchboard.testkit.Program;
import dev.switchboard.testkit.Requirement;
import dev.switchboard.testkit.TestNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// The example `token-endpoint` in a process of its own, with a page to serve.
final class TokenEndpoint implements AutoCloseable {
  private static final String SERVER = "src/examples/token-endpoint/server.mjs";
  private static final Duration START = Duration.ofSeconds(30);

  private final int port;
  private final Program program;

  private TokenEndpoint(int port, Program program) {
    this.port = port;
    this.program = program;
  }

  /// Starts one whose tokens are good for so long.
  ///
  /// @param gateway where its pages find a node
  static TokenEndpoint start(int port, String gateway, Duration ttl, Path page) {
    List<String> command = List.of(Requirement.node().toString(), SERVER, page.toString());
    Map<String, String> environment =
        Map.of(
            "PORT",
            Integer.toString(port),
            "GATEWAY",
            gateway,
            "TOKEN_SECRET",
            TestNode.TOKEN_SECRET,
            "TOKEN_AUDIENCE",
            TestNode.TOKEN_AUDIENCE,
            "TOKEN_SECONDS",
            Long.toString(ttl.toSeconds()));
    Program program = Program.start("token-endpoint-" + port, command, environment);
    var started = new TokenEndpoint(port, program);
    await().atMost(START).until(() -> program.hasPrintedOrEnded("ready at "));
    return started;
  }

  /// Where a browser finds it.
  String url() {
    return Examples.url(port);
  }

  @Override
  public void close() {
    program.close();
  }
}
