package dev.switchboard.faults;

import dev.switchboard.protocol.ClientId;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/// Guests come, go and subscribe at random while one node after the other is hurt; at rest,
/// presence on every node, the users API and the events must say what the guests know. Confined to
/// the harness's thread.
///
/// @param rounds each with one fault
/// @param guests clients at most
/// @param away how long the consumer of the webhook is away, once
/// @param limit within which everything must be right at rest
record LifecycleCampaign(int rounds, int guests, Duration away, Duration limit) {
  /// Within this time at rest everything should be right.
  static final Duration RIGHT = Duration.ofSeconds(5);

  /// Connections of one user.
  static final int CAP = 3;

  private static final int NODES = 3;
  private static final Duration START = Duration.ofSeconds(180);
  private static final Duration BACK = Duration.ofSeconds(180);
  private static final Duration BEFORE = Duration.ofSeconds(2);
  private static final Duration AFTER = Duration.ofSeconds(3);
  private static final Duration SETTLED = Duration.ofSeconds(30);
  private static final Duration CAUGHT_UP = Duration.ofSeconds(90);
  private static final List<String> CHANNELS = Arena.names("channel-", 8);

  /// How a node is hurt.
  enum Hurt {
    /// kill -9, and a new process 3 s later.
    KILL,
    /// SIGSTOP for 1 to 14 s; after 10 s the others take it for dead.
    PAUSE,
    /// Cut off from the others for 5 to 20 s, half of the times for about as long as they wait.
    CUT
  }

  /// What came out of it.
  ///
  /// @param right how long it took at rest until everything was right, for each round
  record Result(
      LifecycleCampaign campaign,
      Map<Hurt, Integer> done,
      List<Duration> right,
      Guests.Snapshot last,
      EventFollower events,
      WebhookConsumer webhook,
      List<String> failures) {
    boolean passed() {
      return failures.isEmpty();
    }

    String summary() {
      List<Duration> sorted = right.stream().sorted().toList();
      return """
      %s: %d rounds, faults %s; %,d sessions, closed with %s.
      At rest %,d comparisons of presence on 3 nodes and 8 channels, of users and of events: all
      right after %s at the median, %s at most (allowed %d s).
      %,d events %s; each of %,d ended sessions has one final event, 0 of the open ones.
      %d missed, %d streams begun anew. Webhook: %,d taken, %d holes, %d came again.
      """
          .formatted(
              passed() ? "passed" : "FAILED " + failures,
              right.size(),
              done,
              last.sessions(),
              last.codes(),
              right.size(),
              sorted.isEmpty() ? "-" : text(sorted.get(sorted.size() / 2)),
              sorted.isEmpty() ? "-" : text(sorted.getLast()),
              campaign.limit().toSeconds(),
              events.events(),
              events.kinds(),
              events.witness().ended().size(),
              events.missed(),
              events.anew(),
              webhook.taken(),
              webhook.holes(),
              webhook.again());
    }

    private static String text(Duration time) {
      return "%.2f s".formatted(time.toMillis() / 1e3);
    }
  }

  /// Where logs are kept.
  static Path folder() {
    return Path.of("target", "faults", "lifecycle");
  }

  /// Runs it; nothing it started is left.
  ///
  /// @param progress is told once a round
  Result run(Consumer<String> progress) {
    var load = new Load(NODES, 0, 1, Load.Streams.OFF);
    try (var webhook = new WebhookConsumer();
        var arena = new Arena(folder(), true, load, place -> settings(place, webhook))) {
      String reason = arena.begin(START);
      if (!reason.isEmpty()) {
        throw new IllegalStateException(reason);
      }
      var plan = new Guests.Plan(NODES, arena::websocket, tokens(arena)::get, users(), CHANNELS);
      try (var all = new Guests(guests, plan)) {
        return new Run(arena, all, webhook, progress).result();
      }
    }
  }

  private List<String> users() {
    return Arena.names("user-", Math.max(2, guests / 2));
  }

  /// Signed once: the harness shares the machine with what it tests.
  private Map<String, String> tokens(Arena arena) {
    return users().stream().collect(Collectors.toMap(user -> user, arena::token));
  }

