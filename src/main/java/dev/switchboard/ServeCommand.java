package dev.switchboard;

import dev.switchboard.cli.ConfigSource;
import dev.switchboard.cli.FailedException;
import dev.switchboard.config.ConfigException;
import dev.switchboard.config.ConfigLoader;
import dev.switchboard.config.ConfigPrinter;
import dev.switchboard.config.StartException;
import dev.switchboard.development.DevelopmentFile;
import dev.switchboard.development.PortPair;
import dev.switchboard.development.Welcome;
import dev.switchboard.logging.Logging;
import dev.switchboard.token.TokenSigner;
import java.io.Closeable;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `serve`: runs one node in the foreground until it is told to stop.
@Command(
    name = "serve",
    description = {
      "Runs a node in the foreground.",
      "SIGTERM or Ctrl-C closes every session with 3001, so clients reconnect elsewhere;",
      "then the process exits with 0, or with 1 when that takes longer than 30 s.",
    },
    footer = {
      "%nExamples:",
      "  switchboard serve --config node.yaml",
      "  switchboard serve --config node.yaml --port 8001 --set log.level=debug",
      "  switchboard serve --dev .switchboard",
    })
final class ServeCommand implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger(ServeCommand.class);

  private final ConfigSource source;

  @Spec private CommandSpec spec;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "YAML configuration; default: $$SWITCHBOARD_CONFIG, else none.")
  private Path config;

  @Option(names = "--port", paramLabel = "N", description = "Client port; 0 takes a free one.")
  private Integer port;

  @Option(
      names = "--internal-port",
      paramLabel = "N",
      description =
          "Port of API, console, health and metrics; 0 takes a free one; the client port again"
              + " serves all on one.")
  private Integer internalPort;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Set any configuration key; may be repeated.")
  private List<String> set = new ArrayList<>();

  @Option(
      names = "--dev",
      paramLabel = "DIR",
      description =
          "Development node on loopback: makes DIR/dev.yaml with keys once, takes the first free"
              + " pair of 8000+i / 9000+i (i below 10), prints addresses and a token.")
  private Path dev;

  ServeCommand(ConfigSource source) {
    this.source = source;
  }

  @Override
  public Integer call() throws ConfigException, InterruptedException {
    if (dev != null && config != null) {
      throw new ParameterException(
          spec.commandLine(), "--dev brings its own configuration; leave --config out");
    }
    Optional<Path> file = dev == null ? source.named(config) : Optional.of(developmentFile());
    var shutdown = new Shutdown();
    ConfigLoader.Loaded loaded = source.load(file, overrides());
    Logging.apply(loaded.config().log());
    loaded.warnings().forEach(LOG::warn);
    shutdown.register();
    try (var _ = turn()) {
      announce(start(candidates(loaded), shutdown));
    } catch (IOException refused) {
      throw new FailedException("--dev %s: cannot be locked: %s".formatted(dev, refused));
    }
    new CountDownLatch(1).await();
    return 0;
  }

  private Path developmentFile() {
    try {
      return DevelopmentFile.in(dev);
    } catch (IOException refused) {
      throw new FailedException(
          "--dev %s: the folder or its dev.yaml cannot be made: %s".formatted(dev, refused));
    }
  }

  /// Development nodes start one after the other.
  private Closeable turn() throws IOException {
    return dev == null ? () -> {} : DevelopmentFile.turn(dev);
  }

  private List<String> overrides() {
    List<String> all = new ArrayList<>(set);
    if (port != null) {
      all.add("http.port=" + port);
    }
    if (internalPort != null) {
      all.add("internal.port=" + internalPort);
    }
    return all;
  }

  /// The configurations to try, which differ only in ports; more than one only in development.
  private List<ConfigLoader.Loaded> candidates(ConfigLoader.Loaded loaded) throws ConfigException {
    PortPair usual = PortPair.ALL.getFirst();
    boolean clientOpen = port == null && loaded.config().http().port() == usual.client();
    boolean internalOpen =
        internalPort == null && loaded.config().internal().port() == usual.internal();
    if (dev == null || !clientOpen && !internalOpen) {
      return List.of(loaded);
    }
    List<ConfigLoader.Loaded> candidates = new ArrayList<>();
    for (PortPair next : PortPair.ALL) {
      var pair =
          new PortPair(
              clientOpen ? next.client() : loaded.config().http().port(),
              internalOpen ? next.internal() : loaded.config().internal().port());
      if (pair.isFree()) {
        List<String> flags = overrides();
        flags.add("http.port=" + pair.client());
        flags.add("internal.port=" + pair.internal());
        candidates.add(source.load(Optional.of(dev.resolve(DevelopmentFile.NAME)), flags));
      }
    }
    if (candidates.isEmpty()) {
      throw new FailedException(
          "no pair of ports 8000+i and 9000+i (i from 0 to 9) is free; stop a node, or choose"
              + " with --port and --internal-port");
    }
    return candidates;
  }

  private Node start(List<ConfigLoader.Loaded> candidates, Shutdown shutdown) {
    for (ConfigLoader.Loaded candidate : candidates) {
      logConfiguration(candidate);
      try {
        var drainPeriod = candidate.config().node().drainPeriod();
        return shutdown.watch(Node.start(candidate.config()), drainPeriod).await();
      } catch (StartException refused) {
        // Another node may have taken the port since it was looked at.
        if (!refused.isPortInUse() || candidate == candidates.getLast()) {
          throw new FailedException(refused.getMessage());
        }
      } catch (IllegalArgumentException unusableKey) {
        throw new FailedException(String.valueOf(unusableKey.getMessage()));
      }
    }
    throw new IllegalStateException("no candidate");
  }

  private void logConfiguration(ConfigLoader.Loaded loaded) {
    // A developer has the file and the defaults at hand; who reads a log elsewhere has neither.
    Map<String, String> keys =
        dev == null
            ? ConfigPrinter.toLines(loaded.config())
            : ConfigPrinter.changes(loaded.config());
    LOG.info(
        "configuration: {}",
        keys.entrySet().stream()
            .map(key -> key.getKey() + "=" + key.getValue())
            .collect(Collectors.joining(" ")));
  }

  private void announce(Node node) {
    // Of the JVM, not of the process: a script that built first has handed its process over.
    long startedAt = ManagementFactory.getRuntimeMXBean().getStartTime();
    LOG.atInfo()
        .addKeyValue("clientPort", node.clientPort())
        .addKeyValue("internalPort", node.internalPort())
        .addKeyValue("transport", node.transport())
        .addKeyValue("version", Node.VERSION)
        .addKeyValue("millis", System.currentTimeMillis() - startedAt)
        .log("ready");
    if (dev != null) {
      var ports = new PortPair(node.clientPort(), node.internalPort());
      String token =
          new TokenSigner(node.vertx(), node.config().token(), InstantSource.system())
              .connection(Welcome.USER, Duration.ofDays(Welcome.TOKEN_DAYS));
      spec.commandLine().getOut().print(new Welcome(node.config(), ports, token).text());
      spec.commandLine().getOut().flush();
    }
  }
}
