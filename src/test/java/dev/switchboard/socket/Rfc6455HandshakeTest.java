package dev.switchboard.socket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.testkit.ClientFrame;
import dev.switchboard.testkit.RawSocket;
import dev.switchboard.testkit.RawSocket.HttpAnswer;
import dev.switchboard.testkit.TestNode;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// RFC 6455, 4.2 and 10.2: which requests become sockets, and how the others are told.
@Tag("rfc6455")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class Rfc6455HandshakeTest {
  private static final String PATH = "/connection/websocket";
  // The nonce of RFC 6455, 1.3, and its answer there.
  private static final String ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

  private final TestNode node =
      TestNode.start("client.allowed_origins=https://listed.example,http://other.example:8080");

  @AfterAll
  void stop() {
    node.close();
  }

  private RawSocket connect() {
    return RawSocket.connect(node.port());
  }

  /// A good request in which the header lines that begin as `line` does gave way to it.
  private static List<String> with(String line) {
    String name = line.split(":")[0] + ":";
    List<String> lines = new ArrayList<>(RawSocket.handshake(PATH));
    lines.removeIf(other -> other.startsWith(name));
    Arrays.stream(line.split("\\|")).filter(part -> !part.endsWith("-")).forEach(lines::add);
    return lines;
  }

  private HttpAnswer ask(List<String> lines) {
    try (var socket = connect()) {
      return socket.send(RawSocket.request(lines)).readHead();
    }
  }

  private void expectRefused(List<String> lines, int status) {
    try (var socket = connect()) {
      // When
      HttpAnswer answer = socket.send(RawSocket.request(lines)).readHead();

      // Then
      assertThat(answer.status()).isEqualTo(status);
      assertThat(answer.header("connection")).containsExactly("close");
      assertThat(socket.readToEnd()).doesNotContain("HTTP/1");
    }
  }

  @Test
  void theExampleOfTheRfcIsAccepted() {
    // When
    HttpAnswer answer = ask(RawSocket.handshake(PATH));

    // Then
    assertThat(answer.lines().getFirst()).startsWith("HTTP/1.1 101 ");
    assertThat(answer.header("upgrade")).containsExactly("websocket");
    assertThat(answer.header("connection")).allMatch("upgrade"::equalsIgnoreCase).hasSize(1);
    assertThat(answer.header("sec-websocket-accept")).containsExactly(ACCEPT);
    assertThat(answer.header("sec-websocket-protocol")).isEmpty();
    assertThat(answer.header("sec-websocket-extensions")).isEmpty();
    assertThat(answer.header("content-length")).isEmpty();
    assertThat(answer.header("transfer-encoding")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Upgrade: WebSocket",
        "Upgrade: WEBSOCKET",
        "Upgrade: h2c, websocket",
        "Upgrade: h2c|Upgrade: websocket",
        "Connection: upgrade",
        "Connection: UPGRADE",
        "Connection: keep-alive, Upgrade",
        "Connection: keep-alive|Connection: Upgrade",
        "Connection: Upgrade,keep-alive",
        "Connection: ,, Upgrade",
        "Host: example.com:8000",
        "Host: [::1]:8000",
        "Content-Length: 0",
        "Sec-WebSocket-Key:   dGhlIHNhbXBsZSBub25jZQ==  ",
        "User-Agent: anything",
        "Cookie: a=b"
      })
  void lawfulVariationsAreAccepted(String line) {
    // When
    HttpAnswer answer = ask(with(line));

    // Then
    assertThat(answer.status()).isEqualTo(101);
    assertThat(answer.header("sec-websocket-accept")).containsExactly(ACCEPT);
  }

  @Test
  void headerNamesAreNotCaseSensitive() {
    // Given
    List<String> lines =
        RawSocket.handshake(PATH).stream()
            .map(line -> line.startsWith("GET") ? line : upperName(line))
            .toList();

    // When
    HttpAnswer answer = ask(lines);

    // Then
    assertThat(answer.status()).isEqualTo(101);
  }

  private static String upperName(String line) {
    int colon = line.indexOf(':');
    return line.substring(0, colon).toUpperCase(Locale.ROOT) + line.substring(colon);
  }

  @ParameterizedTest
  @ValueSource(strings = {PATH + "?a=b", "http://localhost" + PATH})
  void theTargetMayHaveAQueryOrBeAbsolute(String target) {
    // When
    HttpAnswer answer = ask(RawSocket.handshake(target));

    // Then
    assertThat(answer.status()).isEqualTo(101);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"POST", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "get", "FOO"})
  void onlyGetIsAHandshake(String method) {
    // Given
    List<String> lines = new ArrayList<>(RawSocket.handshake(PATH));
    lines.set(0, method + " " + PATH + " HTTP/1.1");

    // When // Then
    expectRefused(lines, 405);
    assertThat(ask(lines).header("allow")).containsExactly("GET");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "Upgrade: -; 426",
        "Upgrade: web socket; 426",
        "Upgrade: websocketx; 426",
        "Upgrade: h2c; 426",
        "Connection: -; 426",
        "Connection: keep-alive; 426",
        "Connection: Upgraded; 426",
        "Connection: close; 426",
        "Sec-WebSocket-Version: -; 426",
        "Sec-WebSocket-Version: 12; 426",
        "Sec-WebSocket-Version: 8; 426",
        "Sec-WebSocket-Version: 14; 426",
        "Sec-WebSocket-Version: 13, 8; 426",
        "Sec-WebSocket-Version: 0; 426",
        "Sec-WebSocket-Version: 013; 426",
        "Sec-WebSocket-Version: x; 426",
        "Sec-WebSocket-Version: 13|Sec-WebSocket-Version: 13; 426",
        "Sec-WebSocket-Version: 13|Sec-WebSocket-Version: 8; 426"
      })
  void whatIsNoUpgradeToVersion13IsToldSo(String line, int status) {
    // When // Then
    expectRefused(with(line), status);
    HttpAnswer answer = ask(with(line));
    assertThat(answer.header("sec-websocket-version")).containsExactly("13");
    assertThat(answer.header("upgrade")).containsExactly("websocket");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Sec-WebSocket-Key: -",
        "Sec-WebSocket-Key: ",
        "Sec-WebSocket-Key: short",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZTE=",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZTEy",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25j!Q==",
        "Sec-WebSocket-Key: ========================",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==, dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==|Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==|Sec-WebSocket-Key: AQIDBAUGBwgJCgsMDQ4PEC==",
        "Host: -",
        "Host: ",
        "Host: a|Host: a",
        "Host: a|Host: b",
        "Content-Length: 1",
        "Content-Length: 00",
        "Content-Length: 5",
        "Transfer-Encoding: chunked",
        "Transfer-Encoding: gzip, chunked"
      })
  void aBrokenRequestIsRefused(String line) {
    expectRefused(with(line), 400);
  }

  @Test
  void aTransferCodingThatIsNotChunkedIsRefusedByTheDecoder() {
    // When
    HttpAnswer answer = ask(with("Transfer-Encoding: identity"));

    // Then
    assertThat(answer.status()).isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(strings = {"HTTP/1.0", "HTTP/0.9", "HTTP/1.2", "HTTP/3.0"})
  void theRequestMustBeHttp11(String version) {
    // Given
    List<String> lines = new ArrayList<>(RawSocket.handshake(PATH));
    lines.set(0, "GET " + PATH + " " + version);

    // When
    try (var socket = connect()) {
      String answer = socket.send(RawSocket.request(lines)).readToEnd();

      // Then
      assertThat(answer).matches("(?s)HTTP/\\d\\.\\d (400|501|505) .*");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "http://localhost, localhost, 101",
    "http://localhost:80, localhost, 101",
    "http://localhost, localhost:80, 101",
    "https://localhost, localhost, 101",
    "https://localhost:443, localhost, 101",
    "http://localhost:8000, localhost:8000, 101",
    "HTTP://LOCALHOST:8000, localhost:8000, 101",
    "http://localhost:8000, LOCALHOST:8000, 101",
    "http://my_service:8000, my_service:8000, 101",
    "http://[::1]:8000, [::1]:8000, 101",
    "http://127.0.0.1, 127.0.0.1, 101",
    "http://xn--bcher-kva.example, xn--bcher-kva.example, 101",
    "https://listed.example, localhost, 101",
    "HTTPS://Listed.Example, localhost, 101",
    "http://other.example:8080, localhost, 101",
    "null, localhost, 403",
    "'', localhost, 403",
    "http://, localhost, 403",
    "localhost, localhost, 403",
    "//localhost, localhost, 403",
    "http://localhost:8000, localhost, 403",
    "http://localhost, localhost:8000, 403",
    "http://localhost:8001, localhost:8000, 403",
    "https://localhost:80, localhost, 403",
    "http://localhost:443, localhost, 403",
    "http://evil.example, localhost, 403",
    "http://localhost.evil.example, localhost, 403",
    "http://evil-localhost, localhost, 403",
    "http://evillocalhost, localhost, 403",
    "http://sub.localhost, localhost, 403",
    "http://localhostx, localhost, 403",
    "http://localhost., localhost, 403",
    "http://localhost@evil.example, localhost, 403",
    "http://evil.example@localhost, localhost, 403",
    "http://localhost:80@evil.example, localhost, 403",
    "http://localhost/, localhost, 403",
    "http://localhost/page, localhost, 403",
    "http://localhost?q, localhost, 403",
    "http://localhost#f, localhost, 403",
    "http://evil.example/localhost, localhost, 403",
    "http://evil.example#localhost, localhost, 403",
    "ftp://localhost, localhost, 403",
    "ws://localhost, localhost, 403",
    "file://localhost, localhost, 403",
    "chrome-extension://localhost, localhost, 403",
    "http://listed.example, localhost, 403",
    "https://listed.example:8443, localhost, 403",
    "https://sub.listed.example, localhost, 403",
    "https://listed.example.evil.example, localhost, 403",
    "http://other.example, localhost, 403",
    "http://b\u00fccher.example, xn--bcher-kva.example, 403",
    "http://localhost http://localhost, localhost, 403"
  })
  void aPageMustBeOfThisHostOrListed(String origin, String host, int status) {
    // Given
    List<String> lines = with("Host: " + host);
    lines.add("Origin: " + origin);

    // When // Then
    if (status == 101) {
      assertThat(ask(lines).status()).isEqualTo(101);
    } else {
      expectRefused(lines, status);
    }
  }

  @Test
  void twoOriginsAreRefused() {
    // Given
    List<String> lines = new ArrayList<>(RawSocket.handshake(PATH));
    lines.add("Origin: http://localhost");
    lines.add("Origin: http://localhost");

    // When // Then
    expectRefused(lines, 403);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "centrifuge-json; centrifuge-json",
        "centrifuge-protobuf; centrifuge-protobuf",
        "other, centrifuge-json; centrifuge-json",
        "other,centrifuge-protobuf; centrifuge-protobuf",
        "centrifuge-json|Sec-WebSocket-Protocol: other; centrifuge-json"
      })
  void aSubprotocolThatWasOfferedIsChosen(String offered, String chosen) {
    // When
    HttpAnswer answer = ask(with("Sec-WebSocket-Protocol: " + offered));

    // Then
    assertThat(answer.status()).isEqualTo(101);
    assertThat(answer.header("sec-websocket-protocol")).containsExactly(chosen);
  }

  @ParameterizedTest
  @ValueSource(strings = {"other", "CENTRIFUGE-JSON", "centrifuge-json2", "x, y"})
  void aSubprotocolWeDoNotSpeakIsNotEchoed(String offered) {
    // When
    HttpAnswer answer = ask(with("Sec-WebSocket-Protocol: " + offered));

    // Then
    assertThat(answer.status()).isEqualTo(101);
    assertThat(answer.header("sec-websocket-protocol")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "permessage-deflate",
        "permessage-deflate; client_max_window_bits, x-webkit-deflate-frame",
        "unknown; a=\"b,c\""
      })
  void extensionsAreNotAgreedTo(String offer) {
    // When
    HttpAnswer answer = ask(with("Sec-WebSocket-Extensions: " + offer));

    // Then
    assertThat(answer.status()).isEqualTo(101);
    assertThat(answer.header("sec-websocket-extensions")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void framesMayFollowInTheSameSegment(int copies) {
    try (var socket = connect()) {
      // Given
      var connect =
          ClientFrame.text("{\"id\":1,\"connect\":{\"token\":\"" + node.token("alice") + "\"}}");
      var all = new ByteArrayOutputStream();
      all.writeBytes(RawSocket.request(RawSocket.handshake(PATH)));
      all.writeBytes(connect.bytes());
      for (int copy = 1; copy < copies; copy++) {
        all.writeBytes(ClientFrame.of(ClientFrame.PING, "p" + copy).bytes());
      }

      // When
      socket.send(all.toByteArray());

      // Then
      assertThat(socket.readHead().status()).isEqualTo(101);
      String replies = socket.read().text();
      for (int copy = 1; copy < copies; copy++) {
        replies += socket.read().text();
      }
      assertThat(replies).contains("\"connect\":{").endsWith(copies > 1 ? "p1p2" : "");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5, 40})
  void aRequestMayArriveInPieces(int pieceBytes) {
    try (var socket = connect()) {
      // When
      byte[] request = RawSocket.request(RawSocket.handshake(PATH));
      for (int from = 0; from < request.length; from += pieceBytes) {
        socket.send(Arrays.copyOfRange(request, from, Math.min(request.length, from + pieceBytes)));
      }

      // Then
      assertThat(socket.readHead().status()).isEqualTo(101);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Sec-WebSocket-Key: -", "Sec-WebSocket-Version: 8", "Upgrade: -"})
  void aRequestBehindARefusedOneIsNotServed(String line) {
    try (var socket = connect()) {
      // Given
      var both = new ByteArrayOutputStream();
      both.writeBytes(RawSocket.request(with(line)));
      both.writeBytes(RawSocket.request(RawSocket.handshake(PATH)));

      // When
      socket.send(both.toByteArray());

      // Then
      assertThat(socket.readHead().status()).isIn(400, 426);
      assertThat(socket.readToEnd()).doesNotContain("HTTP/1.1");
    }
  }

  @Test
  void aBodyIsNotTakenForARequest() {
    try (var socket = connect()) {
      // Given
      byte[] smuggled = RawSocket.request(RawSocket.handshake(PATH));
      var both = new ByteArrayOutputStream();
      both.writeBytes(RawSocket.request(with("Content-Length: " + smuggled.length)));
      both.writeBytes(smuggled);

      // When
      socket.send(both.toByteArray());

      // Then
      assertThat(socket.readHead().status()).isEqualTo(400);
      assertThat(socket.readToEnd()).doesNotContain("HTTP/1.1");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\r\n\r\n\r\n\r\n",
        "GET\r\n\r\n",
        "GET " + PATH + "\r\n\r\n",
        "nonsense\r\n\r\n",
        "GET " + PATH + " HTTP/1.1\r\nHost localhost\r\n\r\n",
        "GET " + PATH + " HTTP/1.1\r\n: x\r\n\r\n",
        "GET " + PATH + " HTTP/1.1\r\nHost : localhost\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
      })
  void whatIsNoHttpNeverBecomesASocket(String request) {
    try (var socket = connect()) {
      // When
      socket.send(request.getBytes(StandardCharsets.ISO_8859_1));
      socket.finish();

      // Then
      assertThat(socket.readToEnd()).doesNotContain(" 101 ");
    }
  }

  @ParameterizedTest
  @CsvSource({"16500, 414", "16000, 101"})
  void theRequestLineIsBounded(int extra, int status) {
    // When
    HttpAnswer answer = ask(RawSocket.handshake(PATH + "?" + "q".repeat(extra)));

    // Then
    assertThat(answer.status()).isEqualTo(status);
  }

  @Test
  void theHeadersAreBounded() {
    try (var socket = connect()) {
      // When
      socket.sendDespiteClose(RawSocket.request(with("Cookie: " + "c".repeat(9_000))));

      // Then
      assertThat(socket.readHead().status()).isEqualTo(431);
    }
  }
}
