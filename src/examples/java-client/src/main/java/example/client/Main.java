package example.client;

import io.github.centrifugal.centrifuge.Client;
import io.github.centrifugal.centrifuge.DuplicateSubscriptionException;
import io.github.centrifugal.centrifuge.Options;
import io.github.centrifugal.centrifuge.PublishResult;
import io.github.centrifugal.centrifuge.Subscription;
import io.github.centrifugal.centrifuge.SubscriptionOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Prints what is published to a channel and publishes what is typed, a line of JSON each.
public final class Main {
  private static final int PUBLISH_SECONDS = 10;
  private static final long CLOSE_MILLIS = 5_000;

  private Main() {}

  /// Runs until standard input ends; `ADDRESS TOKEN CHANNEL`.
  public static void main(String[] arguments) throws IOException, InterruptedException {
    Options options = new Options();
    options.setToken(arguments[1]);
    Client client = new Client(arguments[0], options, new ConnectionPrinter());
    Subscription channel = follow(client, arguments[2]);
    client.connect();

    BufferedReader lines =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      publish(channel, line);
    }
    client.disconnect();
    client.close(CLOSE_MILLIS);
    // Threads of the HTTP library would keep this JVM for a minute.
    System.exit(0);
  }

  private static Subscription follow(Client client, String channel) {
    SubscriptionOptions options = new SubscriptionOptions();
    // After a time away: what was published meanwhile, or the word that it cannot be had.
    options.setRecoverable(true);
    try {
      Subscription subscription = client.newSubscription(channel, options, new ChannelPrinter());
      subscription.subscribe();
      return subscription;
    } catch (DuplicateSubscriptionException once) {
      throw new IllegalStateException(once);
    }
  }

  /// Waits for the answer: then the publication is kept on two nodes. While there is no connection
  /// the SDK waits too. Who hears nothing does not know whether it was kept.
  private static void publish(Subscription channel, String json) throws InterruptedException {
    CompletableFuture<PublishResult> answer = new CompletableFuture<>();
    channel.publish(
        json.getBytes(StandardCharsets.UTF_8),
        (error, result) -> {
          if (error == null) {
            answer.complete(result);
          } else {
            answer.completeExceptionally(error);
          }
        });
    try {
      answer.get(PUBLISH_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException refused) {
      System.out.println("not published: " + refused.getCause());
    } catch (TimeoutException late) {
      System.out.println("no answer: " + json);
    }
  }
}
