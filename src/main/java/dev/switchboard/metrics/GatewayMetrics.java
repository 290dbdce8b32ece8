package dev.switchboard.metrics;

import dev.switchboard.protocol.CloseCode;
import dev.switchboard.protocol.Command;
import dev.switchboard.protocol.Encoding;
import dev.switchboard.protocol.ErrorCode;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.LongSupplier;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;
import java.util.stream.LongStream;

/// Every meter of the gateway. Safe on any thread.
///
/// Labels come from closed sets only (enums, configured names, loop numbers): nothing a client can
/// choose ever becomes one. All counters but those of API calls exist from the start, so a rate is
/// never missing.
public final class GatewayMetrics {
  /// Which way a message went.
  public enum Direction {
    IN,
    OUT
  }

  /// Who began to close a connection.
  public enum Initiator {
    CLIENT,
    SERVER
  }

  /// How a service called.
  public enum Door {
    HTTP,
    BUS
  }

  /// Where a fault of ours was handled.
  public enum Fault {
    API,
    COMMAND,
    SOCKET
  }

  static final Duration[] LATENCY_BUCKETS =
      LongStream.of(
              50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000,
              500_000, 1_000_000, 2_500_000, 5_000_000)
          .mapToObj(micros -> Duration.of(micros, ChronoUnit.MICROS))
          .toArray(Duration[]::new);

  private final MeterRegistry registry;
  private final AtomicReferenceArray<LoopCounts> loops;
  private final Map<Integer, Counter[]> closed = new HashMap<>();
  private final Counter[] closedByApplication;
  private final Map<Integer, Counter> errors = new HashMap<>();
  private final Counter otherErrors;
  private final Map<Class<?>, Counter> commands = new HashMap<>();
  private final Counter[][] messages = new Counter[2][Encoding.values().length];
  private final Counter[][] bytes = new Counter[2][Encoding.values().length];
  private final Counter[] rejections = new Counter[Rejection.values().length];
  private final Counter[] faults = new Counter[Fault.values().length];
  private final Counter opened;
  private final Timer handshakes;
  private final Timer deliveries;
  private final Timer pings;
  private final StreamMeters streams;
  private final EventMeters events;
  private final BackendMeters backends;
  private final CompressionMeters compression;
  private final NodeMeters node;
  private volatile PeerCounts peers = PeerCounts.ALONE;

  /// @param registry where the meters live
  /// @param eventLoops how many WebSocket verticles report their counts
  public GatewayMetrics(MeterRegistry registry, int eventLoops) {
    this.registry = registry;
    this.loops = new AtomicReferenceArray<>(eventLoops);
    for (int loop = 0; loop < eventLoops; loop++) {
      loops.set(loop, LoopCounts.NONE);
      registerLag(loop);
    }
    opened = counter("switchboard.connections.opened", "Sockets opened");
    handshakes = timer("switchboard.handshake.duration", "Connect command to its reply");
    deliveries = timer("switchboard.delivery.duration", "Publication accepted to written");
    pings = timer("switchboard.ping.rtt", "Ping sent to pong received");
    for (CloseCode code : CloseCode.values()) {
      closed.put(code.code(), closedCounters(Integer.toString(code.code())));
    }
    closedByApplication = closedCounters("application");
    for (ErrorCode code : ErrorCode.values()) {
      errors.put(code.code(), errorCounter(Integer.toString(code.code())));
    }
    otherErrors = errorCounter("application");
    for (Rejection reason : Rejection.values()) {
      rejections[reason.ordinal()] =
          counter(
              "switchboard.connections.rejected",
              "Connections refused before the handshake ended",
              "reason",
              reason.name().toLowerCase(Locale.ROOT));
    }
    for (Fault where : Fault.values()) {
      faults[where.ordinal()] =
          counter(
              "switchboard.faults",
              "Faults of the gateway itself",
              "where",
              where.name().toLowerCase(Locale.ROOT));
    }
    for (Class<?> kind : Command.class.getPermittedSubclasses()) {
      String label = kind.getSimpleName().replaceAll("(?<=.)([A-Z])", "_$1");
      commands.put(
          kind,
          counter(
              "switchboard.commands",
              "Commands received",
              "command",
              label.toLowerCase(Locale.ROOT)));
    }
    registerTraffic();
    registerGauges();
    streams = new StreamMeters(registry);
    events = new EventMeters(registry);
    backends = new BackendMeters(registry);
    compression = new CompressionMeters(registry);
    node = new NodeMeters(registry);
  }

