package dev.switchboard.perf;

import static java.util.stream.Collectors.joining;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/// A process of its own that holds subscribers of one node: one process may not open as many
/// sockets as a scenario of several nodes needs.
///
/// It reads a token and a channel per line up to an empty one, opens the sockets, says `open` and
/// answers pings until its input ends. Asked to [#COUNT] it says how many messages came; asked to
/// [#REPORT] what was due between two times it says in three lines how many different messages each
/// socket got, how many came twice, and the delays of those due in that time. Nanoseconds are the
/// same in all processes of a machine.
final class Holder {
  /// What it says when all its sockets are open.
  static final String OPEN = "open";

  static final String COUNT = "count";
  static final String REPORT = "report";

  private static final int WINDOW = 64;
  private static final Duration LIMIT = Duration.ofMinutes(10);

  private Holder() {}

  /// Takes the port of the node.
  public static void main(String[] arguments) {
    var server = new InetSocketAddress("127.0.0.1", Integer.parseInt(arguments[0]));
    var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
    List<String[]> members =
        in.lines().takeWhile(line -> !line.isEmpty()).map(line -> line.split(" ")).toList();
    var dialect = new Dialect.Centrifuge(i -> members.get(i)[0], i -> members.get(i)[1], false);
    try (var audience = new Audience(server, dialect)) {
      audience.open(members.size(), WINDOW, LIMIT);
      System.out.println(OPEN);
      Queue<String> questions = new ConcurrentLinkedQueue<>();
      Thread.ofPlatform().daemon().start(() -> read(in, questions));
      while (true) {
        audience.rest();
        String question = questions.poll();
        if (question != null) {
          answer(audience.heard(), question.split(" "));
        }
      }
    } catch (PerfException failure) {
      System.out.println(failure.getMessage());
      System.exit(failure.exitCode());
    }
  }

  private static void answer(List<Timeline> heard, String[] question) {
    long count = heard.stream().mapToLong(Timeline::count).sum();
    if (question[0].equals(COUNT)) {
      System.out.println(count);
      return;
    }
    long from = Long.parseLong(question[1]);
    long to = Long.parseLong(question[2]);
    List<Integer> different = heard.stream().map(Timeline::distinct).toList();
    System.out.println(different.stream().map(String::valueOf).collect(joining(" ")));
    System.out.println(count - different.stream().mapToLong(Integer::longValue).sum());
    System.out.println(
        heard.stream()
            .flatMapToLong(one -> one.between(from, to).nanos())
            .mapToObj(String::valueOf)
            .collect(joining(" ")));
  }

  private static void read(BufferedReader in, Queue<String> questions) {
    try {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        questions.add(line);
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } finally {
      System.exit(0);
    }
  }
}
