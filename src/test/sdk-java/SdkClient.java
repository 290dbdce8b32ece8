import io.github.centrifugal.centrifuge.Client;
import io.github.centrifugal.centrifuge.ConnectedEvent;
import io.github.centrifugal.centrifuge.ConnectingEvent;
import io.github.centrifugal.centrifuge.ConnectionTokenEvent;
import io.github.centrifugal.centrifuge.ConnectionTokenGetter;
import io.github.centrifugal.centrifuge.DisconnectedEvent;
import io.github.centrifugal.centrifuge.EventListener;
import io.github.centrifugal.centrifuge.MessageEvent;
import io.github.centrifugal.centrifuge.Options;
import io.github.centrifugal.centrifuge.PublicationEvent;
import io.github.centrifugal.centrifuge.PublishResult;
import io.github.centrifugal.centrifuge.RPCResult;
import io.github.centrifugal.centrifuge.ReplyError;
import io.github.centrifugal.centrifuge.ResultCallback;
import io.github.centrifugal.centrifuge.SubscribedEvent;
import io.github.centrifugal.centrifuge.Subscription;
import io.github.centrifugal.centrifuge.SubscriptionEventListener;
import io.github.centrifugal.centrifuge.TokenCallback;
import io.github.centrifugal.centrifuge.UnsubscribedEvent;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// Uses the published Java SDK against a node, in a JVM of its own.
///
/// CLIENT_URL, API_URL, API_KEY, TOKEN of user `ada`, EXPIRED_TOKEN and WRONG_TOKEN are in the
/// environment; `java -cp 'target/sdk-java/*' SdkClient.java` is how it is started.
final class SdkClient {
  private static final int PUBLICATIONS = 50;
  private static final int LARGE_CHARS = 60_000;
  private static final long PATIENCE_SECONDS = 20;
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final BlockingQueue<String> said = new LinkedBlockingQueue<>();
  private final Client client;

  private SdkClient(String token, String renewed) {
    var options = new Options();
    options.setToken(token);
    options.setMinReconnectDelay(20);
    options.setMaxReconnectDelay(200);
    options.setTokenGetter(
        new ConnectionTokenGetter() {
          @Override
          public void getConnectionToken(ConnectionTokenEvent event, TokenCallback callback) {
            said.add("token");
            callback.Done(null, renewed);
          }
        });
    client = new Client(System.getenv("CLIENT_URL"), options, new Connection());
  }

  public static void main(String[] arguments) {
    try {
      connectsAndTalks();
      comesBackUnlessToldNotTo();
      replacesAnExpiredToken();
      wrongTokenIsTheEnd();
      System.out.println("the Java SDK is content");
      // The SDK's threads would keep this JVM.
      System.exit(0);
    } catch (Throwable failure) {
      failure.printStackTrace();
      System.exit(1);
    }
  }

  private static void connectsAndTalks() throws Exception {
    var ada = new SdkClient(System.getenv("TOKEN"), "");
    var subscription = ada.subscription("news");
    ada.client.connect();
    ada.expect("connecting 0");
    ada.expect("connected");
    ada.expect("subscribed news");

    api("publish", "{\"channel\":\"news\",\"data\":{\"text\":\"Grüße 世界 👩‍🚀\"}}");
    ada.expect("news {\"text\":\"Grüße 世界 👩‍🚀\"} from nobody");
    for (int number = 0; number < PUBLICATIONS; number++) {
      api("publish", "{\"channel\":\"news\",\"data\":" + number + "}");
    }
    for (int number = 0; number < PUBLICATIONS; number++) {
      ada.expect("news " + number + " from nobody");
    }
    SdkClient.<PublishResult>call(done -> subscription.publish(bytes("\"mine\""), done));
    ada.expect("news \"mine\" from ada");
    String large = "\"" + "x".repeat(LARGE_CHARS) + "\"";
    SdkClient.<PublishResult>call(done -> subscription.publish(bytes(large), done));
    ada.expect("news " + large + " from ada");

    var present = call(subscription::presence).getClients();
    equal(present.size(), 1);
    equal(present.values().iterator().next().getUser(), "ada");
    equal(call(subscription::presenceStats).getNumClients(), 1);
    equal(SdkClient.<RPCResult>refusal(done -> ada.client.rpc("any", bytes("{}"), done)), 108);

    api("send", "{\"user\":\"ada\",\"data\":{\"for\":\"you\"}}");
    ada.expect("message {\"for\":\"you\"}");
    ada.subscription("nobody:knows");
    ada.expect("unsubscribed nobody:knows 102");
    api("unsubscribe", "{\"user\":\"ada\",\"channel\":\"news\"}");
    ada.expect("unsubscribed news 2000");
    ada.client.disconnect();
    ada.expect("disconnected 0");
    ada.end();
  }

