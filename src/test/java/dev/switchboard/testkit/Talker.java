package dev.switchboard.testkit;

import dev.switchboard.protocol.Encoding;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.Arrays;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/// A client over whatever carries it, for tests of what must be the same on all carriers. What it
/// says and hears is JSON, however it is written.
public sealed interface Talker extends AutoCloseable {
  /// What a connection that ended without a word is to a client.
  int CUT = 1006;

  /// The next thing the server says.
  JsonObject next();

  /// Sends a command and waits for its reply.
  JsonObject call(String command, JsonObject parameters);

  /// Sends commands in one message.
  void say(JsonObject... commands);

  /// The code with which the server ends the connection, once it does.
  int closed();

  @Override
  void close();

  /// The next push, after pings and replies.
  default JsonObject push() {
    JsonObject next = next();
    while (!next.containsKey("push")) {
      next = next();
    }
    return next.getJsonObject("push");
  }

  /// What carries the protocol, and how it is written.
  enum Carrier {
    WEBSOCKET_JSON(Encoding.JSON),
    WEBSOCKET_PROTOBUF(Encoding.PROTOBUF),
    STREAM_JSON(Encoding.JSON),
    STREAM_PROTOBUF(Encoding.PROTOBUF);

    private final Encoding encoding;

    Carrier(Encoding encoding) {
      this.encoding = encoding;
    }

    /// How it is written.
    public Encoding encoding() {
      return encoding;
    }

    /// Whether it has frames of its own.
    public boolean isWebSocket() {
      return this == WEBSOCKET_JSON || this == WEBSOCKET_PROTOBUF;
    }

    /// A name that no other carrier uses.
    public String own(String name) {
      return name + "-" + name().toLowerCase(java.util.Locale.ROOT);
    }

    /// Begins with a connect command and does not wait for an answer.
    public Talker open(TestNode node, JsonObject connect) {
      if (isWebSocket()) {
        var client = TestClient.open(node.websocket(), encoding);
        client.send(new JsonObject().put("id", 1_000_000).put("connect", connect).encode());
        return new OfWebSocket(client);
      }
      var kind = encoding == Encoding.JSON ? StreamClient.Kind.LINES : StreamClient.Kind.PROTOBUF;
      URI address = StreamClient.http(node);
      return new OfStream(StreamClient.open(address, kind, connect), address);
    }

    /// Begins with a token and takes the reply.
    public Talker connect(TestNode node, String token) {
      Talker talker = open(node, new JsonObject().put("token", token));
      JsonObject reply =
          switch (talker) {
            case OfWebSocket(var client) -> client.next();
            case OfStream(var client, _) -> client.greeted();
          };
      if (!reply.containsKey("connect")) {
        throw new AssertionError("not connected: " + reply);
      }
      return talker;
    }
  }

  /// One that has a WebSocket.
  record OfWebSocket(TestClient client) implements Talker {
    @Override
    public JsonObject next() {
      return client.next();
    }

    @Override
    public JsonObject call(String command, JsonObject parameters) {
      return client.call(command, parameters);
    }

    @Override
    public void say(JsonObject... commands) {
      client.trySend(
          Arrays.stream(commands).map(JsonObject::encode).collect(Collectors.joining("\n")));
    }

    @Override
    public int closed() {
      return client.closed().code();
    }

    @Override
    public void close() {
      client.close();
    }
  }

  /// One that listens to a response and sends requests.
  record OfStream(StreamClient client, URI node) implements Talker {
    @Override
    public JsonObject next() {
      return client.next();
    }

    @Override
    public JsonObject call(String command, JsonObject parameters) {
      return client.call(node, command, parameters);
    }

    @Override
    public void say(JsonObject... commands) {
      client.send(node, commands);
    }

    @Override
    public int closed() {
      try {
        client.ended().get(10, TimeUnit.SECONDS);
      } catch (ExecutionException broken) {
        return CUT;
      } catch (TimeoutException | InterruptedException late) {
        throw new AssertionError("the server does not end the response", late);
      }
      JsonObject push = push();
      while (!push.containsKey("disconnect")) {
        push = push();
      }
      return push.getJsonObject("disconnect").getInteger("code");
    }

    @Override
    public void close() {
      client.close();
    }
  }
}
