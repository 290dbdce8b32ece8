package dev.switchboard.perf;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Sockets of one node that subscribe to many channels and leave them again.
///
/// Each sends a batch of commands in one frame and the next batch when all are answered.
final class SubscribeClient implements AutoCloseable {
  private static final int FIRST_ID = 2;

  private final Launch node;
  private final int channels;
  private final int batch;
  private final Reactor reactor = new Reactor();
  private final List<Member> members = new ArrayList<>();
  private int opened;
  private int done;
  private boolean subscribing;
  private Samples samples;

  /// @param channels of each socket
  /// @param batch commands of a socket that wait for a reply
  SubscribeClient(Launch node, int channels, int batch) {
    this.node = node;
    this.channels = channels;
    this.batch = batch;
  }

  /// Opens so many sockets, without any subscription.
  void open(int sockets, Duration limit) {
    for (int i = 0; i < sockets; i++) {
      members.add(new Member(i));
    }
    reactor.await(
        () -> opened == sockets, limit, () -> "only " + opened + " of " + sockets + " are open");
  }

  /// Every socket subscribes to all its channels.
  ///
  /// @return how long each batch waited for its replies
  Samples subscribe(Duration limit) {
    return all(true, limit);
  }

  /// Every socket leaves all its channels.
  void unsubscribe(Duration limit) {
    all(false, limit);
  }

  /// Answers pings for so long.
  void idle(Duration time) {
    reactor.idle(time);
  }

  private Samples all(boolean subscribe, Duration limit) {
    subscribing = subscribe;
    done = 0;
    samples = new Samples();
    members.forEach(Member::begin);
    reactor.await(
        () -> done == members.size(),
        limit,
        () -> "only " + done + " of " + members.size() + " sockets have all their replies");
    return samples;
  }

  @Override
  public void close() {
    reactor.close();
  }

  /// One socket and how far it is.
  private final class Member implements Station {
    private final int index;
    private final ClientSocket socket;
    private int asked;
    private int waiting;
    private long askedAt;
    private int id = FIRST_ID;

    Member(int index) {
      this.index = index;
      this.socket = reactor.connect(this);
    }

    void begin() {
      asked = 0;
      next();
    }

    private void next() {
      StringBuilder commands = new StringBuilder();
      for (; asked < channels && waiting < batch; asked++, waiting++) {
        commands.append(commands.isEmpty() ? "" : "\n").append(command("m-" + index + "-" + asked));
      }
      askedAt = System.nanoTime();
      socket.sendFrame(Frames.text(commands.toString()));
    }

    private String command(String channel) {
      return subscribing
          ? Dialect.Centrifuge.subscribe(id++, channel)
          : Dialect.Centrifuge.unsubscribe(id++, channel);
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

    @Override
    public void onMessage(ByteBuffer in, int at, int length) {
      if (Replies.isError(in, at, length)) {
        byte[] text = new byte[length];
        in.get(at, text);
        throw PerfException.failed("refused: " + new String(text, StandardCharsets.UTF_8));
      }
    }

    @Override
    public void onMessages(long before, long after) {
      waiting -= (int) (after - before);
      if (waiting < 0) {
        throw PerfException.failed("a socket got more replies than it sent commands");
      }
      if (waiting == 0 && after > before) {
        samples.add(System.nanoTime() - askedAt);
        if (asked == channels) {
          done++;
        } else {
          next();
        }
      }
    }
  }
}
