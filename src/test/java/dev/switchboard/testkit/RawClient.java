package dev.switchboard.testkit;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.function.IntSupplier;

/// A client that writes any bytes, lawful or not, and reads only when told to.
///
/// For attacks; a well-behaved client is [TestClient]. Used by one thread at a time.
public final class RawClient implements AutoCloseable {
  /// Close code reported when the connection ended without a close frame.
  public static final int CUT = 1006;

  private static final int PATIENCE_MILLIS = 10_000;

  private final Socket socket;
  private final DataInputStream in;

  /// One frame from the server.
  public record Incoming(int opcode, byte[] payload) {
    /// The payload as text.
    public String text() {
      return new String(payload, StandardCharsets.UTF_8);
    }

    /// The code of a close frame.
    public int closeCode() {
      return payload.length < 2 ? 1005 : (payload[0] & 0xff) << 8 | payload[1] & 0xff;
    }
  }

  private RawClient(int port, int receiveBuffer) {
    try {
      socket = new Socket();
      if (receiveBuffer > 0) {
        socket.setReceiveBufferSize(receiveBuffer);
      }
      socket.connect(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port), 5_000);
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket.setTcpNoDelay(true);
      in = new DataInputStream(socket.getInputStream());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /// Opens a TCP connection and says nothing.
  public static RawClient open(int port) {
    return new RawClient(port, 0);
  }

  /// Opens a TCP connection whose kernel takes little that is not read, and says nothing.
  public static RawClient openNarrow(int port) {
    return new RawClient(port, 4_096);
  }

  /// Opens a WebSocket whose kernel takes little that is not read.
  public static RawClient openNarrow(TestNode node) {
    return openNarrow(node.port()).upgraded(node);
  }

  /// Opens a WebSocket and says nothing yet.
  public static RawClient upgrade(TestNode node) {
    return open(node.port()).upgraded(node);
  }

  /// Opens a WebSocket and connects as `user`.
  public static RawClient connect(TestNode node, String user) {
    return upgrade(node).connected(node, user);
  }

  /// Sends the connect command and reads the reply.
  public RawClient connected(TestNode node, String user) {
    text("{\"id\":1,\"connect\":{\"token\":\"" + node.token(user) + "\"}}");
    String reply = read().text();
    if (!reply.startsWith("{\"id\":1,\"connect\":{")) {
      throw new AssertionError("not connected: " + reply);
    }
    return this;
  }

  private RawClient upgraded(TestNode node) {
    send(handshake(node, ""));
    String head = head();
    if (!head.startsWith("HTTP/1.1 101 ")) {
      throw new AssertionError("no upgrade: " + head);
    }
    return this;
  }

  /// A lawful upgrade request.
  ///
  /// @param headers more header lines, each ended by CR LF
  public static String handshake(TestNode node, String headers) {
    return "GET "
        + node.websocket().getPath()
        + " HTTP/1.1\r\nHost: 127.0.0.1:"
        + node.port()
        + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
        + headers
        + "\r\n";
  }

  /// Sends characters as they are.
  public void send(String text) {
    send(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /// Sends bytes as they are.
  public void send(byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /// Sends bytes as long as the other side takes them.
  ///
  /// @return whether all were sent
  public boolean trySend(byte[] bytes) {
    try {
      send(bytes);
      return true;
    } catch (UncheckedIOException cut) {
      return false;
    }
  }

  /// Sends a whole text message.
  public void text(String text) {
    send(frame(0x81, text.getBytes(StandardCharsets.UTF_8)));
  }

  /// A masked frame.
  ///
  /// @param first FIN, RSV and opcode
  public static byte[] frame(int first, byte[] payload) {
    var bytes = new ByteArrayOutputStream(payload.length + 14);
    bytes.write(first);
    if (payload.length < 126) {
      bytes.write(0x80 | payload.length);
    } else if (payload.length < 65_536) {
      bytes.write(0x80 | 126);
      bytes.write(payload.length >> 8);
      bytes.write(payload.length);
    } else {
      bytes.write(0x80 | 127);
      for (int shift = 56; shift >= 0; shift -= 8) {
        bytes.write((int) ((long) payload.length >> shift));
      }
    }
    // A mask of zeros is a lawful mask that changes nothing.
    bytes.writeBytes(new byte[4]);
    bytes.writeBytes(payload);
    return bytes.toByteArray();
  }

  /// Reads an HTTP head, up to and with its blank line; less when the connection ends.
  public String head() {
    var head = new StringBuilder();
    IntSupplier next =
        () -> {
          try {
            return in.read();
          } catch (IOException cut) {
            return -1;
          }
        };
    for (int read = next.getAsInt(); read >= 0; read = next.getAsInt()) {
      head.append((char) read);
      if (head.length() >= 4 && head.substring(head.length() - 4).equals("\r\n\r\n")) {
        break;
      }
    }
    return head.toString();
  }

  /// Reads one frame.
  public Incoming read() {
    try {
      return readFrame();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /// Reads up to the end of the connection and answers a close frame on the way.
  ///
  /// @return the code of the close frame, or [#CUT] when there was none
  public int closeCode() {
    int code = CUT;
    try {
      while (true) {
        var frame = readFrame();
        if (frame.opcode() == 0x8) {
          code = frame.closeCode();
          trySend(frame(0x88, frame.payload()));
        }
      }
    } catch (EOFException ended) {
      return code;
    } catch (SocketTimeoutException late) {
      throw new AssertionError("the server did not close; code so far " + code, late);
    } catch (IOException cut) {
      return code;
    }
  }

  private Incoming readFrame() throws IOException {
    int opcode = in.readUnsignedByte() & 0xf;
    int length = in.readUnsignedByte() & 0x7f;
    long size =
        switch (length) {
          case 126 -> in.readUnsignedShort();
          case 127 -> in.readLong();
          default -> length;
        };
    return new Incoming(opcode, in.readNBytes((int) size));
  }

  /// Whether the server ended the connection by now; reads and forgets what came before the end.
  public boolean isEnded() {
    try {
      socket.setSoTimeout(1);
      while (in.read() >= 0) {}
      return true;
    } catch (SocketTimeoutException open) {
      return false;
    } catch (IOException cut) {
      return true;
    }
  }

  /// Reads and forgets what has come.
  ///
  /// @return true once nothing more comes for a moment
  public boolean drain() {
    try {
      socket.setSoTimeout(20);
      while (in.skip(65_536) > 0) {}
    } catch (SocketTimeoutException quiet) {
      return true;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    return false;
  }

  /// Breaks the connection with a reset instead of an orderly end.
  public void reset() {
    try {
      socket.setSoLinger(true, 0);
      socket.close();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