  /// Those of this node's place among others.
  public NodeMeters node() {
    return node;
  }

  /// Those of compressed messages.
  public CompressionMeters compression() {
    return compression;
  }

  /// Those of calls to back ends.
  public BackendMeters backends() {
    return backends;
  }

  /// Those of lifecycle events.
  public EventMeters events() {
    return events;
  }

  /// Those of the streams.
  public StreamMeters streams() {
    return streams;
  }

  /// The registry, for what other packages read from it.
  public MeterRegistry registry() {
    return registry;
  }

  /// A socket was opened.
  public void onOpened() {
    opened.increment();
  }

  /// Closing of a socket began.
  public void onClosed(int code, Initiator initiator) {
    closed.getOrDefault(code, closedByApplication)[initiator.ordinal()].increment();
  }

  /// A connection was refused before it was a socket.
  public void onRejected(Rejection reason) {
    rejections[reason.ordinal()].increment();
  }

  /// A connect command was answered with success.
  public void onHandshake(long nanos) {
    handshakes.record(Duration.ofNanos(nanos));
  }

  /// A command was taken up.
  public void onCommand(Command command) {
    commands.get(command.getClass()).increment();
  }

  /// A command was answered with an error.
  public void onError(int code) {
    errors.getOrDefault(code, otherErrors).increment();
  }

  /// Whole messages passed through sockets.
  public void onMessages(Direction direction, Encoding encoding, long count, long size) {
    if (count > 0) {
      messages[direction.ordinal()][encoding.ordinal()].increment(count);
      bytes[direction.ordinal()][encoding.ordinal()].increment(size);
    }
  }

  /// One event loop wrote a publication to its last local subscriber.
  public void onDelivered(long nanos) {
    deliveries.record(nanos, TimeUnit.NANOSECONDS);
  }

  /// A pong came back.
  public void onPong(long nanos) {
    pings.record(Duration.ofNanos(nanos));
  }

  /// Something of ours failed; it was logged where it was handled.
  public void onFault(Fault where) {
    faults[where.ordinal()].increment();
  }

  /// An API method was answered.
  ///
  /// @param method name of a known method, or `unknown`
  /// @param outcome `ok` or the error's number
  public void onApi(Door door, String method, String outcome) {
    String through = door.name().toLowerCase(Locale.ROOT);
    counter(
            "switchboard.api.requests",
            "API calls",
            "door",
            through,
            "method",
            method,
            "outcome",
            outcome)
        .increment();
  }

  /// What an event loop holds now.
  public void onTick(int loop, LoopCounts counts) {
    loops.set(loop, counts);
  }

  /// What the peer loop knows now.
  public void onPeers(PeerCounts counts) {
    peers = counts;
  }

  /// Adds what is counted of the links to other nodes.
  ///
  /// @param events counts by name, a closed set
  public void registerLinks(Map<String, LongSupplier> events, LongSupplier bytes) {
    events.forEach(
        (event, count) ->
            FunctionCounter.builder("switchboard.link.events", count, LongSupplier::getAsLong)
                .description("What happened on links to other nodes")
                .tag("event", event)
                .register(registry));
    FunctionCounter.builder("switchboard.link.bytes", bytes, LongSupplier::getAsLong)
        .description("Bytes handed to the bus for other nodes")
        .register(registry);
  }

  /// The sum of one count over all loops.
  public int total(ToIntFunction<LoopCounts> count) {
    int sum = 0;
    for (int loop = 0; loop < loops.length(); loop++) {
      sum += count.applyAsInt(loops.get(loop));
    }
    return sum;
  }

  /// How late each loop took up its last tick, in nanoseconds.
  public long[] lags() {
    long[] lags = new long[loops.length()];
    for (int loop = 0; loop < lags.length; loop++) {
      lags[loop] = loops.get(loop).lagNanos();
    }
    return lags;
  }