  private static void comesBackUnlessToldNotTo() throws Exception {
    var ada = new SdkClient(System.getenv("TOKEN"), "");
    ada.client.connect();
    ada.expect("connecting 0");
    ada.expect("connected");
    ada.subscription("news");
    ada.expect("subscribed news");
    // 3000 comes without a close frame: the SDK sees its transport close, which is its code 1.
    for (int[] codes : new int[][] {{3001, 3001}, {4000, 4000}, {3000, 1}}) {
      api("disconnect", disconnect(codes[0]));
      ada.expect("connecting " + codes[1]);
      ada.expect("connected");
      ada.expect("subscribed news");
    }
    api("disconnect", "{\"user\":\"ada\"}");
    ada.expect("disconnected 3503");
    ada.end();
  }

  private static void replacesAnExpiredToken() throws Exception {
    var ada = new SdkClient(System.getenv("EXPIRED_TOKEN"), System.getenv("TOKEN"));
    ada.client.connect();
    ada.expect("connecting 0");
    ada.expect("token");
    ada.expect("connected");
    ada.end();
  }

  private static void wrongTokenIsTheEnd() throws Exception {
    var mallory = new SdkClient(System.getenv("WRONG_TOKEN"), "");
    mallory.client.connect();
    mallory.expect("connecting 0");
    mallory.expect("disconnected 3500");
    mallory.end();
  }

  private Subscription subscription(String channel) throws Exception {
    var subscription = client.newSubscription(channel, new Channel());
    subscription.subscribe();
    return subscription;
  }

  /// The next thing that happens must be this.
  private void expect(String event) throws InterruptedException {
    equal(said.poll(PATIENCE_SECONDS, TimeUnit.SECONDS), event);
  }

  private void end() throws InterruptedException {
    equal(said.poll(), null);
    client.close(1_000);
  }

  private static String disconnect(int code) {
    return "{\"user\":\"ada\",\"disconnect\":{\"code\":%d,\"reason\":\"again\"}}".formatted(code);
  }

  private static void api(String method, String body) throws Exception {
    var request =
        HttpRequest.newBuilder(URI.create(System.getenv("API_URL") + "/" + method))
            .header("X-API-Key", System.getenv("API_KEY"))
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    String answer = HTTP.send(request, HttpResponse.BodyHandlers.ofString()).body();
    if (!answer.startsWith("{\"result\":")) {
      throw new AssertionError(method + " answered " + answer);
    }
  }

  static <T> T call(Consumer<ResultCallback<T>> command) throws Exception {
    var done = new CompletableFuture<T>();
    command.accept(
        (error, result) -> {
          if (error != null) {
            done.completeExceptionally(error);
          } else {
            done.complete(result);
          }
        });
    return done.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  static <T> int refusal(Consumer<ResultCallback<T>> command) throws Exception {
    var done = new CompletableFuture<Throwable>();
    command.accept((error, _) -> done.complete(error));
    return ((ReplyError) done.get(PATIENCE_SECONDS, TimeUnit.SECONDS)).getCode();
  }

  static void equal(Object found, Object expected) {
    if (!Objects.equals(found, expected)) {
      throw new AssertionError("expected " + expected + " but was " + found);
    }
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /// Writes down what happens to the connection.
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
    public void onDisconnected(Client from, DisconnectedEvent event) {
      said.add("disconnected " + event.getCode());
    }

    @Override
    public void onMessage(Client from, MessageEvent event) {
      said.add("message " + text(event.getData()));
    }
  }

  /// Writes down what happens to a subscription.
  private final class Channel extends SubscriptionEventListener {
    @Override
    public void onSubscribed(Subscription from, SubscribedEvent event) {
      said.add("subscribed " + from.getChannel());
    }

    @Override
    public void onUnsubscribed(Subscription from, UnsubscribedEvent event) {
      said.add("unsubscribed " + from.getChannel() + " " + event.getCode());
    }

    @Override
    public void onPublication(Subscription from, PublicationEvent event) {
      // This SDK shows an absent sender as one without a name.
      String by = event.getInfo().getUser().isEmpty() ? "nobody" : event.getInfo().getUser();
      said.add(from.getChannel() + " " + text(event.getData()) + " from " + by);
    }
  }
}
