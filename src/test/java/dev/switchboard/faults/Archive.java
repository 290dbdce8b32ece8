package dev.switchboard.faults;

import dev.switchboard.faults.referee.Fact;
import dev.switchboard.faults.referee.Referee;
import dev.switchboard.faults.referee.Transcript;
import dev.switchboard.faults.referee.Verdict;
import dev.switchboard.stream.Position;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.SequencedMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/// The streams of a cluster under test: who publishes to them, and the referee who hears of all.
///
/// Confined to the harness's thread; what authors did is fetched from a queue. All that the referee
/// heard is kept in a [Transcript].
final class Archive implements AutoCloseable {
  private static final String NAMESPACE = "kept";
  private static final int RATE_PER_AUTHOR_MAX = 25;
  private static final int READ_ATTEMPTS = 5;

  private final Queue<Fact> written = new ConcurrentLinkedQueue<>();
  private final Referee referee = new Referee();
  private final List<Author> authors = new ArrayList<>();
  private final SequencedMap<String, NodeApi> nodes;
  private final List<String> channels;
  private final Transcript transcript;
  private final Delays delays = new Delays();
  private Verdict before = Verdict.NONE;
  private int paces;

  /// @param nodes by name
  /// @param rate publications per second of all authors together
  /// @param folder for the transcript
  Archive(SequencedMap<String, NodeApi> nodes, List<String> rooms, int rate, Path folder) {
    this.nodes = nodes;
    this.channels = rooms.stream().map(Archive::channel).toList();
    this.transcript = Transcript.create(folder);
    pace(rate);
  }

  /// Replaces all authors, who must have paused.
  ///
  /// @param rate publications per second of all authors together
  void pace(int rate) {
    authors.forEach(Author::close);
    authors.clear();
    paces++;
    int each = Math.max(1, Math.ceilDiv(rate, nodes.size() * RATE_PER_AUTHOR_MAX));
    var interval = Duration.ofNanos(1_000_000_000L * nodes.size() * each / rate);
    for (int author = 0; author < nodes.size() * each; author++) {
      List<NodeApi> order = new ArrayList<>(nodes.values());
      Collections.rotate(order, -author);
      // Neighbours begin at different channels.
      List<String> turn = new ArrayList<>(channels);
      Collections.rotate(turn, author);
      authors.add(new Author("author-" + paces + "-" + author, order, turn, interval, written));
    }
  }

  /// The stream that belongs to a room.
  static String channel(String room) {
    return NAMESPACE + ":" + room;
  }

  /// What nodes have to be told about streams.
  static List<String> settings() {
    String namespace = "channel.namespaces." + NAMESPACE + ".";
    return List.of(
        namespace + "allow_subscribe_for_client=true",
        namespace + "history_size=5000",
        namespace + "history_ttl=1h",
        namespace + "force_positioning=true",
        namespace + "force_recovery=true");
  }

  /// Whether a node keeps streams: it says where it kept something.
  static boolean offered(NodeApi node) {
    var probe = new Fact.Attempt(0, "probe", "probe", 1, channel("probe"), "");
    return node.append(probe, "{\"probe\":true}") instanceof Fact.Stored answer
        && answer.position().offset() > 0;
  }

  void resume() {
    authors.forEach(Author::resume);
  }

  /// Returns once no author has anything under way.
  void pause() {
    authors.forEach(Author::pause);
    authors.forEach(Author::await);
  }

  /// Takes down what a client saw; what authors did before comes before it.
  void hear(Fact fact) {
    hearAuthors();
    note(fact);
  }

  private void hearAuthors() {
    for (Fact fact = written.poll(); fact != null; fact = written.poll()) {
      note(fact);
    }
  }

  private void note(Fact fact) {
    referee.hear(fact);
    transcript.write(fact);
    delays.hear(fact);
  }

  /// What was acknowledged, and how long it took to arrive, since the last time.
  Delays.Taken delays() {
    hearAuthors();
    return delays.take();
  }

  /// Whether all nodes answer alike where streams end, and every subscriber is there. Everybody
  /// must have paused.
  boolean caughtUp() {
    hearAuthors();
    Map<String, Position> tops = new HashMap<>();
    for (String channel : channels) {
      var answers = nodes.values().stream().map(node -> node.top(channel)).distinct().toList();
      if (answers.size() != 1 || answers.getFirst().isEmpty()) {
        return false;
      }
      tops.put(channel, answers.getFirst().get());
    }
    return tops.entrySet().stream()
        .allMatch(each -> referee.behind(each.getKey(), each.getValue()) == 0);
  }

  /// Reads all logs on all nodes and lets the referee decide about all since the last time.
  Verdict judge(Scenario scenario) {
    hearAuthors();
    readings().forEach(this::note);
    note(new Fact.Rest(System.currentTimeMillis(), scenario.label(), scenario.newEpochs()));
    var all = referee.verdict();
    var verdict = all.since(before);
    before = all;
    return verdict;
  }

  /// What a node does not answer is missing, so that a log nobody reads is found.
  private List<Fact.LogRead> readings() {
    List<Fact.LogRead> readings = new ArrayList<>();
    for (String channel : channels) {
      nodes.forEach((name, node) -> read(name, node, channel).ifPresent(readings::add));
    }
    return readings;
  }

  private static Optional<Fact.LogRead> read(String name, NodeApi node, String channel) {
    for (int attempt = 0; attempt < READ_ATTEMPTS; attempt++) {
      var reading = node.read(name, channel);
      if (reading.isPresent()) {
        return reading;
      }
    }
    return Optional.empty();
  }

  @Override
  public void close() {
    authors.forEach(Author::close);
    hearAuthors();
    transcript.close();
  }
}
