package dev.switchboard.door;

import dev.switchboard.deflate.DeflateOffer;
import dev.switchboard.metrics.Rejection;
import dev.switchboard.protocol.Encoding;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Decides whether a request may become a WebSocket (RFC 6455, 4.2.1). Pure, safe on any thread.
///
/// Stricter than it must be where leniency has let requests be smuggled past proxies: no body,
/// every decisive header exactly once, and `upgrade` as a token of its own.
public final class UpgradePolicy {
  /// The subprotocol of JSON clients.
  static final String JSON_SUBPROTOCOL = "centrifuge-json";

  /// The subprotocol of Protobuf clients.
  static final String PROTOBUF_SUBPROTOCOL = "centrifuge-protobuf";

  // RFC 6455, 1.3.
  private static final String ACCEPT_GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  private static final int KEY_BYTES = 16;

  private final OriginRule origins;
  private final boolean deflates;

  /// @param origins whose pages may connect
  /// @param deflates whether compression is agreed to when it is offered
  public UpgradePolicy(OriginRule origins, boolean deflates) {
    this.origins = origins;
    this.deflates = deflates;
  }

  /// What is known of a request before its body.
  public record Head(HttpMethod method, HttpVersion version, String query, MultiMap headers) {}

  /// The answer to a request.
  public sealed interface Verdict {
    /// Answer 101.
    ///
    /// @param subprotocol to echo, empty when the client offered none that we speak
    /// @param acceptKey value of `Sec-WebSocket-Accept`
    /// @param extension value of `Sec-WebSocket-Extensions`; empty when none is agreed to
    record Accept(
        Encoding encoding, String subprotocol, String acceptKey, Optional<String> extension)
        implements Verdict {}

    /// Answer with an HTTP error.
    record Refuse(int status, String reason, Rejection rejection) implements Verdict {}
  }

  /// Judges a request for the WebSocket path.
  public Verdict judge(Head head) {
    MultiMap headers = head.headers();
    if (!HttpMethod.GET.equals(head.method())) {
      return refuse(405, "a WebSocket handshake is a GET request");
    }
    if (head.version() != HttpVersion.HTTP_1_1) {
      return refuse(400, "a WebSocket handshake needs HTTP/1.1");
    }
    if (!hasToken(headers, "upgrade", "websocket") || !hasToken(headers, "connection", "upgrade")) {
      return refuse(426, "this path speaks WebSocket only");
    }
    if (headers.contains(HttpHeaders.TRANSFER_ENCODING) || hasBody(headers)) {
      return refuse(400, "a WebSocket handshake has no body");
    }
    List<String> hosts = headers.getAll(HttpHeaders.HOST);
    if (hosts.size() != 1 || hosts.getFirst().isBlank()) {
      return refuse(400, "exactly one Host header is needed");
    }
    if (!List.of("13").equals(headers.getAll("sec-websocket-version"))) {
      return refuse(426, "only WebSocket version 13 is spoken here");
    }
    List<String> keys = headers.getAll("sec-websocket-key");
    if (keys.size() != 1 || !isKey(keys.getFirst())) {
      return refuse(400, "Sec-WebSocket-Key must be 16 bytes in base64");
    }
    if (!origins.allows(headers.getAll(HttpHeaders.ORIGIN), hosts.getFirst())) {
      return new Verdict.Refuse(403, "origin not allowed", Rejection.ORIGIN);
    }
    return accept(head, keys.getFirst());
  }

  private Verdict accept(Head head, String key) {
    List<String> offered = tokens(head.headers(), "sec-websocket-protocol").toList();
    String acceptKey = acceptKey(key);
    Optional<String> extension =
        deflates
            ? DeflateOffer.answer(head.headers().getAll("sec-websocket-extensions"))
            : Optional.empty();
    if (offered.contains(PROTOBUF_SUBPROTOCOL)) {
      return new Verdict.Accept(Encoding.PROTOBUF, PROTOBUF_SUBPROTOCOL, acceptKey, extension);
    }
    if (offered.contains(JSON_SUBPROTOCOL)) {
      return new Verdict.Accept(Encoding.JSON, JSON_SUBPROTOCOL, acceptKey, extension);
    }
    Encoding encoding = asksForProtobuf(head.query()) ? Encoding.PROTOBUF : Encoding.JSON;
    return new Verdict.Accept(encoding, "", acceptKey, extension);
  }

  private static boolean asksForProtobuf(String query) {
    return query != null
        && Stream.of(query.split("&"))
            .anyMatch(Set.of("format=protobuf", "cf_protocol=protobuf")::contains);
  }

  private static Verdict refuse(int status, String reason) {
    return new Verdict.Refuse(status, reason, Rejection.BAD_UPGRADE);
  }

  private static boolean hasBody(MultiMap headers) {
    return headers.getAll(HttpHeaders.CONTENT_LENGTH).stream()
        .anyMatch(length -> !"0".equals(length));
  }

  private static boolean hasToken(MultiMap headers, String name, String token) {
    return tokens(headers, name).anyMatch(found -> found.toLowerCase(Locale.ROOT).equals(token));
  }

  private static Stream<String> tokens(MultiMap headers, String name) {
    return headers.getAll(name).stream()
        .flatMap(value -> Arrays.stream(value.split(",")))
        .map(String::strip);
  }

  private static boolean isKey(String key) {
    try {
      return key.length() == 24 && Base64.getDecoder().decode(key).length == KEY_BYTES;
    } catch (IllegalArgumentException notBase64) {
      return false;
    }
  }

  private static String acceptKey(String key) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-1")
              .digest((key + ACCEPT_GUID).getBytes(StandardCharsets.ISO_8859_1));
      return Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException everyJdkHasIt) {
      throw new IllegalStateException(everyJdkHasIt);
    }
  }
}
