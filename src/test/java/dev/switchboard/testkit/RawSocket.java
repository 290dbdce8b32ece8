package dev.switchboard.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// A TCP connection that says exactly what a test wants, lawful or not.
///
/// Written from RFC 6455 and from nothing of ours: what the server answers is held against the RFC
/// with every frame read. Confined to the test's thread.
public final class RawSocket implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 10_000;

  private final Socket socket;
  private final DataInputStream in;
  private boolean deflates;

  /// A frame from the server.
  ///
  /// @param payload inflated if it was compressed
  /// @param wireBytes of the payload as it came
  public record ServerFrame(int opcode, byte[] payload, boolean compressed, int wireBytes) {
    /// The payload as UTF-8.
    public String text() {
      return new String(payload, StandardCharsets.UTF_8);
    }

    /// The code of a close frame; 1005 when it has none.
    public int closeCode() {
      assertThat(opcode).as("opcode").isEqualTo(ClientFrame.CLOSE);
      return payload.length == 0 ? 1005 : ByteBuffer.wrap(payload).getShort() & 0xffff;
    }
  }

  /// Status line and headers of an answer.
  public record HttpAnswer(int status, List<String> lines) {
    /// All values of a header.
    public List<String> header(String name) {
      String start = name.toLowerCase(Locale.ROOT) + ":";
      return lines.stream()
          .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(start))
          .map(line -> line.substring(start.length()).strip())
          .toList();
    }
  }

  private RawSocket(Socket socket) throws IOException {
    this.socket = socket;
    this.in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
  }

  /// Connects to a port of this machine.
  public static RawSocket connect(int port) {
    return connect(port, 0);
  }

  /// Connects with a small window, so that a server soon notices when nothing is read.
  ///
  /// @param receiveBytes size of the receive buffer; 0 for the system's choice
  public static RawSocket connect(int port, int receiveBytes) {
    try {
      var socket = new Socket();
      if (receiveBytes > 0) {
        socket.setReceiveBufferSize(receiveBytes);
      }
      socket.connect(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port));
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(PATIENCE_MILLIS);
      return new RawSocket(socket);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /// A handshake that every server must accept (RFC 6455, 1.2), without its empty line.
  public static List<String> handshake(String path) {
    return List.of(
        "GET " + path + " HTTP/1.1",
        "Host: localhost",
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Version: 13");
  }

  /// The bytes of a request.
  public static byte[] request(List<String> lines) {
    return (String.join("\r\n", lines) + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1);
  }

  /// Asks for an upgrade and expects 101.
  public RawSocket upgrade(String path) {
    return upgrade(handshake(path));
  }

  /// Asks for an upgrade with these lines and expects 101; reads compressed messages if the answer
  /// agrees to them.
  public RawSocket upgrade(List<String> lines) {
    send(request(lines));
    HttpAnswer answer = readHead();
    assertThat(answer.status()).isEqualTo(101);
    deflates = !answer.header("sec-websocket-extensions").isEmpty();
    return this;
  }

  /// Whether both sides agreed to compression.
  public boolean deflates() {
    return deflates;
  }

  /// Writes the bytes in one go.
  public RawSocket send(byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
      return this;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /// Writes frames in one go.
  public RawSocket send(ClientFrame... frames) {
    return send(ClientFrame.bytes(frames));
  }

  /// Writes bytes that the server may refuse midway, by closing.
  public void sendDespiteClose(byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
    } catch (IOException closedMeanwhile) {
      assertThat(closedMeanwhile).isInstanceOf(SocketException.class);
    }
  }

  /// Reads the head of an HTTP answer.
  public HttpAnswer readHead() {
    try {
      List<String> lines = new ArrayList<>();
      for (String line = readLine(); !line.isEmpty(); line = readLine()) {
        lines.add(line);
      }
      String[] status = lines.getFirst().split(" ", 3);
      assertThat(status[0]).startsWith("HTTP/1.");
      return new HttpAnswer(Integer.parseInt(status[1]), lines);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private String readLine() throws IOException {
    var line = new ByteArrayOutputStream();
    for (int octet = in.readUnsignedByte(); octet != '\n'; octet = in.readUnsignedByte()) {
      line.write(octet);
    }
    return line.toString(StandardCharsets.ISO_8859_1).strip();
  }

  /// Reads a frame and holds it against RFC 6455, 5.1 to 5.6, and RFC 7692, 6 and 7.2.
  public ServerFrame read() {
    try {
      int first = in.readUnsignedByte();
      int second = in.readUnsignedByte();
      int opcode = first & 0xf;
      boolean compressed = (first & 0x70) == 0x40 && deflates && (opcode == 1 || opcode == 2);
      assertThat(first & 0x70).as("RSV").isEqualTo(compressed ? 0x40 : 0);
      assertThat(first & 0x80).as("FIN").isEqualTo(0x80);
      assertThat(second & 0x80).as("mask bit").isZero();
      assertThat(opcode).isIn(1, 2, 8, 9, 10);
      long length = readLength(second, opcode);
      byte[] bytes = in.readNBytes(Math.toIntExact(length));
      assertThat(bytes.length).isEqualTo((int) length);
      byte[] payload = compressed ? Zlib.inflate(bytes) : bytes;
      checkText(opcode, payload);
      return new ServerFrame(opcode, payload, compressed, bytes.length);
    } catch (IOException failure) {
      throw new UncheckedIOException("no frame from the server", failure);
    }
  }

  private long readLength(int form, int opcode) throws IOException {
    assertThat(opcode >= 8 && form > 125).as("long control frame").isFalse();
    if (form < 126) {
      return form;
    }
    long length = form == 126 ? in.readUnsignedShort() : in.readLong();
    assertThat(length).as("shortest length").isGreaterThanOrEqualTo(form == 126 ? 126 : 65_536);
    return length;
  }

  private static void checkText(int opcode, byte[] payload) throws CharacterCodingException {
    int from = opcode == ClientFrame.CLOSE ? 2 : 0;
    if (opcode == ClientFrame.CLOSE) {
      assertThat(payload.length).as("close payload").isNotEqualTo(1);
    }
    if ((opcode == ClientFrame.CLOSE || opcode == ClientFrame.TEXT) && payload.length > from) {
      var text = ByteBuffer.wrap(payload, from, payload.length - from);
      StandardCharsets.UTF_8.newDecoder().decode(text);
    }
  }

  /// Expects that the server ends the connection without another byte.
  ///
  /// @return whether by FIN; false for a reset
  public boolean expectEnd() {
    try {
      int next = in.read();
      assertThat(next).as("byte before the end").isEqualTo(-1);
      return true;
    } catch (SocketException reset) {
      return false;
    } catch (IOException failure) {
      throw new UncheckedIOException("the server did not end the connection", failure);
    }
  }

  /// Everything the server says until it ends the connection.
  public String readToEnd() {
    var all = new ByteArrayOutputStream();
    try {
      Stream.generate(this::octet).takeWhile(octet -> octet >= 0).forEach(all::write);
    } catch (UncheckedIOException reset) {
      assertThat(reset.getCause()).isInstanceOf(SocketException.class);
    }
    return all.toString(StandardCharsets.ISO_8859_1);
  }

  private int octet() {
    try {
      return in.read();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /// Says that nothing more will be sent, but goes on reading.
  public void finish() {
    try {
      socket.shutdownOutput();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /// Ends the connection with a reset.
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
