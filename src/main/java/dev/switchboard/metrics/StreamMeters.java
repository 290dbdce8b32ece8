package dev.switchboard.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.LongSupplier;

/// The meters of the streams this node appends to, reads and holds. Safe on any thread.
///
/// Made by [GatewayMetrics], so that they exist on a node without streams too.
public final class StreamMeters {
  /// What became of one append, as its caller was told.
  public enum Append {
    STORED,
    REPEATED,
    OUTDATED,
    PASSED,
    FULL,
    NO_QUORUM,
    INDETERMINATE,
    UNAVAILABLE
  }

  /// What became of one read.
  public enum Read {
    /// Answered at once.
    FOUND,
    /// Shared the answer to an equal one.
    SHARED,
    /// What came last was not safe yet and had to be made so first.
    UNSAFE,
    /// Not answered.
    FAILED
  }

  /// What happened to the title of a shard, see ADR 0007.
  public enum Title {
    /// A shard began that was nowhere.
    NEW,
    /// It changed hands, with all that was in it.
    TAKEN,
    /// Its copy was in doubt: its streams began anew, with new epochs.
    RENEWED,
    /// Another node was asked to give it up.
    ASKED,
    /// It was given up for another node.
    GIVEN_UP
  }

  /// What this node holds now.
  ///
  /// @param streams on this node, copies for other nodes included
  /// @param bytes they take
  /// @param waitingBytes of drafts that wait for their answer
  public record Held(LongSupplier streams, LongSupplier bytes, LongSupplier waitingBytes) {}

  private static final Held NOTHING = new Held(() -> 0, () -> 0, () -> 0);

  private final Counter[] appends;
  private final Counter[] reads;
  private final Counter[] titles;
  private final Counter repeats;
  private final Counter holes;
  private final DistributionSummary batches;
  private volatile Held held = NOTHING;

  StreamMeters(MeterRegistry registry) {
    appends =
        Arrays.stream(Append.values())
            .map(one -> counter(registry, "appends", "Appends by outcome", one))
            .toArray(Counter[]::new);
    reads =
        Arrays.stream(Read.values())
            .map(one -> counter(registry, "reads", "Reads by outcome", one))
            .toArray(Counter[]::new);
    titles =
        Arrays.stream(Title.values())
            .map(one -> counter(registry, "titles", "Shards that changed hands, by step", one))
            .toArray(Counter[]::new);
    repeats =
        Counter.builder("switchboard.stream.batches.repeated")
            .description("Batches sent again after a doubtful or no answer")
            .register(registry);
    holes =
        Counter.builder("switchboard.stream.copies.refused")
            .description("Deltas that a copy held here lacked something before")
            .register(registry);
    batches =
        DistributionSummary.builder("switchboard.stream.batch.appends")
            .description("Appends in one batch")
            .register(registry);
    gauge(registry, "switchboard.streams", "Streams held, copies too", () -> held.streams());
    gauge(registry, "switchboard.stream.bytes", "Bytes of streams held", () -> held.bytes());
    gauge(
        registry,
        "switchboard.stream.waiting.bytes",
        "Bytes of drafts under way",
        () -> held.waitingBytes());
  }

  /// One append was answered.
  public void onAppend(Append outcome) {
    appends[outcome.ordinal()].increment();
  }

  /// One read was answered.
  public void onRead(Read outcome) {
    reads[outcome.ordinal()].increment();
  }

  /// A shard changes hands, or is about to.
  public void onTitle(Title step) {
    titles[step.ordinal()].increment();
  }

  /// A batch was sent for the first time.
  ///
  /// @param size appends in it
  public void onBatch(int size) {
    batches.record(size);
  }

  /// A batch was sent again.
  public void onRepeat() {
    repeats.increment();
  }

  /// A copy held here refused what would have left a hole.
  public void onHole() {
    holes.increment();
  }

  /// From now on these say what is held.
  public void hold(Held now) {
    held = now;
  }

  private interface Source {
    LongSupplier get();
  }

  private static void gauge(MeterRegistry registry, String name, String text, Source source) {
    Gauge.builder(name, () -> source.get().getAsLong()).description(text).register(registry);
  }

  private static Counter counter(
      MeterRegistry registry, String name, String description, Enum<?> outcome) {
    return Counter.builder("switchboard.stream." + name)
        .description(description)
        .tag("outcome", outcome.name().toLowerCase(Locale.ROOT))
        .register(registry);
  }
}
