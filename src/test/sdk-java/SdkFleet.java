import io.github.centrifugal.centrifuge.Client;
import io.github.centrifugal.centrifuge.ConnectedEvent;
import io.github.centrifugal.centrifuge.ConnectingEvent;
import io.github.centrifugal.centrifuge.DisconnectedEvent;
import io.github.centrifugal.centrifuge.EventListener;
import io.github.centrifugal.centrifuge.Options;
import io.github.centrifugal.centrifuge.PublicationEvent;
import io.github.centrifugal.centrifuge.StreamPosition;
import io.github.centrifugal.centrifuge.SubscribedEvent;
import io.github.centrifugal.centrifuge.SubscribingEvent;
import io.github.centrifugal.centrifuge.Subscription;
import io.github.centrifugal.centrifuge.SubscriptionEventListener;
import io.github.centrifugal.centrifuge.SubscriptionOptions;
import io.github.centrifugal.centrifuge.UnsubscribedEvent;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.reflect.Method;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/// Many clients of the published Java SDK in one JVM, which write down all that happens to them.
///
/// HOSTS (addresses of the nodes, comma separated) and PORT, the same on all of them, are in the
/// environment. Standard input says who connects, a line each: `NAME HOME TOKEN CHANNEL,...`, HOME
/// being the index of the node it tries first; its end ends this program. Standard output is a line
/// per event: `MILLIS NAME EVENT ...`, MILLIS from the machine's clock.
final class SdkFleet {
  private static final int RECONNECT_MILLIS_MIN = 100;
  private static final int RECONNECT_MILLIS_MAX = 2_000;

  /// What the names of streams begin with.
  private static final String STREAMS = "kept:";

  /// The close code that sends a client to its first node.
  private static final int GO_HOME = 4000;

  private final BlockingQueue<String> said = new LinkedBlockingQueue<>();
  private final PrintStream output = System.out;
  private final List<InetAddress> nodes = new ArrayList<>();
  private final String endpoint =
      "ws://nodes.test:" + System.getenv("PORT") + "/connection/websocket";

  private SdkFleet() throws IOException {
    for (String host : System.getenv("HOSTS").split(",")) {
      nodes.add(InetAddress.getByName(host));
    }
  }

  public static void main(String[] arguments) throws Exception {
    var fleet = new SdkFleet();
    Places.text(new StreamPosition());
    // The SDK prints stack traces of its own.
    System.setOut(System.err);
    Thread.ofPlatform().daemon().start(fleet::write);
    try (var wanted = new BufferedReader(new InputStreamReader(System.in))) {
      for (String line = wanted.readLine(); line != null; line = wanted.readLine()) {
        fleet.launch(line.split(" "));
      }
    }
    System.exit(0);
  }

  private void write() {
    try {
      while (true) {
        byte[] line = said.take().getBytes(StandardCharsets.UTF_8);
        output.write(line, 0, line.length);
        if (said.isEmpty()) {
          output.flush();
        }
      }
    } catch (InterruptedException over) {
      Thread.currentThread().interrupt();
    }
  }

  private void launch(String[] wanted) throws Exception {
    var balance = new Balance(Integer.parseInt(wanted[1]));
    var member = new Member(wanted[0], balance);
    var options = new Options();
    options.setToken(wanted[2]);
    options.setMinReconnectDelay(RECONNECT_MILLIS_MIN);
    options.setMaxReconnectDelay(RECONNECT_MILLIS_MAX);
    options.setDns(_ -> balance.next());
    var client = new Client(endpoint, options, member);
    for (String channel : wanted[3].split(",")) {
      if (channel.startsWith(STREAMS)) {
        client.newSubscription(channel, recoverable(), member.stream()).subscribe();
      } else {
        client.newSubscription(channel, member.channel()).subscribe();
      }
    }
    client.connect();
  }

  private static SubscriptionOptions recoverable() {
    var options = new SubscriptionOptions();
    options.setPositioned(true);
    options.setRecoverable(true);
    options.setMinResubscribeDelay(RECONNECT_MILLIS_MIN);
    options.setMaxResubscribeDelay(RECONNECT_MILLIS_MAX);
    return options;
  }

