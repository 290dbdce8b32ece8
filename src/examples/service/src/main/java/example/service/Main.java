package example.service;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;

/// Joins the gateway's cluster, says hello to a channel and a user, prints who is there, leaves.
public final class Main {
  private Main() {}

  /// Runs once; `--name value` for each of the options in the README.
  public static void main(String[] arguments) {
    // Hazelcast tells its life's story at INFO.
    Logger.getLogger("").setLevel(Level.WARNING);
    Map<String, String> options = options(arguments);
    Membership.join(options)
        .compose(
            vertx ->
                greet(new Gateway(vertx), options)
                    .onComplete(done -> vertx.close().onComplete(left -> exit(done.cause()))))
        .onFailure(Main::exit);
  }

  private static Future<Void> greet(Gateway gateway, Map<String, String> options) {
    String channel = options.getOrDefault("channel", "news");
    String user = options.getOrDefault("user", "dev");
    JsonObject hello = new JsonObject().put("text", "hello from a service");
    JsonObject about = new JsonObject().put("channel", channel);
    JsonObject toUser = new JsonObject().put("user", user).put("data", hello);
    return gateway
        .call("publish", about.copy().put("data", hello))
        .onSuccess(nothing -> print("published to " + channel))
        .compose(nothing -> gateway.call("send", toUser))
        .onSuccess(result -> print("sent to " + user + ": " + result.getJsonArray("deliveries")))
        .compose(nothing -> gateway.call("presence", about))
        .onSuccess(result -> print("on " + channel + ": " + result.getJsonObject("presence")))
        .compose(nothing -> gateway.call("info", new JsonObject()))
        .onSuccess(result -> print("nodes: " + result.getJsonArray("nodes")))
        .mapEmpty();
  }

  private static Map<String, String> options(String[] arguments) {
    Map<String, String> options = new HashMap<>();
    for (int i = 0; i + 1 < arguments.length; i += 2) {
      options.put(arguments[i].replaceFirst("^--", ""), arguments[i + 1]);
    }
    return options;
  }

  private static void print(String line) {
    System.out.println(line);
  }

  private static void exit(Throwable failure) {
    if (failure != null) {
      System.err.println("failed: " + failure);
    }
    // Not from the event loop that a shutdown hook may wait for.
    new Thread(() -> System.exit(failure == null ? 0 : 1)).start();
  }
}