  private static List<String> settings(Terrain place, WebhookConsumer webhook) {
    return List.of(
        "channel.without_namespace.join_leave=true",
        "channel.without_namespace.lifecycle_events=true",
        "events.enabled=true",
        "user.connections_max=" + CAP,
        "events.webhooks.0.name=harness",
        "events.webhooks.0.secret=a-secret-of-the-harness",
        "events.webhooks.0.url=http://%s:%d/".formatted(place.machineHost(), webhook.port()));
  }

  /// One cluster, until all rounds are done.
  private final class Run {
    private final Random random = new Random(3);
    private final Map<Hurt, Integer> done = new EnumMap<>(Hurt.class);
    private final List<Duration> right = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();
    private final Arena arena;
    private final Guests all;
    private final WebhookConsumer webhook;
    private final Consumer<String> progress;
    private final List<NodeApi> apis;
    private final EventFollower events;
    private long awaySince;

    Run(Arena arena, Guests all, WebhookConsumer webhook, Consumer<String> progress) {
      this.arena = arena;
      this.all = all;
      this.webhook = webhook;
      this.progress = progress;
      this.apis = arena.nodes().stream().map(NodeProcess::api).toList();
      this.events = new EventFollower(apis);
    }

    Result result() {
      for (int round = 0; round < rounds && failures.isEmpty(); round++) {
        mind(round);
        round(round);
      }
      comeBack();
      boolean delivered = waited(CAUGHT_UP, () -> webhook.tops().equals(events.tops()));
      require(delivered, "the webhook has %s of %s".formatted(webhook.tops(), events.tops()));
      require(webhook.holes() == 0, webhook.holes() + " events were left out by the webhook");
      require(events.missed() == 0, events.missed() + " events were forgotten");
      require(events.anew() == 0, events.anew() + " streams of events began anew");
      return new Result(
          LifecycleCampaign.this, done, right, all.snapshot(), events, webhook, failures);
    }

    /// The consumer of the webhook is away once, from the second round on.
    private void mind(int round) {
      if (round == 1) {
        webhook.goAway();
        awaySince = System.nanoTime();
      } else if (System.nanoTime() - awaySince > away.toNanos()) {
        comeBack();
      }
    }

    private void comeBack() {
      if (awaySince != 0) {
        Duration rest = away.minusNanos(System.nanoTime() - awaySince);
        if (rest.isPositive()) {
          waited(rest, () -> false);
        }
        webhook.comeBack();
        awaySince = 0;
      }
    }

    private void round(int number) {
      all.act(true);
      waited(BEFORE, () -> false);
      NodeProcess victim = arena.nodes().get(random.nextInt(NODES));
      Hurt hurt = Hurt.values()[number % Hurt.values().length];
      hurt(hurt, victim);
      waited(AFTER, () -> false);
      comeToRest(number + 1);
      rest(number + 1, hurt);
    }

    private void comeToRest(int number) {
      boolean together = waited(BACK, arena::together);
      require(together, "the cluster did not come together in round " + number);
      all.act(false);
      boolean settled = waited(SETTLED, () -> all.snapshot().busy() == 0);
      require(settled, "guests still wait for answers in round " + number);
    }

    private void rest(int number, Hurt hurt) {
      List<String> wrong = new ArrayList<>();
      Map<String, String> members = apis.getFirst().members();
      Duration took = untilRight(wrong);
      boolean late = took.compareTo(limit) > 0;
      if (late && !apis.getFirst().members().equals(members)) {
        // It was no rest yet: a node whose cut was healed may still be dropped, as TCP repeats what
        // was lost at longer and longer intervals.
        comeToRest(number);
        took = untilRight(wrong);
      }
      right.add(took);
      require(
          wrong.isEmpty() && took.compareTo(limit) <= 0,
          "round %d (%s): after %d ms %s".formatted(number, hurt, took.toMillis(), wrong));
      progress.accept(
          "round %d, %s: %d sessions open, right after %d ms, %,d events, %,d at the webhook %s"
              .formatted(
                  number,
                  hurt,
                  all.snapshot().open().size(),
                  took.toMillis(),
                  events.events(),
                  webhook.taken(),
                  failures));
    }

