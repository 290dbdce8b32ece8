import io.github.centrifugal.centrifuge.Client;
import io.github.centrifugal.centrifuge.ClientInfo;
import io.github.centrifugal.centrifuge.EventListener;
import io.github.centrifugal.centrifuge.JoinEvent;
import io.github.centrifugal.centrifuge.LeaveEvent;
import io.github.centrifugal.centrifuge.Options;
import io.github.centrifugal.centrifuge.PresenceResult;
import io.github.centrifugal.centrifuge.PresenceStatsResult;
import io.github.centrifugal.centrifuge.SubscribedEvent;
import io.github.centrifugal.centrifuge.Subscription;
import io.github.centrifugal.centrifuge.SubscriptionEventListener;
import io.github.centrifugal.centrifuge.SubscriptionOptions;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/// Presence with the published Java SDK on two nodes.
///
/// NODES (two WebSocket addresses, comma separated), ADA and BOB (tokens of those users) are in the
/// environment.
final class SdkPresence {
  private static final String[] NODES = System.getenv("NODES").split(",");
  private static final String CHANNEL = "java-room";
  private static final long PATIENCE_SECONDS = 30;
  private static final long PAUSE_MILLIS = 25;

  private final BlockingQueue<String> said = new LinkedBlockingQueue<>();
  private final Client client;
  private final Subscription subscription;

  private SdkPresence(String node, String token) throws Exception {
    var options = new Options();
    options.setToken(token);
    client = new Client(node, options, new EventListener() {});
    var wish = new SubscriptionOptions();
    wish.setJoinLeave(true);
    subscription = client.newSubscription(CHANNEL, wish, new Listener());
  }

  public static void main(String[] arguments) {
    try {
      var ada = new SdkPresence(NODES[0], System.getenv("ADA"));
      ada.enter();
      ada.expect("subscribed", "join ada");
      var bob = new SdkPresence(NODES[1], System.getenv("BOB"));
      bob.enter();
      bob.expect("subscribed", "join bob");
      ada.expect("join bob");
      for (SdkPresence each : new SdkPresence[] {ada, bob}) {
        each.await("ada bob");
        PresenceStatsResult stats = SdkClient.call(each.subscription::presenceStats);
        SdkClient.equal(stats.getNumClients(), 2);
        SdkClient.equal(stats.getNumUsers(), 2);
      }
      bob.subscription.unsubscribe();
      ada.expect("leave bob");
      bob.subscription.subscribe();
      ada.expect("join bob");
      bob.client.close(1_000);
      ada.expect("leave bob");
      ada.await("ada");
      System.out.println("the Java SDK saw who was there");
      System.exit(0);
    } catch (Throwable failure) {
      failure.printStackTrace();
      System.exit(1);
    }
  }

  private void enter() {
    subscription.subscribe();
    client.connect();
  }

  private void expect(String... lines) throws InterruptedException {
    for (String line : lines) {
      SdkClient.equal(said.poll(PATIENCE_SECONDS, TimeUnit.SECONDS), line);
    }
  }

  /// What one node knows the other one knows soon.
  private void await(String users) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!users().equals(users) && System.nanoTime() < deadline) {
      Thread.sleep(PAUSE_MILLIS);
    }
    SdkClient.equal(users(), users);
  }

  private String users() throws Exception {
    PresenceResult present = SdkClient.call(subscription::presence);
    Set<String> users =
        present.getClients().values().stream()
            .map(ClientInfo::getUser)
            .collect(Collectors.toCollection(TreeSet::new));
    return String.join(" ", users);
  }

  private final class Listener extends SubscriptionEventListener {
    @Override
    public void onSubscribed(Subscription from, SubscribedEvent event) {
      if (said.isEmpty()) {
        said.add("subscribed");
      }
    }

    @Override
    public void onJoin(Subscription from, JoinEvent event) {
      said.add("join " + event.getInfo().getUser());
    }

    @Override
    public void onLeave(Subscription from, LeaveEvent event) {
      said.add("leave " + event.getInfo().getUser());
    }
  }
}
