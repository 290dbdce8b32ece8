package dev.switchboard.perf;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.LongFunction;

/// Publishers on one node, subscribers on others, each with a channel of its own.
///
/// Messages are numbered from 0; the number says to which channel one goes. One thread.
final class CrossingClient implements AutoCloseable {
  private static final int OPEN_WINDOW = 64;
  private static final int FIRST_ID = 2;

  /// A larger burst takes several frames, on several sockets: servers refuse frames above 64 KiB.
  private static final int FRAME_BYTES = 60_000;

  /// What a publish command or an address adds to the payload, with room to spare.
  private static final int COMMAND_BYTES = 80;

  private static final String BUSY = "\"code\":111,";

  private final Launch entry;
  private final LongFunction<String> channelOf;
  private final Reactor reactor = new Reactor();
  private final List<ClientSocket> publishers = new ArrayList<>();
  private final List<ClientSocket> subscribers = new ArrayList<>();
  private final List<Long> refused = new ArrayList<>();
  private int connecting;
  private int opened;
  private long sent;
  private long replies;
  private boolean busyIsFine;

  /// @param entry the node where messages enter
  /// @param channelOf the channel of a message by its number
  CrossingClient(Launch entry, LongFunction<String> channelOf) {
    this.entry = entry;
    this.channelOf = channelOf;
  }

  Dialect dialect() {
    return entry.dialect();
  }

  /// Messages published so far; the number of the next.
  long sent() {
    return sent;
  }

  /// Numbers of the messages that were answered "busy" (111), for as long as that is no failure.
  List<Long> refused() {
    return refused;
  }

  /// From now on "busy" is counted instead of ending the run.
  void bearBusy() {
    busyIsFine = true;
  }

  /// Opens the sockets that publish.
  void openPublishers(int count, Duration limit) {
    openPublishers(Collections.nCopies(count, entry), limit);
  }

  /// Opens a socket that publishes on each of these nodes; they take turns.
  void openPublishers(List<Launch> entries, Duration limit) {
    for (Launch one : entries) {
      publishers.add(reactor.connect(new Publisher(one)));
      connecting++;
    }
    awaitOpen(0, limit);
  }

  /// Opens subscribers `from` to `from + count - 1` on a node.
  void openSubscribers(Launch exit, int from, int count, Arrivals arrivals, Duration limit) {
    for (int i = from; i < from + count; i++) {
      subscribers.add(reactor.connect(new Subscriber(exit, i, arrivals)));
      connecting++;
      awaitOpen(OPEN_WINDOW, limit);
    }
    awaitOpen(0, limit);
  }

  private void awaitOpen(int onTheirWay, Duration limit) {
    reactor.await(
        () -> connecting - opened <= onTheirWay,
        limit,
        () -> "only " + opened + " of " + connecting + " sockets were open");
  }

  /// Publishes the next `count` messages in one burst and waits until all have arrived.
  void round(int count, String payload, Arrivals arrivals, Duration limit) {
    int perFrame = FRAME_BYTES / (COMMAND_BYTES + payload.length());
    for (int i = 0; i < count; i += perFrame) {
      ClientSocket publisher = publishers.get(i / perFrame % publishers.size());
      burst(publisher, Math.min(perFrame, count - i), payload);
    }
    reactor.await(
        () -> arrivals.count() >= sent && replies >= dialect().publishReplies((int) sent),
        limit,
        () -> "only %d of %d messages arrived".formatted(arrivals.count(), sent));
  }

  private void burst(ClientSocket publisher, int count, String payload) {
    List<Dialect.Letter> letters = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      letters.add(new Dialect.Letter(channelOf.apply(sent + i), payload));
    }
    publisher.sendFrame(dialect().publish(id(sent), letters));
    sent += count;
  }

  /// Publishes one message that is due at `nanos`.
  void send(String payload, long nanos) {
    Dialect.Letter letter = new Dialect.Letter(channelOf.apply(sent), Stamp.put(payload, nanos));
    ClientSocket publisher = publishers.get((int) (sent % publishers.size()));
    publisher.sendFrame(dialect().publish(id(sent), List.of(letter)));
    sent++;
  }

  private static int id(long number) {
    return Math.toIntExact(FIRST_ID + number);
  }

  /// Reads what is there, without sleeping.
  void spin() {
    reactor.spin();
  }

  /// Reads until `condition` holds.
  void await(BooleanSupplier condition, Duration limit, String otherwise) {
    reactor.await(condition, limit, () -> otherwise);
  }

  /// Fails unless every subscriber has every n-th message and nothing else, there being n of them.
  void checkSpread() {
    long all = subscribers.size();
    for (int i = 0; i < all; i++) {
      long expected = sent / all + (i < sent % all ? 1 : 0);
      long got = subscribers.get(i).messages();
      if (got != expected) {
        throw PerfException.failed(
            "subscriber %d got %d messages instead of %d".formatted(i, got, expected));
      }
    }
  }

  @Override
  public void close() {
    reactor.close();
  }

  /// A socket whose messages are counted and timed.
  private final class Subscriber implements Station {
    private final Launch exit;
    private final int index;
    private final Arrivals arrivals;

    Subscriber(Launch exit, int index, Arrivals arrivals) {
      this.exit = exit;
      this.index = index;
      this.arrivals = arrivals;
    }

    @Override
    public InetSocketAddress server() {
      return exit.clients();
    }

    @Override
    public String path() {
      return exit.dialect().subscriberPath(index);
    }

    @Override
    public byte[] greeting() {
      return exit.dialect().subscriberGreeting(index);
    }

    @Override
    public boolean opens(String line) {
      return exit.dialect().opensSubscriber(line);
    }

    @Override
    public boolean refuses(String line) {
      return exit.dialect().refuses(line);
    }

    @Override
    public void onOpen() {
      opened++;
    }

    @Override
    public void onMessage(ByteBuffer in, int at, int length) {
      arrivals.onMessage(in, at, length);
    }
  }

  /// A socket that publishes; its answers are looked at just enough to see a refusal.
  private final class Publisher implements Station {
    private final Launch node;

    Publisher(Launch node) {
      this.node = node;
    }

    @Override
    public InetSocketAddress server() {
      return node.clients();
    }

    @Override
    public String path() {
      return dialect().publisherPath();
    }

    @Override
    public byte[] greeting() {
      return dialect().publisherGreeting();
    }

    @Override
    public boolean opens(String line) {
      return dialect().opensPublisher(line);
    }

    @Override
    public boolean refuses(String line) {
      return dialect().refuses(line);
    }

    @Override
    public void onOpen() {
      opened++;
    }

    @Override
    public void onMessage(ByteBuffer in, int at, int length) {
      replies++;
      if (Replies.isError(in, at, length)) {
        byte[] text = new byte[length];
        in.get(at, text);
        onError(new String(text, StandardCharsets.UTF_8));
      }
    }

    private void onError(String line) {
      if (!busyIsFine || !line.contains(BUSY)) {
        throw PerfException.failed("the server refused: " + line);
      }
      refused.add(Replies.id(line) - (long) FIRST_ID);
    }
  }
}
