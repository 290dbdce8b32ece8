import io.github.centrifugal.centrifuge.Client;
import io.github.centrifugal.centrifuge.ConnectedEvent;
import io.github.centrifugal.centrifuge.ConnectingEvent;
import io.github.centrifugal.centrifuge.EventListener;
import io.github.centrifugal.centrifuge.HistoryOptions;
import io.github.centrifugal.centrifuge.HistoryResult;
import io.github.centrifugal.centrifuge.Options;
import io.github.centrifugal.centrifuge.Publication;
import io.github.centrifugal.centrifuge.PublicationEvent;
import io.github.centrifugal.centrifuge.PublishResult;
import io.github.centrifugal.centrifuge.ServerPublicationEvent;
import io.github.centrifugal.centrifuge.ServerSubscribedEvent;
import io.github.centrifugal.centrifuge.StreamPosition;
import io.github.centrifugal.centrifuge.SubscribedEvent;
import io.github.centrifugal.centrifuge.Subscription;
import io.github.centrifugal.centrifuge.SubscriptionEventListener;
import io.github.centrifugal.centrifuge.SubscriptionOptions;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/// Follows streams with the published Java SDK over three nodes, the first of which gets killed.
///
/// HOSTS (of the nodes, comma separated), CLIENT_PORT, INTERNAL_PORT, API_KEY and TOKEN, which
/// subscribes its user to `forced:java`, are in the environment. Prints `kill the first node` when
/// that is due. The data of every publication is its offset.
final class SdkStreams {
  private static final String[] HOSTS = System.getenv("HOSTS").split(",");
  private static final String FIRST = HOSTS[0];
  private static final String SECOND = HOSTS[1];
  private static final String THIRD = HOSTS[2];
  private static final long PATIENCE_SECONDS = 60;
  private static final long PAUSE_MILLIS = 100;
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  // What the client said of itself, and what its channels said.
  private final BlockingQueue<String> said = new LinkedBlockingQueue<>();
  private final List<Channel> channels = new ArrayList<>();
  private final Channel forced = new Channel();
  private final Client client;

  /// What the name of the nodes stands for; the SDK itself knows one address only.
  private volatile String host;

  private SdkStreams(String host) {
    this.host = host;
    var options = new Options();
    options.setToken(System.getenv("TOKEN"));
    options.setMinReconnectDelay(20);
    options.setMaxReconnectDelay(200);
    options.setDns(_ -> List.of(InetAddress.getByName(this.host)));
    String endpoint = "ws://nodes.test:%s/connection/websocket";
    client =
        new Client(endpoint.formatted(System.getenv("CLIENT_PORT")), options, new Connection());
    client.connect();
  }

  public static void main(String[] arguments) {
    try {
      historyIsTheSameOnEveryNode();
      publicationsOfClientsAreNumberedOnAllNodes();
      comesBackAfterAKill();
      System.out.println("the Java SDK followed its streams");
      // The SDK's threads would keep this JVM.
      System.exit(0);
    } catch (Throwable failure) {
      failure.printStackTrace();
      System.exit(1);
    }
  }

  private static void historyIsTheSameOnEveryNode() throws Exception {
    String channel = "kept:java-past";
    publish(SECOND, channel, 1, 5);
    for (String host : HOSTS) {
      var ada = new SdkStreams(host);
      ada.expect("connecting 0", "connected");
      var subscription = ada.subscribe(channel, new SubscriptionOptions()).subscription;
      String epoch = read(subscription, 0, null, false).getEpoch();
      StreamPosition second = new StreamPosition(2, epoch);
      StreamPosition fourth = new StreamPosition(4, epoch);
      SdkClient.equal(numbers(read(subscription, 0, null, false)), "");
      SdkClient.equal(numbers(read(subscription, 2, null, false)), "1 2");
      SdkClient.equal(numbers(read(subscription, 2, second, false)), "3 4");
      SdkClient.equal(numbers(read(subscription, 2, fourth, false)), "5");
      SdkClient.equal(numbers(read(subscription, -1, null, false)), "1 2 3 4 5");
      SdkClient.equal(numbers(read(subscription, 2, null, true)), "5 4");
      SdkClient.equal(numbers(read(subscription, 2, fourth, true)), "3 2");
      SdkClient.equal(numbers(read(subscription, -1, second, true)), "1");
      var elsewhere = options(1, new StreamPosition(1, "other"), false);
      int code = SdkClient.<HistoryResult>refusal(done -> subscription.history(elsewhere, done));
      SdkClient.equal(code, 112);
      ada.client.close(1_000);
    }
  }

  private static HistoryResult read(
      Subscription subscription, int limit, StreamPosition since, boolean reverse)
      throws Exception {
    var options = options(limit, since, reverse);
    var result = SdkClient.<HistoryResult>call(done -> subscription.history(options, done));
    SdkClient.equal(result.getOffset(), 5L);
    return result;
  }

  private static HistoryOptions options(int limit, StreamPosition since, boolean reverse) {
    return new HistoryOptions.Builder()
        .withLimit(limit)
        .withSince(since)
        .withReverse(reverse)
        .build();
  }

  private static String numbers(HistoryResult result) {
    return result.getPublications().stream()
        .map(SdkStreams::number)
        .collect(Collectors.joining(" "));
  }

  private static String number(Publication publication) {
    return number(publication.getData(), publication.getOffset());
  }

  private static String number(byte[] data, long offset) {
    SdkClient.equal(SdkClient.text(data), Long.toString(offset));
    return Long.toString(offset);
  }