  /// Descriptors this process has open; -1 where the platform does not tell.
  public static long descriptorsOpen() {
    return ManagementFactory.getOperatingSystemMXBean()
            instanceof com.sun.management.UnixOperatingSystemMXBean unix
        ? unix.getOpenFileDescriptorCount()
        : -1;
  }

  /// Descriptors this process may open; -1 where the platform does not tell.
  public static long descriptorsMax() {
    return ManagementFactory.getOperatingSystemMXBean()
            instanceof com.sun.management.UnixOperatingSystemMXBean unix
        ? unix.getMaxFileDescriptorCount()
        : -1;
  }

  private void registerTraffic() {
    for (Direction direction : Direction.values()) {
      for (Encoding encoding : Encoding.values()) {
        String[] tags = {
          "direction", direction.name().toLowerCase(Locale.ROOT), "encoding", encoding.label()
        };
        messages[direction.ordinal()][encoding.ordinal()] =
            counter("switchboard.messages", "Whole messages through sockets", tags);
        bytes[direction.ordinal()][encoding.ordinal()] =
            counter("switchboard.message.bytes", "Bytes of whole messages", tags);
      }
    }
  }

  private void registerGauges() {
    gauge("switchboard.connections", "Sockets that exist", LoopCounts::sockets);
    gauge("switchboard.unauthenticated", "Sockets before connect", LoopCounts::unauthenticated);
    gauge("switchboard.sessions", "Authenticated sessions", LoopCounts::sessions);
    gauge("switchboard.users", "Distinct users, summed over loops", LoopCounts::users);
    gauge("switchboard.channels", "Channels in use, summed over loops", LoopCounts::channels);
    gauge("switchboard.subscriptions", "Subscriptions", LoopCounts::subscriptions);
    peerGauge("switchboard.members", "Nodes of the cluster", PeerCounts::members);
    peerGauge("switchboard.links.open", "Other nodes it speaks with", PeerCounts::linksOpen);
    peerGauge("switchboard.leases.held", "Nodes of known interest", PeerCounts::leasesHeld);
    peerGauge("switchboard.interest", "Channels and users to hear of", PeerCounts::interest);
    peerGauge("switchboard.link.window.bytes", "Bytes under way", PeerCounts::windowBytes);
    Gauge.builder("switchboard.descriptors.open", GatewayMetrics::descriptorsOpen)
        .description("File descriptors in use")
        .register(registry);
    Gauge.builder("switchboard.descriptors.max", GatewayMetrics::descriptorsMax)
        .description("File descriptors allowed")
        .register(registry);
  }

  private void gauge(String name, String description, ToIntFunction<LoopCounts> count) {
    Gauge.builder(name, () -> total(count)).description(description).register(registry);
  }

  private void peerGauge(String name, String description, ToLongFunction<PeerCounts> count) {
    Gauge.builder(name, () -> count.applyAsLong(peers)).description(description).register(registry);
  }

  private void registerLag(int loop) {
    Gauge.builder("switchboard.event.loop.lag.seconds", () -> loops.get(loop).lagNanos() / 1e9)
        .description("How late an event loop took up its last tick")
        .tag("loop", Integer.toString(loop))
        .register(registry);
  }

  private Counter[] closedCounters(String code) {
    return Arrays.stream(Initiator.values())
        .map(
            initiator ->
                counter(
                    "switchboard.connections.closed",
                    "Sockets closed",
                    "code",
                    code,
                    "initiator",
                    initiator.name().toLowerCase(Locale.ROOT)))
        .toArray(Counter[]::new);
  }

  private Counter errorCounter(String code) {
    return counter("switchboard.errors", "Error replies", "code", code);
  }

  private Counter counter(String name, String description, String... tags) {
    return Counter.builder(name).description(description).tags(tags).register(registry);
  }

  private Timer timer(String name, String description) {
    return Timer.builder(name)
        .description(description)
        .serviceLevelObjectives(LATENCY_BUCKETS)
        .register(registry);
  }
}
