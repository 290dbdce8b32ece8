package dev.switchboard.socket;

import dev.switchboard.config.GatewayConfig;
import dev.switchboard.door.Arrival;
import dev.switchboard.door.OriginRule;
import dev.switchboard.metrics.Rejection;
import dev.switchboard.protocol.ClientCodec;
import dev.switchboard.protocol.ClientId;
import dev.switchboard.protocol.Encoding;
import dev.switchboard.protocol.MalformedException;
import dev.switchboard.routing.Delivery;
import dev.switchboard.routing.Order;
import dev.switchboard.routing.Recipient;
import dev.switchboard.wire.Framing;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The transports for those who cannot have a WebSocket: a response that never ends, as lines or as
/// events, and requests by which its client says something, to whatever node.
///
/// Confined to one event loop. Pages of other sites are kept out as they are from WebSockets, and
/// those that are allowed are told so (Fetch standard, 3.2).
final class HttpTransports {
  private static final Logger LOG = LoggerFactory.getLogger(HttpTransports.class);
  private static final String BINARY = "application/octet-stream";
  private static final String PREFLIGHT_SECONDS = "300";

  private final Gateway gateway;
  private final GatewayConfig.Http config;
  private final OwnerLoop owner;
  private final Doorway doorway;
  private final OriginRule origins;

  HttpTransports(Gateway gateway, OwnerLoop owner, Doorway doorway, OriginRule origins) {
    this.gateway = gateway;
    this.config = gateway.config().http();
    this.owner = owner;
    this.doorway = doorway;
    this.origins = origins;
  }

  /// Serves a request if its path is one of these transports'.
  ///
  /// @return whether it is
  boolean serve(HttpServerRequest request) {
    Optional<Consumer<HttpServerRequest>> transport = transport(request.path());
    transport.ifPresent(serve -> serve(request, serve));
    return transport.isPresent();
  }

  private Optional<Consumer<HttpServerRequest>> transport(String path) {
    boolean emulated = config.httpStream().enabled() || config.sse().enabled();
    if (config.httpStream().serves(path)) {
      return Optional.of(request -> onLines(request, Framing.httpStream(encoding(request))));
    }
    if (config.uniHttpStream().serves(path)) {
      return Optional.of(request -> onLines(request, Framing.UNI_HTTP_STREAM));
    }
    if (config.sse().serves(path)) {
      return Optional.of(request -> onEvents(request, Framing.SSE));
    }
    if (config.uniSse().serves(path)) {
      return Optional.of(request -> onEvents(request, Framing.UNI_SSE));
    }
    return emulated && config.emulationPath().equals(path)
        ? Optional.of(this::onEmulation)
        : Optional.empty();
  }

  private void serve(HttpServerRequest request, Consumer<HttpServerRequest> transport) {
    List<String> origin = request.headers().getAll(HttpHeaders.ORIGIN);
    String host = Optional.ofNullable(request.getHeader(HttpHeaders.HOST)).orElse("");
    if (!origins.allows(origin, host)) {
      doorway.refuse(request, 403, "origin not allowed", Rejection.ORIGIN);
    } else if (request.version() != HttpVersion.HTTP_1_1) {
      doorway.refuse(request, 505, "this path needs HTTP/1.1");
    } else {
      origin.forEach(page -> allow(request.response(), page));
      if (HttpMethod.OPTIONS.equals(request.method())) {
        preflight(request);
      } else {
        transport.accept(request);
      }
    }
  }

  private static void allow(HttpServerResponse response, String page) {
    response
        .putHeader("access-control-allow-origin", page)
        .putHeader("access-control-allow-credentials", "true")
        .putHeader("vary", "origin");
  }

  private void preflight(HttpServerRequest request) {
    var response =
        request
            .response()
            .putHeader("access-control-allow-methods", "GET, POST")
            .putHeader("access-control-max-age", PREFLIGHT_SECONDS);
    String headers = request.getHeader("access-control-request-headers");
    if (headers != null) {
      response.putHeader("access-control-allow-headers", headers);
    }
    answer(request, 204);
  }

  /// Answers a request that needs no socket; the next one may come on the same connection.
  private void answer(HttpServerRequest request, int status) {
    doorway.settle(request.connection()).ifPresent(arrival -> arrival.ticket().giveBack());
    request
        .response()
        .setStatusCode(status)
        .end()
        .onSuccess(_ -> doorway.await(request.connection()));
  }

  private void onLines(HttpServerRequest request, Framing framing) {
    if (!HttpMethod.POST.equals(request.method())) {
      doorway.refuseMethod(request, "POST, OPTIONS", "a stream begins with a POST request");
      return;
    }
    body(request).onSuccess(body -> open(request, framing, body));
  }