  /// Where a client goes: home at first or when sent there, else anywhere, as by a load balancer.
  private final class Balance {
    private final int home;
    private volatile boolean left;

    Balance(int home) {
      this.home = home;
    }

    List<InetAddress> next() {
      var order = new ArrayList<>(nodes);
      if (left) {
        Collections.shuffle(order);
      } else {
        Collections.rotate(order, -home);
      }
      left = true;
      return order;
    }
  }

  /// Writes down what happens to one client.
  private final class Member extends EventListener {
    private final String name;

    private final Balance balance;

    Member(String name, Balance balance) {
      this.name = name;
      this.balance = balance;
    }

    @Override
    public void onConnecting(Client from, ConnectingEvent event) {
      if (event.getCode() == GO_HOME) {
        balance.left = false;
      }
      say("connecting " + event.getCode());
    }

    @Override
    public void onConnected(Client from, ConnectedEvent event) {
      say("connected " + event.getClient());
    }

    @Override
    public void onDisconnected(Client from, DisconnectedEvent event) {
      say("disconnected " + event.getCode());
    }

    SubscriptionEventListener channel() {
      return new SubscriptionEventListener() {
        @Override
        public void onSubscribed(Subscription from, SubscribedEvent event) {
          say("subscribed " + from.getChannel());
        }

        @Override
        public void onUnsubscribed(Subscription from, UnsubscribedEvent event) {
          say("unsubscribed " + from.getChannel() + " " + event.getCode());
        }

        @Override
        public void onPublication(Subscription from, PublicationEvent event) {
          String data = new String(event.getData(), StandardCharsets.UTF_8);
          say("received " + from.getChannel() + " " + data);
        }
      };
    }

    SubscriptionEventListener stream() {
      return new SubscriptionEventListener() {
        @Override
        public void onSubscribing(Subscription from, SubscribingEvent event) {
          say("interrupted " + from.getChannel() + " " + event.getCode());
        }

        @Override
        public void onSubscribed(Subscription from, SubscribedEvent event) {
          boolean recovering = Boolean.TRUE.equals(event.wasRecovering());
          boolean recovered = Boolean.TRUE.equals(event.getRecovered());
          String position = Places.text(event.getStreamPosition());
          String[] part = position.split(" ", 2);
          say(
              "positioned %s %s %s %s %s"
                  .formatted(from.getChannel(), part[0], recovering, recovered, part[1]));
        }

        @Override
        public void onUnsubscribed(Subscription from, UnsubscribedEvent event) {
          say("unsubscribed " + from.getChannel() + " " + event.getCode());
        }

        @Override
        public void onPublication(Subscription from, PublicationEvent event) {
          String data = new String(event.getData(), StandardCharsets.UTF_8);
          say("numbered " + from.getChannel() + " " + event.getOffset() + " " + data);
        }
      };
    }

    private void say(String event) {
      said.add(System.currentTimeMillis() + " " + name + " " + event + "\n");
    }
  }

  /// Offset and epoch of a position, which the SDK tells nobody outside its package.
  ///
  /// There is no public way to the epoch a subscription is in: publications tell their offset only,
  /// and a question for the history would be answered later. An SDK that renames them fails at the
  /// start and not in the middle of a run.
  private static final class Places {
    private static final Method OFFSET = find("getOffset");
    private static final Method EPOCH = find("getEpoch");

    private static Method find(String name) {
      try {
        Method found = StreamPosition.class.getDeclaredMethod(name);
        found.setAccessible(true);
        return found;
      } catch (NoSuchMethodException changed) {
        throw new IllegalStateException(changed);
      }
    }

    static String text(StreamPosition position) {
      try {
        return position == null ? "0 " : OFFSET.invoke(position) + " " + EPOCH.invoke(position);
      } catch (ReflectiveOperationException broken) {
        throw new IllegalStateException(broken);
      }
    }
  }
}
