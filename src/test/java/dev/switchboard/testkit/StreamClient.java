package dev.switchboard.testkit;

import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// A client without a WebSocket, which listens to a response and sends by requests of their own, to
/// any node.
public final class StreamClient implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 10;
  private static final String BINARY = "application/octet-stream";

  private final HttpClient http = HttpClient.newHttpClient();
  private final BlockingQueue<JsonObject> received = new LinkedBlockingQueue<>();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private final Kind kind;
  private HttpResponse<InputStream> response;
  private String session = "";
  private String owner = "";
  private int lastId;

  /// How it listens.
  public enum Kind {
    LINES,
    PROTOBUF,
    EVENTS,
    EVENTS_BY_POST,
    UNI_LINES,
    UNI_EVENTS,
    UNI_EVENTS_BY_POST;

    private boolean isUnidirectional() {
      return name().startsWith("UNI_");
    }

    private boolean isLines() {
      return this == LINES || this == UNI_LINES;
    }

    private String path() {
      String stream = isLines() || this == PROTOBUF ? "http_stream" : "sse";
      return "/connection/" + (isUnidirectional() ? "uni_" : "") + stream;
    }
  }

  private StreamClient(Kind kind) {
    this.kind = kind;
  }

  /// Asks for a stream with a connect command.
  public static StreamClient open(URI node, Kind kind, JsonObject connect, String... headers) {
    var client = new StreamClient(kind);
    JsonObject command = new JsonObject().put("id", ++client.lastId).put("connect", connect);
    JsonObject first = kind.isUnidirectional() ? connect : command;
    client.listen(client.request(node, first), headers);
    return client;
  }

  /// Opens a stream and takes the connect reply.
  public static StreamClient connect(TestNode node, Kind kind, String user) {
    var client = open(http(node), kind, new JsonObject().put("token", node.token(user)));
    client.greeted();
    return client;
  }

  /// Takes the connect reply, and with it the right to send.
  public JsonObject greeted() {
    JsonObject reply = next();
    JsonObject connect = reply.getJsonObject("connect", new JsonObject());
    session = connect.getString("session", "");
    owner = connect.getString("node", "");
    return reply;
  }

  /// Where a node is reached without a WebSocket.
  public static URI http(TestNode node) {
    return URI.create("http://127.0.0.1:" + node.port());
  }

  private HttpRequest.Builder request(URI node, JsonObject command) {
    return switch (kind) {
      case LINES, UNI_LINES, EVENTS_BY_POST, UNI_EVENTS_BY_POST ->
          HttpRequest.newBuilder(node.resolve(kind.path()))
              .POST(HttpRequest.BodyPublishers.ofString(command.encode()));
      case PROTOBUF ->
          HttpRequest.newBuilder(node.resolve(kind.path()))
              .header("Content-Type", BINARY)
              .POST(HttpRequest.BodyPublishers.ofByteArray(ProtobufJson.command(command)));
      case EVENTS, UNI_EVENTS -> {
        String connect = URLEncoder.encode(command.encode(), StandardCharsets.UTF_8);
        yield HttpRequest.newBuilder(node.resolve(kind.path() + "?cf_connect=" + connect));
      }
    };
  }

  private void listen(HttpRequest.Builder request, String... headers) {
    if (headers.length > 0) {
      request.headers(headers);
    }
    try {
      response = http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
    Thread.ofVirtual().start(this::read);
  }

  private void read() {
    try (InputStream in = response.body()) {
      var line = new ByteArrayOutputStream();
      for (int next = in.read(); next >= 0; next = in.read()) {
        line.write(next);
        if (kind == Kind.PROTOBUF) {
          if (isWhole(line.toByteArray())) {
            received.addAll(ProtobufJson.replies(line.toByteArray()));
            line.reset();
          }
        } else if (next == '\n') {
          onLine(line.toString(StandardCharsets.UTF_8).strip());
          line.reset();
        }
      }
      ended.complete(null);
    } catch (IOException broken) {
      ended.completeExceptionally(broken);
    }
  }

  /// Messages of these tests are under 16,384 bytes, so their length takes one byte or two.
  private static boolean isWhole(byte[] bytes) {
    boolean two = bytes[0] < 0;
    if (two && bytes.length < 2) {
      return false;
    }
    int length = two ? bytes[0] & 0x7f | bytes[1] << 7 : bytes[0];
    return bytes.length == length + (two ? 2 : 1);
  }

  private void onLine(String line) {
    if (kind.isLines()) {
      received.add(new JsonObject(line));
    } else if (line.startsWith("data: ")) {
      received.add(new JsonObject(line.substring("data: ".length())));
    } else if (!line.isEmpty()) {
      throw new IllegalStateException("no line of an event: " + line);
    }
  }

  /// The head of the response.
  public HttpResponse<?> response() {
    return response;
  }

  /// The next thing the server said.
  public JsonObject next() {
    try {
      JsonObject next = received.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (next == null) {
        throw new AssertionError("nothing comes");
      }
      return next;
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  /// Completes when the response ends as it should.
  public CompletableFuture<Void> ended() {
    return ended;
  }

  /// Sends a command through a node, and waits for its reply.
  public JsonObject call(URI node, String command, JsonObject parameters) {
    int id = ++lastId;
    int status = send(node, new JsonObject().put("id", id).put(command, parameters));
    if (status != 204) {
      throw new AssertionError("status " + status);
    }
    JsonObject next = next();
    while (next.getInteger("id", 0) != id) {
      next = next();
    }
    return next;
  }

  /// Sends commands through a node.
  ///
  /// @return the status of the answer
  public int send(URI node, JsonObject... commands) {
    return send(node, owner, session, commands);
  }

  /// Sends commands as somebody else might.
  public int send(URI node, String nodeId, String secret, JsonObject... commands) {
    var builder = HttpRequest.newBuilder(node.resolve("/emulation"));
    if (kind == Kind.PROTOBUF) {
      var data = new ByteArrayOutputStream();
      for (JsonObject command : commands) {
        data.writeBytes(ProtobufJson.command(command));
      }
      var request =
          dev.switchboard.protocol.proto.EmulationRequest.newBuilder()
              .setNode(nodeId)
              .setSession(secret)
              .setData(com.google.protobuf.ByteString.copyFrom(data.toByteArray()))
              .build();
      builder
          .header("Content-Type", BINARY)
          .POST(HttpRequest.BodyPublishers.ofByteArray(request.toByteArray()));
    } else {
      var data = new StringBuilder();
      for (JsonObject command : commands) {
        data.append(data.isEmpty() ? "" : "\n").append(command.encode());
      }
      var body =
          new JsonObject().put("node", nodeId).put("session", secret).put("data", data.toString());
      builder.POST(HttpRequest.BodyPublishers.ofString(body.encode()));
    }
    return post(builder);
  }

  /// Sends any request.
  ///
  /// @return the status of the answer
  public int post(HttpRequest.Builder request) {
    try {
      return http.send(
              request.timeout(Duration.ofSeconds(PATIENCE_SECONDS)).build(),
              HttpResponse.BodyHandlers.discarding())
          .statusCode();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  /// The secret by which this client sends.
  public String session() {
    return session;
  }

  /// The node that owns its session.
  public String owner() {
    return owner;
  }

  /// A secret that was guessed from what everybody can see.
  public String guessedSession() {
    String id = session.substring(0, session.indexOf('.'));
    return id + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(new byte[16]);
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
