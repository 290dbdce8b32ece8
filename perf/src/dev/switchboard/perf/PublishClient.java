package dev.switchboard.perf;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongFunction;
import java.util.function.Predicate;

/// Sockets of several nodes that publish and wait for the answer to each publication.
///
/// Publications are numbered; the number says to which channel one goes, and is its id less a
/// constant. One thread.
final class PublishClient implements AutoCloseable {
  private static final int FIRST_ID = 2;

  /// Publications that may wait for an answer at a time; a power of two.
  private static final int WAITING_MAX = 1 << 21;

  /// Servers refuse frames above 64 KiB.
  private static final int FRAME_BYTES = 60_000;

  /// What a command adds to the payload, with room to spare.
  private static final int COMMAND_BYTES = 80;

  /// What is overdue in an open loop goes out in so many frames before anything is read again.
  private static final int BURST = 16;

  private static final String BUSY = "\"code\":111,";

  private final Reactor reactor = new Reactor();
  private final List<Publisher> publishers = new ArrayList<>();
  private final long[] dueAt = new long[WAITING_MAX];
  private final Duration limit;
  private LongFunction<String> channelOf;
  private String payload;
  private int opened;
  private long sent;
  private long answered;
  private long refused;
  private int window;
  private Predicate<String> bearable = _ -> false;
  private Samples lateness = new Samples();
  private long measuredFrom = Long.MAX_VALUE;
  private long measuredTo = Long.MAX_VALUE;
  private Samples samples = new Samples();

  /// @param limit how long an answer may take before the run has failed
  PublishClient(Duration limit) {
    this.limit = limit;
  }

  /// Opens sockets, in turn at each of the nodes.
  void open(int count, List<Launch> nodes) {
    for (int i = 0; i < count; i++) {
      Publisher publisher = new Publisher(nodes.get(i % nodes.size()));
      publisher.socket = reactor.connect(publisher);
      publishers.add(publisher);
    }
    reactor.await(
        () -> opened == count, limit, () -> "only " + opened + " of " + count + " are open");
  }

  /// What is published from now on, and where.
  void publishes(String data, LongFunction<String> channel) {
    payload = data;
    channelOf = channel;
  }

  /// Publications answered so far, refused ones included.
  long answered() {
    return answered;
  }

  /// Publications refused with 111 ("busy"): of them nothing was kept.
  long refused() {
    return refused;
  }

  /// Publications that were acknowledged.
  long accepted() {
    return answered - refused;
  }

  /// Collects delays of publications that are due from `from` until before `to`.
  Samples measure(long from, long to) {
    samples = new Samples();
    measuredFrom = from;
    measuredTo = to;
    return samples;
  }

  /// Publishes through every socket until nothing is refused: the cluster may be settling down.
  ///
  /// What is kept of it nobody knows, so it should go to channels of its own.
  ///
  /// @param count publications of each socket that have to be accepted
  void awaitReady(int count) {
    bearable = _ -> true;
    long deadline = System.nanoTime() + limit.toNanos();
    for (long before = -1; before != refused; ) {
      if (System.nanoTime() > deadline) {
        throw PerfException.failed("publications were still refused");
      }
      before = refused;
      publishers.forEach(publisher -> publisher.send(count, System.nanoTime()));
      drain();
    }
    bearable = _ -> false;
  }

  /// Closed loop: every answer lets the same socket publish once more, until [#drain].
  ///
  /// @param inFlight publications without an answer, of all sockets together
  void begin(int inFlight) {
    window = inFlight;
    int count = publishers.size();
    for (int i = 0; i < count; i++) {
      publishers.get(i).send(inFlight / count + (i < inFlight % count ? 1 : 0), System.nanoTime());
    }
  }

  /// Goes on for so long.
  void run(Duration time) {
    reactor.idle(time);
  }

  /// Ends the closed loop and waits for all answers.
  void drain() {
    window = 0;
    reactor.await(
        () -> answered == sent, limit, () -> (sent - answered) + " publications have no answer");
  }

