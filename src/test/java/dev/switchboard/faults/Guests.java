package dev.switchboard.faults;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/// Clients that come, go, subscribe and unsubscribe at random, and remember where they are: the
/// truth that presence and events are compared with.
///
/// All of it is on one event loop; other threads see snapshots.
final class Guests implements AutoCloseable {
  private static final int BEAT_MILLIS = 20;
  private static final int CONNECT_MILLIS = 3_000;
  // Of all guests, so many do something in one beat, about.
  private static final double ACTIONS_PER_BEAT = 1.2;

  private final Vertx vertx = Vertx.vertx();
  private final Context loop = vertx.getOrCreateContext();
  private final WebSocketClient client =
      vertx.createWebSocketClient(
          new WebSocketClientOptions().setConnectTimeout(CONNECT_MILLIS).setMaxConnections(10_000));
  private final Random random = new Random(5);
  private final List<Guest> guests;
  private final Plan plan;
  private final Map<Integer, Integer> codes = new HashMap<>();
  private final Set<String> ended = new HashSet<>();
  private boolean acting;
  private long sessions;

  /// Where guests go.
  ///
  /// @param nodes how many there are
  /// @param addresses of nodes, counted from 0
  /// @param tokens of users
  record Plan(
      int nodes,
      IntFunction<String> addresses,
      Function<String, String> tokens,
      List<String> users,
      List<String> channels) {}

  /// What is so at one moment.
  ///
  /// @param open channels of each session, by its client id
  /// @param users the user of each
  /// @param ended sessions that were open once
  /// @param busy guests that wait for an answer
  record Snapshot(
      Map<String, Set<String>> open,
      Map<String, String> users,
      Set<String> ended,
      int busy,
      long sessions,
      Map<Integer, Integer> codes) {
    /// Who is on a channel.
    Set<String> on(String channel) {
      Set<String> there = new HashSet<>();
      open.forEach(
          (client, channels) -> {
            if (channels.contains(channel)) {
              there.add(client);
            }
          });
      return there;
    }

    /// Connections of a user.
    int connections(String user) {
      return (int) users.values().stream().filter(user::equals).count();
    }
  }

  Guests(int size, Plan plan) {
    this.plan = plan;
    this.guests = IntStream.range(0, size).mapToObj(_ -> new Guest()).toList();
    loop.runOnContext(_ -> vertx.setPeriodic(BEAT_MILLIS, _ -> beat()));
  }

  private void beat() {
    double wanted = ACTIONS_PER_BEAT;
    while (acting && random.nextDouble() < wanted) {
      guests.get(random.nextInt(guests.size())).act();
      wanted -= 1;
    }
  }

  /// From now on they act, or stay where they are.
  void act(boolean now) {
    loop.runOnContext(_ -> acting = now);
  }

  Snapshot snapshot() {
    var snapshot = new CompletableFuture<Snapshot>();
    loop.runOnContext(_ -> snapshot.complete(look()));
    return snapshot.join();
  }

  private Snapshot look() {
    Map<String, Set<String>> open = new HashMap<>();
    Map<String, String> users = new HashMap<>();
    int busy = 0;
    for (Guest guest : guests) {
      busy += guest.socket != null && guest.isBusy() || guest.calling ? 1 : 0;
      if (!guest.id.isEmpty()) {
        open.put(guest.id, Set.copyOf(guest.channels));
        users.put(guest.id, guest.user);
      }
    }
    return new Snapshot(open, users, Set.copyOf(ended), busy, sessions, Map.copyOf(codes));
  }

  @Override
  public void close() {
    vertx.close().await();
  }

  /// One of them: at most one connection at a time.
  private final class Guest {
    private final Set<String> channels = new HashSet<>();
    private final Map<Integer, Runnable> replies = new HashMap<>();
    private WebSocket socket;
    private boolean calling;
    private String user = "";
    private String id = "";
    private int commands;

    private boolean isBusy() {
      return id.isEmpty() || !replies.isEmpty();
    }

    private void act() {
      if (socket == null) {
        if (!calling) {
          call();
        }
        return;
      }
      if (isBusy()) {
        return;
      }
      int choice = random.nextInt(20);
      if (choice == 0) {
        socket.close((short) 1000);
      } else if (choice == 1) {
        // Without a word.
        socket.shutdown(0, TimeUnit.MILLISECONDS);
      } else {
        toggle(plan.channels().get(random.nextInt(plan.channels().size())));
      }
    }

    private void call() {
      calling = true;
      user = plan.users().get(random.nextInt(plan.users().size()));
      String address = plan.addresses().apply(random.nextInt(plan.nodes()));
      client
          .connect(new WebSocketConnectOptions().setAbsoluteURI(address))
          .onComplete(
              (opened, _) -> {
                calling = false;
                if (opened != null) {
                  open(opened);
                }
              });
    }

    private void open(WebSocket opened) {
      socket = opened;
      opened.textMessageHandler(text -> text.lines().forEach(this::hear));
      opened.closeHandler(_ -> gone(opened));
      opened.exceptionHandler(_ -> {});
      say("connect", new JsonObject().put("token", plan.tokens().apply(user)), () -> {});
    }

    private void gone(WebSocket closed) {
      if (socket == closed) {
        Short code = closed.closeStatusCode();
        codes.merge(code == null ? 1006 : code & 0xffff, 1, Integer::sum);
        if (!id.isEmpty()) {
          ended.add(id);
        }
        socket = null;
        id = "";
        channels.clear();
        replies.clear();
      }
    }

    private void toggle(String channel) {
      var body = new JsonObject().put("channel", channel);
      if (channels.contains(channel)) {
        say("unsubscribe", body, () -> channels.remove(channel));
      } else {
        say("subscribe", body, () -> channels.add(channel));
      }
    }

    private void say(String command, JsonObject body, Runnable done) {
      replies.put(++commands, done);
      socket.writeTextMessage(new JsonObject().put("id", commands).put(command, body).encode());
    }

    private void hear(String line) {
      var message = new JsonObject(line);
      if (message.isEmpty()) {
        socket.writeTextMessage("{}");
      } else if (message.containsKey("push")) {
        JsonObject ended = message.getJsonObject("push").getJsonObject("unsubscribe");
        if (ended != null) {
          channels.remove(message.getJsonObject("push").getString("channel"));
        }
      } else {
        Runnable done = replies.remove(message.getInteger("id"));
        if (message.containsKey("connect")) {
          id = message.getJsonObject("connect").getString("client");
          sessions++;
        }
        if (!message.containsKey("error") && done != null) {
          done.run();
        }
      }
    }
  }
}
