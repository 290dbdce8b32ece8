package dev.switchboard.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.protocol.Encoding;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;

/// A client that speaks the protocol by hand, over the JDK's own WebSocket: in JSON, or in Protobuf
/// that a test sees as the same JSON.
///
/// Answers no pings unless told to, so tests see everything the server says.
public final class TestClient implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 10;
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final BlockingQueue<JsonObject> received = new LinkedBlockingQueue<>();
  private final CompletableFuture<Close> closed = new CompletableFuture<>();
  private final Deque<JsonObject> skipped = new ArrayDeque<>();
  private final WebSocket socket;
  private final boolean binary;
  private volatile long lastReceivedAt;
  private int lastId;

  /// How a connection ended.
  public record Close(int code, String reason) {}

  private TestClient(HttpClient http, URI address, Encoding encoding) {
    this.binary = encoding == Encoding.PROTOBUF;
    var builder = http.newWebSocketBuilder();
    this.socket =
        (binary ? builder.subprotocols("centrifuge-protobuf") : builder)
            .buildAsync(address, new Incoming())
            .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
            .join();
  }

  /// Opens a socket and says nothing yet.
  public static TestClient open(TestNode node) {
    return open(node.websocket());
  }

  /// Opens a socket over TLS and says nothing yet.
  public static TestClient open(TestNode node, SSLContext trust) {
    var http = HttpClient.newBuilder().sslContext(trust).build();
    return new TestClient(http, node.websocket(), Encoding.JSON);
  }

  /// Opens a socket to a node elsewhere and says nothing yet.
  public static TestClient open(URI address) {
    return open(address, Encoding.JSON);
  }

  /// Opens a socket of an encoding and says nothing yet.
  public static TestClient open(URI address, Encoding encoding) {
    return new TestClient(HTTP, address, encoding);
  }

  /// Opens a socket and connects as `user` with a good token.
  public static TestClient connect(TestNode node, String user) {
    var client = open(node);
    client.connect(node.token(user));
    return client;
  }

  /// Opens a socket of an encoding and connects as `user` with a good token.
  public static TestClient connect(TestNode node, String user, Encoding encoding) {
    var client = open(node.websocket(), encoding);
    client.connect(node.token(user));
    return client;
  }

  /// Sends the connect command and returns the whole reply.
  public JsonObject connect(String token) {
    return call("connect", new JsonObject().put("token", token));
  }

  /// Connects as a user of the node with a good token.
  ///
  /// @return the client id
  public String connectTo(TestNode node, String user) {
    return connect(node.token(user)).getJsonObject("connect").getString("client");
  }

  /// Sends a command and waits for its reply; pushes that come before it stay to be read.
  public JsonObject call(String command, JsonObject parameters) {
    int id = ++lastId;
    send(new JsonObject().put("id", id).put(command, parameters).encode());
    while (true) {
      JsonObject next = poll(received);
      if (next.getInteger("id", 0) == id) {
        return next;
      }
      skipped.add(next);
    }
  }

  /// Subscribes and returns the whole reply.
  public JsonObject subscribe(String channel) {
    return call("subscribe", new JsonObject().put("channel", channel));
  }

  /// Publishes and returns the whole reply.
  public JsonObject publish(String channel, Object data) {
    return call("publish", new JsonObject().put("channel", channel).put("data", data));
  }

  /// Sends text as it is; in Protobuf what its lines say.
  public void send(String text) {
    if (binary) {
      var frame = new ByteArrayOutputStream();
      text.lines().forEach(line -> frame.writeBytes(ProtobufJson.command(new JsonObject(line))));
      socket.sendBinary(ByteBuffer.wrap(frame.toByteArray()), true).join();
    } else {
      socket.sendText(text, true).join();
    }
  }

  /// Sends text unless the connection is over.
  public void trySend(String text) {
    try {
      send(text);
    } catch (CompletionException closing) {
      assertThat(closing).hasCauseInstanceOf(IOException.class);
    }
  }

  /// When the last text came, from `System.nanoTime()`.
  public long lastReceivedAt() {
    return lastReceivedAt;
  }

  /// The next thing the server said that was no reply to [#call].
  public JsonObject next() {
    return skipped.isEmpty() ? poll(received) : skipped.poll();
  }

  /// The next push.
  public JsonObject push() {
    JsonObject next = next();
    while (next.isEmpty()) {
      next = next();
    }
    return next.getJsonObject("push");
  }

  /// Whether nothing was said that is still unread.
  public boolean isQuiet() {
    return skipped.isEmpty() && received.isEmpty();
  }

  /// How the server ended the connection, once it did.
  public Close closed() {
    try {
      return closed.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException late) {
      throw new AssertionError("the server did not close", late);
    } catch (Exception failure) {
      throw new AssertionError(failure);
    }
  }

  /// Whether the connection ended.
  public boolean isClosed() {
    return closed.isDone();
  }

  /// Breaks the connection.
  public void abort() {
    socket.abort();
  }

  @Override
  public void close() {
    abort();
  }

  private static JsonObject poll(BlockingQueue<JsonObject> queue) {
    try {
      JsonObject next = queue.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (next == null) {
        throw new AssertionError("the server said nothing");
      }
      return next;
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    }
  }

  private final class Incoming implements WebSocket.Listener {
    private final StringBuilder partial = new StringBuilder();
    private final ByteArrayOutputStream partialBytes = new ByteArrayOutputStream();

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence text, boolean last) {
      lastReceivedAt = System.nanoTime();
      partial.append(text);
      if (last) {
        Arrays.stream(partial.toString().split("\n"))
            .forEach(line -> received.add(new JsonObject(line)));
        partial.setLength(0);
      }
      from.request(1);
      return null;
    }

    @Override
    public CompletionStage<?> onBinary(WebSocket from, ByteBuffer bytes, boolean last) {
      lastReceivedAt = System.nanoTime();
      var part = new byte[bytes.remaining()];
      bytes.get(part);
      partialBytes.writeBytes(part);
      if (last) {
        received.addAll(ProtobufJson.replies(partialBytes.toByteArray()));
        partialBytes.reset();
      }
      from.request(1);
      return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
      closed.complete(new Close(code, reason));
      return null;
    }

    @Override
    public void onError(WebSocket from, Throwable failure) {
      closed.complete(new Close(1006, failure.toString()));
    }
  }
}
