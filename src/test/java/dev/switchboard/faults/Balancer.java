package dev.switchboard.faults;

import dev.switchboard.testkit.Requirement;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A real balancer before the nodes, as the examples in `k8s` say, at addresses of this run.
final class Balancer implements AutoCloseable {
  private static final Path EXAMPLES = Path.of("k8s", "examples");
  private static final int END_SECONDS = 5;

  /// Which one.
  enum Kind {
    /// Which gives the next client to the node that has the fewest.
    HAPROXY,
    /// In turn.
    HAPROXY_ROUND_ROBIN,
    /// Which tells nodes by the PROXY protocol who connects.
    HAPROXY_THAT_SAYS_WHO,
    NGINX
  }

  private final Process process;

  private Balancer(Process process) {
    this.process = process;
  }

  /// Starts one.
  ///
  /// @param folder for its configuration and its log
  /// @param listen `host:port` for clients
  /// @param nodes their hosts; clients are at 8000, operators at 9000 on each
  static Balancer start(Kind kind, Path folder, String listen, List<String> nodes) {
    try {
      Files.createDirectories(folder);
      var builder =
          new ProcessBuilder(command(kind, folder.toAbsolutePath(), listen, nodes))
              .redirectErrorStream(true)
              .redirectOutput(Redirect.to(folder.resolve("balancer.log").toFile()));
      return new Balancer(builder.start());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static List<String> command(Kind kind, Path folder, String listen, List<String> nodes)
      throws IOException {
    String configuration = configuration(kind, listen, nodes);
    return switch (kind) {
      case HAPROXY, HAPROXY_ROUND_ROBIN, HAPROXY_THAT_SAYS_WHO -> {
        Path file = Files.writeString(folder.resolve("haproxy.cfg"), configuration);
        yield List.of(Requirement.haproxy().toString(), "-f", file.toString());
      }
      case NGINX -> {
        Path file = Files.writeString(folder.resolve("nginx.conf"), configuration);
        String process = "daemon off; pid %s;".formatted(folder.resolve("nginx.pid"));
        yield List.of(Requirement.nginx().toString(), "-c", file.toString(), "-g", process);
      }
    };
  }

  /// The example with other addresses, which is what it tells its readers to change.
  static String configuration(Kind kind, String listen, List<String> nodes) throws IOException {
    return switch (kind) {
      case HAPROXY -> {
        String text = Files.readString(EXAMPLES.resolve("haproxy.cfg"));
        text = changed(text, "bind :8080", "bind " + listen);
        for (int node = 0; node < nodes.size(); node++) {
          String example = "127.0.0.1:%d check port %d".formatted(8000 + node, 9000 + node);
          text = changed(text, example, nodes.get(node) + ":8000 check port 9000");
        }
        yield text;
      }
      case HAPROXY_ROUND_ROBIN ->
          changed(
              configuration(Kind.HAPROXY, listen, nodes),
              "balance leastconn",
              "balance roundrobin");
      case HAPROXY_THAT_SAYS_WHO ->
          configuration(Kind.HAPROXY, listen, nodes)
              .replace(":8000 check port 9000", ":8000 check port 9000 send-proxy-v2");
      case NGINX -> {
        String text = Files.readString(EXAMPLES.resolve("nginx.conf"));
        text = changed(text, "listen 8080;", "listen %s;".formatted(listen));
        for (int node = 0; node < nodes.size(); node++) {
          String example = "server 127.0.0.1:%d ".formatted(8000 + node);
          text = changed(text, example, "server %s:8000 ".formatted(nodes.get(node)));
        }
        yield text;
      }
    };
  }

  private static String changed(String text, String example, String ours) {
    if (!text.contains(example)) {
      throw new IllegalStateException("the example has no `" + example + "`");
    }
    return text.replace(example, ours);
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
    }
  }
}
