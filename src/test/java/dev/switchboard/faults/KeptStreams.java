package dev.switchboard.faults;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/// Streams behind two ports as two nodes answer for them, by the contract of the HTTP API; one of
/// them may lie. A stream is locked while it answers.
final class KeptStreams implements AutoCloseable {
  static final int PAGE_MAX = 300;

  private final Map<String, Stream> streams = new ConcurrentHashMap<>();
  private final List<HttpServer> servers = new ArrayList<>();
  private final AtomicInteger forgotten = new AtomicInteger();
  private final AtomicInteger refused = new AtomicInteger();
  private volatile Lie lie = Lie.NONE;

  /// What the streams do wrong.
  enum Lie {
    NONE,
    /// Answers as if it were kept.
    FORGETS,
    /// Keeps a repeat again.
    REPEATS,
    /// Keeps it, and the answer is lost.
    SILENT,
    /// Answers with a temporary error, and keeps nothing.
    REFUSES
  }

  private static final class Stream {
    private final List<JsonObject> publications = new ArrayList<>();
    private final Map<String, Long> keys = new HashMap<>();
    private long top;
  }

  KeptStreams() {
    start();
    start();
  }

  private void start() {
    try {
      var any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
      var server = HttpServer.create(any, 0);
      server.createContext("/api/publish", exchange -> answer(exchange, true));
      server.createContext("/api/history", exchange -> answer(exchange, false));
      server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
      server.start();
      servers.add(server);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  NodeApi api(HttpClient http, int node) {
    return new NodeApi(http, "http://127.0.0.1:" + servers.get(node).getAddress().getPort(), "key");
  }

  void lie(Lie next) {
    lie = next;
  }

  int forgotten() {
    return forgotten.get();
  }

  int refused() {
    return refused.get();
  }

  private void answer(HttpExchange exchange, boolean publish) throws IOException {
    var request =
        new JsonObject(
            new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
    String channel = request.getString("channel");
    var repeated = new AtomicBoolean();
    var answer = new AtomicReference<JsonObject>();
    streams.compute(
        channel,
        (_, known) -> {
          Stream stream = known == null ? new Stream() : known;
          repeated.set(stream.keys.containsKey(request.getString("idempotency_key")));
          answer.set(publish ? publish(stream, request) : history(stream, request));
          return stream;
        });
    if (publish && lie == Lie.SILENT && !repeated.get()) {
      exchange.close();
      return;
    }
    byte[] body = answer.get().encode().getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(200, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private JsonObject publish(Stream stream, JsonObject request) {
    if (lie == Lie.REFUSES) {
      refused.incrementAndGet();
      return new JsonObject().put("error", new JsonObject().put("code", 100).put("message", "x"));
    }
    String key = request.getString("idempotency_key");
    Long known = lie == Lie.REPEATS ? null : stream.keys.get(key);
    if (known == null) {
      known = ++stream.top;
      stream.keys.put(key, known);
      if (lie == Lie.FORGETS) {
        stream.top--;
        forgotten.incrementAndGet();
      } else {
        stream.publications.add(
            new JsonObject().put("offset", known).put("data", request.getValue("data")));
      }
    }
    return result(known);
  }

  private static JsonObject result(long offset) {
    var result = new JsonObject().put("epoch", "abcdefgh").put("offset", offset);
    return new JsonObject().put("result", result);
  }

  private static JsonObject history(Stream stream, JsonObject request) {
    long since = request.getJsonObject("since", new JsonObject()).getLong("offset", 0L);
    int limit = Math.min(request.getInteger("limit"), PAGE_MAX);
    var page = new JsonArray();
    stream.publications.stream()
        .filter(each -> each.getLong("offset") > since)
        .limit(limit)
        .forEach(page::add);
    var answer = result(stream.top);
    answer.getJsonObject("result").put("publications", page);
    return answer;
  }

  @Override
  public void close() {
    servers.forEach(server -> server.stop(0));
  }
}
