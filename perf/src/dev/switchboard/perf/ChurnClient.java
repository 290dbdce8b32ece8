package dev.switchboard.perf;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.BooleanSupplier;

/// Clients that come at a steady rate, talk for a while and leave in every way. One thread.
///
/// Each is another user, in a room with others and on a channel of its own.
final class ChurnClient implements AutoCloseable {
  private static final Duration STAY = Duration.ofSeconds(10);

  /// How long the machine of a client that fell silent stays away: until the node has given it up.
  private static final Duration SILENCE = Duration.ofSeconds(20);

  /// By then a close frame has been answered.
  private static final Duration GOODBYE = Duration.ofSeconds(5);

  /// Who leaves early does so within so many milliseconds: connecting, upgrading or subscribing.
  private static final int EARLY_MILLIS = 40;

  private static final int LOOK_MILLIS = 5;
  private static final int NORMAL = 1_000;
  private static final String OWN_IS_OPEN = "{\"id\":3,\"subscribe\":";

  private final Launch server;
  private final int perSecond;
  private final Reactor reactor = new Reactor();
  private final PriorityQueue<Visitor> agenda =
      new PriorityQueue<>((one, other) -> Long.signum(one.next - other.next));
  private int came;
  private long lost;
  private long late;
  private long unanswered;
  private long refused;
  private long replies;
  private long pushes;

  /// @param server whose subscriber `i` is in a room with others
  ChurnClient(Launch server, int perSecond) {
    this.server = server;
    this.perSecond = perSecond;
  }

  /// How a client leaves.
  enum Farewell {
    /// It says goodbye, and the node closes.
    CLOSE_FRAME,
    /// It ends the connection without a word.
    END,
    /// Its connection breaks.
    RESET,
    /// Nothing is heard of it any more, and the connection stays half open.
    SILENCE,
    /// Its connection breaks before it is in.
    EARLY;

    private static final List<Farewell> ALL = List.of(values());
  }

  /// What became of the clients.
  ///
  /// @param lost by the node, though they had not left
  /// @param late not in although it was time to leave
  /// @param unanswered goodbyes to which the node did not close
  /// @param refused commands answered with an error
  record Tally(
      long came, long lost, long late, long unanswered, long refused, long replies, long pushes) {}

  Tally tally() {
    return new Tally(came, lost, late, unanswered, refused, replies, pushes);
  }

  /// Clients come and go until `condition` holds.
  void runUntil(BooleanSupplier condition) {
    long start = System.nanoTime();
    int begun = came;
    while (!condition.getAsBoolean()) {
      long due = (long) ((System.nanoTime() - start) / 1e9 * perSecond);
      while (came - begun < due) {
        come();
      }
      turn();
    }
  }

  /// Nobody comes any more, and all leave.
  void runOut() {
    while (!agenda.isEmpty()) {
      turn();
    }
  }

  private void come() {
    Visitor visitor = new Visitor(came++);
    visitor.socket = reactor.connect(visitor);
    agenda.add(visitor);
  }

  private void turn() {
    while (!agenda.isEmpty() && agenda.peek().next - System.nanoTime() <= 0) {
      Visitor visitor = agenda.poll();
      if (visitor.isDone()) {
        continue;
      }
      agenda.add(visitor);
    }
    reactor.rest(LOOK_MILLIS);
  }

  @Override
  public void close() {
    reactor.close();
  }

  private enum Stage {
    STAYING,
    PARTING,
    GONE
  }

  private final class Visitor implements Station {
    private final int index;
    private final Farewell farewell;
    private ClientSocket socket;
    private Stage stage = Stage.STAYING;
    private long next;

    Visitor(int index) {
      this.index = index;
      farewell = Farewell.ALL.get(index % Farewell.ALL.size());
      int turn = index / Farewell.ALL.size();
      Duration stay = farewell == Farewell.EARLY ? Duration.ofMillis(turn % EARLY_MILLIS) : STAY;
      next = System.nanoTime() + stay.toNanos();
    }

    /// Does what its time has come for; says whether nothing is left to do.
    private boolean isDone() {
      switch (stage) {
        case STAYING -> leave();
        case PARTING -> giveUp();
        case GONE -> {}
      }
      return stage == Stage.GONE;
    }

    private void leave() {
      boolean in = socket.phase() == ClientSocket.Phase.OPEN;
      if (!in) {
        late += farewell == Farewell.EARLY ? 0 : 1;
        gone(true);
        return;
      }
      talk(room());
      if (stage == Stage.GONE) {
        return;
      }
      stage = Stage.PARTING;
      switch (farewell) {
        case CLOSE_FRAME -> {
          next = System.nanoTime() + GOODBYE.toNanos();
          socket.sendFrame(Frames.close(NORMAL));
        }
        case SILENCE -> {
          next = System.nanoTime() + SILENCE.toNanos();
          socket.fallSilent();
        }
        case END -> gone(false);
        case RESET, EARLY -> gone(true);
      }
    }

    private void giveUp() {
      unanswered += farewell == Farewell.CLOSE_FRAME ? 1 : 0;
      gone(true);
    }

    private void gone(boolean broken) {
      stage = Stage.GONE;
      if (broken) {
        reactor.reset(socket);
      } else {
        reactor.close(socket);
      }
    }

    @Override
    public void onLost(ClientSocket.Phase phase, String reason) {
      lost += stage == Stage.STAYING ? 1 : 0;
      gone(false);
    }

    private String room() {
      return dialect().channel().apply(index);
    }

    private String own() {
      return "kept:own-" + index;
    }

    private Dialect.Centrifuge dialect() {
      return (Dialect.Centrifuge) server.dialect();
    }

    private void talk(String channel) {
      socket.sendFrame(dialect().publish(4, List.of(new Dialect.Letter(channel, "\"hello\""))));
    }

    @Override
    public InetSocketAddress server() {
      return server.clients();
    }

    @Override
    public String path() {
      return dialect().subscriberPath(index);
    }

    @Override
    public byte[] greeting() {
      byte[] room = dialect().subscriberGreeting(index);
      byte[] own = Frames.text(Dialect.Centrifuge.subscribe(3, own()));
      return ByteBuffer.allocate(room.length + own.length).put(room).put(own).array();
    }

    @Override
    public boolean opens(String line) {
      return line.startsWith(OWN_IS_OPEN);
    }

    /// Counted, and no reason to end an hour's run.
    @Override
    public boolean refuses(String line) {
      refused += dialect().refuses(line) ? 1 : 0;
      return false;
    }

    @Override
    public void onOpen() {
      talk(room());
      talk(own());
      socket.sendFrame(
          Frames.text(
              """
              {"id":5,"history":{"channel":"%1$s","limit":10}}
              {"id":6,"presence":{"channel":"%1$s"}}\
              """
                  .formatted(room())));
    }

    @Override
    public boolean readsLines() {
      return true;
    }

    @Override
    public void onLine(String line) {
      if (line.startsWith("{\"id\":")) {
        replies++;
      } else if (line.startsWith("{\"push\":")) {
        pushes++;
      }
    }
  }
}