    private Duration untilRight(List<String> wrong) {
      Duration most = limit.multipliedBy(4);
      return Patience.until(
              most,
              () -> {
                wrong.clear();
                wrong.addAll(differences(all.snapshot()));
                return wrong.isEmpty();
              })
          .orElse(most);
    }

    /// What nodes say that is not so, in words.
    private List<String> differences(Guests.Snapshot truth) {
      List<String> wrong = new ArrayList<>();
      for (NodeProcess node : arena.nodes()) {
        for (String channel : CHANNELS) {
          Optional<Set<String>> said = node.api().present(channel);
          if (!said.equals(Optional.of(truth.on(channel)))) {
            wrong.add("%s on %s: %s".formatted(node.name(), channel, gap(truth.on(channel), said)));
          }
        }
      }
      events.read();
      events.contradiction().ifPresent(wrong::add);
      compareEvents(truth, wrong);
      compareUsers(truth, wrong);
      return wrong;
    }

    private static String gap(Set<String> truth, Optional<Set<String>> said) {
      if (said.isEmpty()) {
        return "no answer";
      }
      Set<String> ghosts = new HashSet<>(said.get());
      ghosts.removeAll(truth);
      Set<String> missing = new HashSet<>(truth);
      missing.removeAll(said.get());
      return "ghosts %s, missing %s".formatted(ghosts, missing);
    }

    private void compareEvents(Guests.Snapshot truth, List<String> wrong) {
      Map<String, Set<String>> open =
          events.witness().sessions().entrySet().stream()
              .collect(Collectors.toMap(entry -> entry.getKey().toString(), Map.Entry::getValue));
      if (!open.equals(truth.open())) {
        wrong.add("events leave open " + gap(truth.open().keySet(), Optional.of(open.keySet())));
      }
      Set<String> occupied =
          CHANNELS.stream()
              .filter(channel -> !truth.on(channel).isEmpty())
              .collect(Collectors.toSet());
      if (!events.witness().occupied().equals(occupied)) {
        wrong.add("events say occupied " + events.witness().occupied() + ", not " + occupied);
      }
      Set<String> ended =
          events.witness().ended().stream().map(ClientId::toString).collect(Collectors.toSet());
      Set<String> silent = new HashSet<>(truth.ended());
      silent.removeAll(ended);
      if (!silent.isEmpty()) {
        wrong.add("sessions ended without a final event: " + silent);
      }
    }

    private void compareUsers(Guests.Snapshot truth, List<String> wrong) {
      List<String> names = users();
      var body = new JsonObject().put("users", new JsonArray(names));
      Optional<JsonObject> said = events.ask(node -> node.call("users", body));
      if (said.isEmpty()) {
        wrong.add("nobody says who is online");
        return;
      }
      for (Object each : said.get().getJsonArray("users")) {
        var user = (JsonObject) each;
        int connections = truth.connections(user.getString("user"));
        if (user.getInteger("connections") != connections) {
          wrong.add(user.encode() + ", not " + connections);
        }
        if (connections > CAP) {
          wrong.add(user.getString("user") + " has " + connections + " connections");
        }
      }
    }

    private void hurt(Hurt hurt, NodeProcess victim) {
      done.merge(hurt, 1, Integer::sum);
      switch (hurt) {
        case KILL -> {
          victim.kill();
          waited(AFTER, () -> false);
          victim.start();
        }
        case PAUSE -> {
          int seconds = random.nextInt(1, 15);
          victim.stop();
          waited(Duration.ofSeconds(seconds), () -> false);
          victim.wake();
        }
        case CUT -> {
          int seconds = random.nextBoolean() ? random.nextInt(5, 21) : random.nextInt(8, 13);
          arena.terrain().cut(victim.number());
          waited(Duration.ofSeconds(seconds), () -> false);
          arena.terrain().heal(victim.number());
        }
      }
    }

    private static boolean waited(Duration limit, BooleanSupplier condition) {
      return Patience.until(limit, condition).isPresent();
    }

    private void require(boolean holds, String failure) {
      if (!holds) {
        failures.add(failure);
      }
    }
  }
}