  private void onEvents(HttpServerRequest request, Framing framing) {
    if (HttpMethod.GET.equals(request.method())) {
      String connect = Optional.ofNullable(request.getParam("cf_connect")).orElse("");
      open(request, framing, connect.getBytes(StandardCharsets.UTF_8));
    } else if (HttpMethod.POST.equals(request.method())) {
      body(request).onSuccess(body -> open(request, framing, body));
    } else {
      doorway.refuseMethod(request, "GET, POST, OPTIONS", "events come by GET or POST");
    }
  }

  private static Encoding encoding(HttpServerRequest request) {
    return BINARY.equals(request.getHeader(HttpHeaders.CONTENT_TYPE))
        ? Encoding.PROTOBUF
        : Encoding.JSON;
  }

  private void open(HttpServerRequest request, Framing framing, byte[] connect) {
    if (connect.length == 0) {
      doorway.refuse(request, 400, "a connect command is needed");
      return;
    }
    doorway.enter(request).ifPresent(arrival -> open(request, framing, connect, arrival));
  }

  private void open(HttpServerRequest request, Framing framing, byte[] connect, Arrival arrival) {
    request
        .response()
        .putHeader(HttpHeaders.CONTENT_TYPE, contentType(framing))
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-cache, no-store, no-transform")
        .putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE)
        // Of nginx, which else keeps what it has until its buffer is full.
        .putHeader("x-accel-buffering", "no");
    owner
        .opening()
        .open(request, framing, socket -> doorway.greet(request, arrival, socket))
        .onSuccess(socket -> socket.receive(connect))
        .onFailure(
            failure -> {
              LOG.debug("a stream could not begin", failure);
              doorway.leave(arrival);
            });
  }

  private static String contentType(Framing framing) {
    return switch (framing.carrier()) {
      case SSE -> "text/event-stream";
      case HTTP_STREAM -> framing.encoding() == Encoding.JSON ? "application/json" : BINARY;
      case WEBSOCKET -> throw new IllegalArgumentException("a WebSocket is no response");
    };
  }

  private void onEmulation(HttpServerRequest request) {
    if (!HttpMethod.POST.equals(request.method())) {
      doorway.refuseMethod(request, "POST, OPTIONS", "commands come by POST");
      return;
    }
    Encoding encoding = encoding(request);
    body(request).onSuccess(body -> onEmulation(request, encoding, body));
  }

  private void onEmulation(HttpServerRequest request, Encoding encoding, byte[] body) {
    try {
      var commands = ClientCodec.of(encoding).decodeEmulated(body);
      if (!isNode(commands.node())) {
        doorway.refuse(request, 404, "no such node");
        return;
      }
      ClientId.ofSecret(commands.session())
          .ifPresentOrElse(
              id -> hand(request, new Recipient.Client(id), commands), () -> answer(request, 204));
    } catch (MalformedException unreadable) {
      doorway.refuse(request, 400, "the body must name a node, a session and its commands");
    }
  }

  private boolean isNode(String uid) {
    try {
      return gateway.router().isMember(Long.parseUnsignedLong(uid, 16));
    } catch (NumberFormatException noNode) {
      return false;
    }
  }

  /// Hands commands to the owner of their session, wherever that is.
  private void hand(
      HttpServerRequest request, Recipient.Client session, ClientCodec.Emulated commands) {
    gateway
        .router()
        .tell(session, new Order.Commands(commands.session(), commands.message()))
        .onSuccess(deliveries -> answer(request, isLost(deliveries) ? 503 : 204))
        .onFailure(
            failure -> {
              LOG.debug("commands did not reach their session", failure);
              answer(request, 503);
            });
  }

  private static boolean isLost(List<Delivery> deliveries) {
    return deliveries.stream()
        .flatMap(delivery -> delivery.reason().stream())
        .anyMatch(List.of(Delivery.Reason.BUSY, Delivery.Reason.NO_ANSWER)::contains);
  }

  /// The body of a request, at most as large as a message may be; else it is refused, or it breaks,
  /// and the result never comes.
  private Future<byte[]> body(HttpServerRequest request) {
    int bytesMax = gateway.config().client().messageBytesMax();
    Promise<byte[]> done = Promise.promise();
    Buffer body = Buffer.buffer();
    request.exceptionHandler(broken -> LOG.debug("a request broke", broken));
    request.endHandler(
        _ -> {
          if (body.length() <= bytesMax) {
            done.complete(body.getBytes());
          }
        });
    request.handler(
        part -> {
          boolean fits = body.length() <= bytesMax;
          body.appendBuffer(part);
          if (fits && body.length() > bytesMax) {
            request.handler(_ -> {});
            doorway.refuse(request, 413, "the body is over client.message_bytes_max");
          }
        });
    return done.future();
  }
}
