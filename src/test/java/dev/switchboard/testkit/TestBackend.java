package dev.switchboard.testkit;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// An application that is asked over HTTP, and answers as a test wants it.
public final class TestBackend implements AutoCloseable {
  private static final String NOTHING = "{\"result\":{}}";
  private static final long PATIENCE_SECONDS = 10;

  private final BlockingQueue<Asked> asked = new LinkedBlockingQueue<>();
  private final Map<String, String> answers = new ConcurrentHashMap<>();
  private final CountDownLatch silence = new CountDownLatch(1);
  private final HttpServer server;
  private volatile int status = 200;
  private volatile boolean silent;

  /// A request.
  ///
  /// @param event what its header says that it is about
  /// @param headers the first value of each, by names in lower case
  public record Asked(String event, Map<String, String> headers, JsonObject body) {}

  private TestBackend(HttpServer server) {
    this.server = server;
  }

  /// Starts one on a free port.
  public static TestBackend start() {
    try {
      var anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
      var backend = new TestBackend(HttpServer.create(anyPort, 0));
      backend.server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
      backend.server.createContext("/", backend::onRequest);
      backend.server.start();
      return backend;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private void onRequest(HttpExchange exchange) throws IOException {
    try (exchange) {
      Map<String, String> headers = new ConcurrentHashMap<>();
      exchange
          .getRequestHeaders()
          .forEach((name, values) -> headers.put(name.toLowerCase(), values.getFirst()));
      String event = headers.getOrDefault("switchboard-event", "");
      byte[] body = exchange.getRequestBody().readAllBytes();
      String text = body.length == 0 ? "{}" : new String(body, StandardCharsets.UTF_8);
      asked.add(new Asked(event, headers, new JsonObject(text)));
      if (silent) {
        silence.await();
      }
      byte[] answer = answers.getOrDefault(event, NOTHING).getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(status, answer.length);
      exchange.getResponseBody().write(answer);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /// What it answers from now on to requests of an event.
  public TestBackend answer(String event, String answer) {
    answers.put(event, answer.replace('\'', '"'));
    return this;
  }

  /// The status of all its answers from now on.
  public void status(int code) {
    status = code;
  }

  /// Whether it keeps all who ask waiting from now on.
  public void silent(boolean whether) {
    silent = whether;
  }

  /// Answers all who wait, and keeps nobody waiting any more.
  public void speak() {
    silent = false;
    silence.countDown();
  }

  /// The next request, once it is there.
  public Asked next() {
    try {
      Asked next = asked.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (next == null) {
        throw new AssertionError("nobody asked");
      }
      return next;
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    }
  }

  /// How many requests came that were not looked at.
  public int asked() {
    return asked.size();
  }

  /// The option of a node that makes it known there.
  public String[] known(String name, String... more) {
    String[] options = new String[more.length + 2];
    options[0] = "backend.endpoints.0.name=" + name;
    options[1] = "backend.endpoints.0.url=" + url();
    System.arraycopy(more, 0, options, 2, more.length);
    return options;
  }

  /// Where it is asked.
  public String url() {
    return "http://127.0.0.1:%d/asked".formatted(server.getAddress().getPort());
  }

  @Override
  public void close() {
    silence.countDown();
    server.stop(0);
  }
}
