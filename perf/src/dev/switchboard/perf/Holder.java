package dev.switchboard.perf;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/// A process of its own that holds subscribers of one node: one process may not open as many
/// sockets as a scenario of several nodes needs.
///
/// It reads a token per line up to an empty one, opens the sockets, says `open` and answers pings
/// until its input ends.
final class Holder {
  /// What it says when all its sockets are open.
  static final String OPEN = "open";

  private static final int WINDOW = 64;
  private static final Duration LIMIT = Duration.ofMinutes(10);
  private static final Duration LOOK = Duration.ofMillis(200);

  private Holder() {}

  /// Takes the port of the node and the channel of all subscribers.
  public static void main(String[] arguments) {
    var server = new InetSocketAddress("127.0.0.1", Integer.parseInt(arguments[0]));
    String channel = arguments[1];
    var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
    List<String> tokens = in.lines().takeWhile(line -> !line.isEmpty()).toList();
    var dialect = new Dialect.Centrifuge(tokens::get, _ -> channel, false);
    try (var client = new LoadClient(server, dialect)) {
      client.openSubscribers(tokens.size(), WINDOW, LIMIT);
      System.out.println(OPEN);
      Thread.ofPlatform().daemon().start(() -> awaitEnd(in));
      while (true) {
        client.idle(LOOK);
      }
    } catch (PerfException failure) {
      System.out.println(failure.getMessage());
      System.exit(failure.exitCode());
    }
  }

  private static void awaitEnd(BufferedReader in) {
    try {
      while (in.read() >= 0) {
        // Nothing more is said, but that it is over.
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } finally {
      System.exit(0);
    }
  }
}