  /// Open loop: frames go out when they are due, whatever has been answered.
  ///
  /// A publication is due when its frame is, so a stall counts against all it held up.
  ///
  /// @param perSecond publications
  /// @param batch publications in a frame
  /// @param nap how long it sleeps when nothing is due; zero spins, which wants a core of its own
  void pace(int perSecond, int batch, Duration time, Duration nap) {
    bearable = line -> line.contains(BUSY);
    lateness = new Samples();
    double interval = 1e9 * batch / perSecond;
    long start = System.nanoTime();
    long frames = (long) (time.toNanos() / interval);
    long frame = 0;
    while (frame < frames) {
      long due = start + (long) (frame * interval);
      for (int i = 0; i < BURST && frame < frames && System.nanoTime() - due >= 0; i++) {
        lateness.add(System.nanoTime() - due);
        publishers.get((int) (frame % publishers.size())).send(batch, due);
        due = start + (long) (++frame * interval);
      }
      reactor.spin();
      if (!nap.isZero() && due - System.nanoTime() > nap.toNanos()) {
        LockSupport.parkNanos(nap.toNanos());
      }
    }
    drain();
    bearable = _ -> false;
  }

  /// How late each frame of the last open loop was sent: what the client itself adds to delays.
  Samples lateness() {
    return lateness;
  }

  @Override
  public void close() {
    reactor.close();
  }

  /// One socket.
  private final class Publisher implements Station {
    private final Launch node;
    private ClientSocket socket;

    Publisher(Launch node) {
      this.node = node;
    }

    /// Publishes the next `count`, in as few frames as it takes.
    void send(int count, long due) {
      int perFrame = FRAME_BYTES / (COMMAND_BYTES + payload.length());
      for (int left = count; left > 0; left -= perFrame) {
        frame(Math.min(left, perFrame), due);
      }
    }

    private void frame(int count, long due) {
      List<Dialect.Letter> letters = new ArrayList<>(count);
      int id = Math.toIntExact(FIRST_ID + sent);
      for (int i = 0; i < count; i++) {
        letters.add(new Dialect.Letter(channelOf.apply(sent), payload));
        note(sent++, due);
      }
      socket.sendFrame(node.dialect().publish(id, letters));
    }

    private void note(long number, long due) {
      int place = (int) number & WAITING_MAX - 1;
      if (dueAt[place] != 0) {
        throw PerfException.failed("too many publications wait for an answer");
      }
      dueAt[place] = due == 0 ? 1 : due;
    }

    @Override
    public InetSocketAddress server() {
      return node.clients();
    }

    @Override
    public String path() {
      return node.dialect().publisherPath();
    }

    @Override
    public byte[] greeting() {
      return node.dialect().publisherGreeting();
    }

    @Override
    public boolean opens(String line) {
      return node.dialect().opensPublisher(line);
    }

    @Override
    public boolean refuses(String line) {
      return node.dialect().refuses(line);
    }

    @Override
    public void onOpen() {
      opened++;
    }

    /// Answers come in any order, but to each publication one.
    @Override
    public void onMessage(ByteBuffer in, int at, int length) {
      if (!Replies.isReply(in, at, length)) {
        throw PerfException.failed("no reply: " + text(in, at, length));
      }
      int place = Replies.id(in, at) - FIRST_ID & WAITING_MAX - 1;
      long due = dueAt[place];
      if (due == 0) {
        throw PerfException.failed("answered twice, or never asked: " + text(in, at, length));
      }
      dueAt[place] = 0;
      answered++;
      if (Replies.isError(in, at, length)) {
        onError(text(in, at, length));
      } else if (due - measuredFrom >= 0 && due - measuredTo < 0) {
        samples.add(System.nanoTime() - due);
      }
    }

    private void onError(String line) {
      if (!bearable.test(line)) {
        throw PerfException.failed("the server refused: " + line);
      }
      refused++;
    }

    private static String text(ByteBuffer in, int at, int length) {
      byte[] text = new byte[length];
      in.get(at, text);
      return new String(text, StandardCharsets.UTF_8);
    }

    /// What one frame answered goes out again in one frame.
    @Override
    public void onMessages(long before, long after) {
      if (window > 0) {
        send((int) (after - before), System.nanoTime());
      }
    }
  }
}
