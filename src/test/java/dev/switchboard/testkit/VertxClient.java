package dev.switchboard.testkit;

import dev.switchboard.protocol.Encoding;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonObject;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A client over Vert.x's WebSocket, which offers compression and compresses all that it says.
public final class VertxClient implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 10;

  private final BlockingQueue<JsonObject> received = new LinkedBlockingQueue<>();
  private final Encoding encoding;
  private final WebSocket socket;
  private int lastId;

  private VertxClient(Vertx vertx, TestNode node, Encoding encoding) {
    this.encoding = encoding;
    var options =
        new WebSocketClientOptions()
            .setTryUsePerMessageCompression(true)
            .setCompressionAllowClientNoContext(true)
            .setCompressionRequestServerNoContext(true);
    var address = new WebSocketConnectOptions().setAbsoluteURI(node.websocket().toString());
    address.addSubProtocol(
        switch (encoding) {
          case JSON -> "centrifuge-json";
          case PROTOBUF -> "centrifuge-protobuf";
        });
    this.socket = await(vertx.createWebSocketClient(options).connect(address));
    socket.textMessageHandler(
        text ->
            Arrays.stream(text.split("\n")).forEach(line -> received.add(new JsonObject(line))));
    socket.binaryMessageHandler(bytes -> received.addAll(ProtobufJson.replies(bytes.getBytes())));
  }

  /// Opens a socket and connects as `user` with a good token.
  public static VertxClient connect(Vertx vertx, TestNode node, String user, Encoding encoding) {
    var client = new VertxClient(vertx, node, encoding);
    client.call("connect", new JsonObject().put("token", node.token(user)));
    return client;
  }

  /// What both sides agreed to.
  public List<String> extensions() {
    return socket.headers().getAll("sec-websocket-extensions");
  }

  /// Sends a command and takes what comes next for its reply.
  public JsonObject call(String command, JsonObject parameters) {
    int id = send(command, parameters);
    JsonObject reply = next();
    if (reply.getInteger("id", 0) != id) {
      throw new AssertionError("not the reply to " + command + ": " + reply);
    }
    return reply;
  }

  /// Sends a command.
  ///
  /// @return its id
  public int send(String command, JsonObject parameters) {
    var json = new JsonObject().put("id", ++lastId).put(command, parameters);
    await(
        switch (encoding) {
          case JSON -> socket.writeTextMessage(json.encode());
          case PROTOBUF -> socket.writeBinaryMessage(Buffer.buffer(ProtobufJson.command(json)));
        });
    return lastId;
  }

  /// The next reply or push.
  public JsonObject next() {
    try {
      JsonObject next = received.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (next == null) {
        throw new AssertionError("the server said nothing");
      }
      return next;
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    }
  }

  @Override
  public void close() {
    await(socket.close());
  }

  private static <T> T await(Future<T> future) {
    try {
      return future.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException late) {
      throw new AssertionError(late);
    }
  }
}
