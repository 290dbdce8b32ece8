package dev.switchboard.perf;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;

/// The HTTP upgrade of one client socket (RFC 6455, section 4).
final class Handshake {
  private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  private static final String END = "\r\n\r\n";

  private final String path;
  private final String nonce;
  private final boolean deflates;

  /// @param deflates whether compression is offered and must be agreed to
  Handshake(String path, boolean deflates) {
    this.path = path;
    this.deflates = deflates;
    byte[] random = new byte[16];
    ThreadLocalRandom.current().nextBytes(random);
    nonce = Base64.getEncoder().encodeToString(random);
  }

  /// What the client sends first.
  String request(InetSocketAddress server) {
    return "GET "
        + path
        + " HTTP/1.1\r\n"
        + "Host: "
        + server.getHostString()
        + ":"
        + server.getPort()
        + "\r\n"
        + "Upgrade: websocket\r\n"
        + "Connection: Upgrade\r\n"
        + "Sec-WebSocket-Key: "
        + nonce
        + "\r\n"
        + "Sec-WebSocket-Version: 13"
        + (deflates ? "\r\nSec-WebSocket-Extensions: permessage-deflate" : "")
        + END;
  }

  /// Consumes the answer when all of it is there; fails when it is not the right one.
  boolean accepts(ByteBuffer in) {
    String text = StandardCharsets.ISO_8859_1.decode(in.duplicate()).toString();
    int end = text.indexOf(END);
    if (end < 0) {
      return false;
    }
    String head = text.substring(0, end);
    if (!head.startsWith("HTTP/1.1 101")) {
      throw PerfException.failed("upgrade refused: " + head.lines().findFirst().orElse(""));
    }
    String expected = "sec-websocket-accept: " + accept(nonce).toLowerCase(Locale.ROOT);
    if (!head.toLowerCase(Locale.ROOT).contains(expected)) {
      throw PerfException.failed("the upgrade answer does not match the request");
    }
    if (head.toLowerCase(Locale.ROOT).contains("permessage-deflate;") != deflates) {
      throw PerfException.failed("offered and agreed compression differ");
    }
    in.position(in.position() + end + END.length());
    return true;
  }

  /// The value of Sec-WebSocket-Accept for a nonce.
  static String accept(String nonce) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-1")
              .digest((nonce + GUID).getBytes(StandardCharsets.US_ASCII));
      return Base64.getEncoder().encodeToString(hash);
    } catch (GeneralSecurityException e) {
      throw PerfException.failed("no SHA-1", e);
    }
  }
}