  private static void publicationsOfClientsAreNumberedOnAllNodes() throws Exception {
    List<SdkStreams> clients = new ArrayList<>();
    for (String host : HOSTS) {
      var client = new SdkStreams(host);
      client.expect("connecting 0", "connected");
      client.subscribe("kept:java-chat", recoverable());
      clients.add(client);
    }
    for (int number = 1; number <= 9; number++) {
      byte[] data = SdkClient.bytes(Integer.toString(number));
      var author = clients.get(number % clients.size()).channels.getFirst().subscription;
      SdkClient.<PublishResult>call(done -> author.publish(data, done));
      for (var client : clients) {
        client.channels.getFirst().expect(Integer.toString(number));
      }
    }
    for (var client : clients) {
      client.client.close(1_000);
    }
  }

  private static void comesBackAfterAKill() throws Exception {
    var ada = new SdkStreams(FIRST);
    ada.expect("connecting 0", "connected");
    ada.forced.expect("subscribed false false");
    ada.subscribe("kept:java-news", recoverable());
    ada.subscribe("short:java-news", recoverable());
    ada.subscribe("newest:java-news", recoverable());
    List<String> names = new ArrayList<>(List.of("forced:java"));
    ada.channels.forEach(channel -> names.add(channel.subscription.getChannel()));
    List<Channel> all = new ArrayList<>(List.of(ada.forced));
    all.addAll(ada.channels);
    publish(SECOND, names, 1, 2);
    for (var channel : all) {
      channel.expect("1", "2");
    }

    System.out.println("kill the first node");
    ada.expect("connecting 1");
    publish(SECOND, names, 3, 5);
    SdkClient.equal(ada.said.poll(), null);
    ada.host = THIRD;
    ada.expect("connected");
    ada.forced.expect("subscribed true true", "3", "4", "5");
    ada.channels.get(0).expect("subscribed true true", "3", "4", "5");
    ada.channels.get(1).expect("subscribed true false");
    ada.channels.get(2).expect("subscribed true true", "5");
    publish(SECOND, names, 6, 6);
    for (var channel : all) {
      channel.expect("6");
    }
    ada.client.close(1_000);
  }

  private static SubscriptionOptions recoverable() {
    var options = new SubscriptionOptions();
    options.setPositioned(true);
    options.setRecoverable(true);
    return options;
  }

  private Channel subscribe(String name, SubscriptionOptions options) throws Exception {
    var channel = new Channel();
    channel.subscription = client.newSubscription(name, options, channel);
    channels.add(channel);
    channel.subscription.subscribe();
    channel.expect("subscribed false false");
    return channel;
  }

  private void expect(String... events) throws InterruptedException {
    for (String event : events) {
      SdkClient.equal(said.poll(PATIENCE_SECONDS, TimeUnit.SECONDS), event);
    }
  }

  private static void publish(String host, List<String> channels, int from, int to)
      throws Exception {
    for (String channel : channels) {
      publish(host, channel, from, to);
    }
  }

  private static void publish(String host, String channel, int from, int to) throws Exception {
    for (int number = from; number <= to; number++) {
      String body =
          "{\"channel\":\"%s\",\"data\":%d,\"idempotency_key\":\"%s\"}"
              .formatted(channel, number, UUID.randomUUID());
      String expected = "{\"result\":{\"offset\":%d,".formatted(number);
      long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
      String answer = post(host, body);
      // Just after a fault, or on a busy machine, it may take some tries; the key makes them one.
      while (!answer.startsWith(expected)) {
        if (!answer.matches(".*\"code\":1(00|11)\\b.*") || System.nanoTime() > until) {
          throw new AssertionError(channel + " " + number + ": " + answer);
        }
        TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        answer = post(host, body);
      }
    }
  }

  private static String post(String host, String body) throws Exception {
    String address = "http://%s:%s/api/publish".formatted(host, System.getenv("INTERNAL_PORT"));
    var request =
        HttpRequest.newBuilder(URI.create(address))
            .header("X-API-Key", System.getenv("API_KEY"))
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    return HTTP.send(request, HttpResponse.BodyHandlers.ofString()).body();
  }

  private static String subscribed(Boolean recovering, Boolean recovered) {
    return "subscribed " + Boolean.TRUE.equals(recovering) + " " + Boolean.TRUE.equals(recovered);
  }

  /// Writes down what happens to the connection, and to the channel the server subscribed it to.
  private final class Connection extends EventListener {
    @Override
    public void onConnecting(Client from, ConnectingEvent event) {
      said.add("connecting " + event.getCode());
    }

    @Override
    public void onConnected(Client from, ConnectedEvent event) {
      said.add("connected");
    }

    @Override
    public void onSubscribed(Client from, ServerSubscribedEvent event) {
      forced.events.add(subscribed(event.wasRecovering(), event.getRecovered()));
    }

    @Override
    public void onPublication(Client from, ServerPublicationEvent event) {
      forced.events.add(number(event.getData(), event.getOffset()));
    }
  }

  /// Writes down what happens to a subscription.
  private static final class Channel extends SubscriptionEventListener {
    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
    private Subscription subscription;

    @Override
    public void onSubscribed(Subscription from, SubscribedEvent event) {
      events.add(subscribed(event.wasRecovering(), event.getRecovered()));
    }

    @Override
    public void onPublication(Subscription from, PublicationEvent event) {
      events.add(number(event.getData(), event.getOffset()));
    }

    void expect(String... expected) throws InterruptedException {
      for (String event : expected) {
        SdkClient.equal(events.poll(PATIENCE_SECONDS, TimeUnit.SECONDS), event);
      }
    }
  }
}
