package dev.switchboard.faults;

import dev.switchboard.faults.referee.Fact;
import dev.switchboard.faults.referee.Transcript;
import dev.switchboard.faults.referee.Verdict;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SequencedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/// Many keys published to a cluster of which one node after the other is hurt: is each kept once?
///
/// Logs are bounded, so they are followed while they grow; at the end all are read on all nodes and
/// the referee judges the whole record. Confined to the harness's thread.
///
/// @param name of the folder of logs, below `target/faults`
/// @param channels number of streams
/// @param order what is published
/// @param hurts what is done, in turn
/// @param again whether it begins anew after the last one, until all is published
record OnceCampaign(
    String name, int channels, Scribes.Order order, List<Hurt> hurts, boolean again) {
  private static final int NODES = 3;
  private static final Duration START = Duration.ofSeconds(180);
  private static final Duration STEADY = Duration.ofSeconds(5);
  private static final Duration BACK = Duration.ofSeconds(180);
  // Insisting and repeats on purpose end by then.
  private static final Duration LAST_KEYS = Duration.ofSeconds(180);
  private static final int CUT_SECONDS_MIN = 10;
  private static final int CUT_SECONDS_MAX = 30;
  private static final int READ_ATTEMPTS = 5;
  private static final Duration SAY = Duration.ofSeconds(5);

  /// How a node is hurt.
  enum Hurt {
    /// kill -9, and a new process.
    KILL,
    /// Cut off from the others for 10 to 30 s.
    CUT
  }

  /// Where logs are kept.
  Path folder() {
    return Path.of("target", "faults").resolve(name);
  }

  /// Runs it; nothing it started is left.
  ///
  /// @param progress is told every few seconds
  OnceResult run(Consumer<String> progress) {
    boolean namespaces = hurts.contains(Hurt.CUT);
    var load = new Load(NODES, 0, 1, Load.Streams.OFF);
    try (var arena = new Arena(folder(), namespaces, load)) {
      String reason = arena.begin(START);
      if (reason.isEmpty() && !keeps(arena)) {
        reason = "the nodes keep no streams";
      }
      return reason.isEmpty()
          ? new Run(arena, progress).result()
          : OnceResult.notBegun(this, reason);
    }
  }

  private static boolean keeps(Arena arena) {
    return Patience.untilEach(START, arena.nodes(), node -> Archive.offered(node.api()))
        .isPresent();
  }

  /// One cluster, until all is published and read.
  private final class Run {
    private final Random random = new Random(1);
    private final Map<Hurt, Integer> done = new EnumMap<>(Hurt.class);
    private final List<String> failures = new ArrayList<>();
    private final SequencedMap<String, NodeApi> nodes = new LinkedHashMap<>();
    private final Arena arena;
    private final Consumer<String> progress;
    private final List<String> names;
    private final Minutes minutes;
    private final Scribes scribes;
    private final Follower follower;
    private final long begun = System.nanoTime();
    private long saidAt = begun;
    private long said;
    private long published;

    Run(Arena arena, Consumer<String> progress) {
      this.arena = arena;
      this.progress = progress;
      arena.nodes().forEach(node -> nodes.put(node.name(), node.api()));
      this.names =
          IntStream.range(0, channels).mapToObj(each -> Archive.channel("once-" + each)).toList();
      this.minutes = new Minutes(arena.folder());
      this.scribes = new Scribes(List.copyOf(nodes.values()), names, order, minutes);
      this.follower = new Follower(nodes, names, minutes);
    }

    OnceResult result() {
      var linesBefore = Noise.now(arena.nodes());
      try (minutes) {
        try (scribes;
            follower) {
          follower.start();
          scribes.start();
          hurtUntilAllIsPublished();
        }
        rest();
      }
      var noise = Noise.since(linesBefore, arena.nodes());
      if (!noise.bearable()) {
        failures.add(noise.text());
      }
      progress.accept("judging " + minutes.file());
      return new OnceResult(
          OnceCampaign.this,
          Map.copyOf(done),
          Duration.ofNanos(published - begun),
          scribes.repeats(),
          follower.read(),
          verdict(),
          noise,
          List.copyOf(failures));
    }

    private void hurtUntilAllIsPublished() {
      int round = 0;
      while (pass(STEADY) && (again || round < hurts.size())) {
        hurt(hurts.get(round % hurts.size()), arena.nodes().get(round % NODES));
        round++;
        require(
            waited(BACK, arena::together),
            "the cluster did not come together after fault " + round);
      }
      boolean finished = waited(LAST_KEYS, scribes::finished);
      require(finished, "some keys were neither acknowledged nor given up");
    }

    /// Lets time pass; whether there is still much to publish.
    private boolean pass(Duration time) {
      return !waited(time, () -> remaining() <= 0) && remaining() > 0;
    }

    private long remaining() {
      return order.publications() - scribes.acked() - scribes.givenUp();
    }

    private boolean waited(Duration limit, BooleanSupplier condition) {
      return Patience.until(
              limit,
              () -> {
                say();
                return condition.getAsBoolean();
              })
          .isPresent();
    }

    private void hurt(Hurt hurt, NodeProcess victim) {
      done.merge(hurt, 1, Integer::sum);
      switch (hurt) {
        case KILL -> {
          victim.kill();
          waited(STEADY, () -> false);
          victim.start();
        }
        case CUT -> {
          int seconds = random.nextInt(CUT_SECONDS_MIN, CUT_SECONDS_MAX + 1);
          arena.terrain().cut(victim.number());
          waited(Duration.ofSeconds(seconds), () -> false);
          arena.terrain().heal(victim.number());
        }
      }
    }

    private void say() {
      long now = System.nanoTime();
      if (now - saidAt > SAY.toNanos()) {
        long settled = scribes.acked() + scribes.givenUp();
        double rate = (settled - said) * 1e9 / (now - saidAt);
        progress.accept(
            "%,d of %,d keys, %,.0f/s, %,d given up, %,d repeats, %,d entries read, done %s"
                .formatted(
                    settled,
                    order.publications(),
                    rate,
                    scribes.givenUp(),
                    scribes.repeats(),
                    follower.read(),
                    done));
        saidAt = now;
        said = settled;
      }
      if (remaining() <= 0 && published == 0) {
        published = now;
      }
    }

    private void require(boolean holds, String failure) {
      if (!holds) {
        failures.add(failure);
      }
    }

    /// Nobody publishes any more.
    private void rest() {
      progress.accept("reading %,d logs on %d nodes".formatted(channels, NODES));
      try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        var readers =
            nodes.sequencedEntrySet().stream()
                .map(node -> CompletableFuture.runAsync(() -> read(node), threads))
                .toList();
        readers.forEach(CompletableFuture::join);
      }
      minutes.accept(new Fact.Rest(System.currentTimeMillis(), "idempotence", false));
    }

    private void read(Map.Entry<String, NodeApi> node) {
      for (String channel : names) {
        Optional<Fact.LogRead> reading = Optional.empty();
        for (int attempt = 0; attempt < READ_ATTEMPTS && reading.isEmpty(); attempt++) {
          reading = node.getValue().read(node.getKey(), channel);
        }
        reading.ifPresent(minutes);
      }
    }

    private Verdict verdict() {
      try {
        return Transcript.judge(minutes.file());
      } catch (IOException unreadable) {
        throw new UncheckedIOException(unreadable);
      }
    }
  }
}
