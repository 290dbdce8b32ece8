package dev.switchboard.perf;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/// One WebSocket of the load client, from connect to close.
///
/// Confined to the client's thread. Until it is open it reads every line; after that it only
/// counts, because reading what 2,000 sockets get would measure the reader.
final class ClientSocket implements FrameParser.Sink {
  private static final byte[] NOTHING = new byte[0];
  private static final String CENTRIFUGE_PONG = "{}";

  /// How far the socket is.
  enum Phase {
    CONNECTING,
    UPGRADING,
    GREETING,
    OPEN,
    CLOSED
  }

  private final LoadClient client;
  private final boolean publisher;
  private final int index;
  private final SocketChannel channel;
  private final SelectionKey key;
  private final Handshake handshake;
  private Phase phase = Phase.CONNECTING;
  private boolean answered;
  private byte[] unparsed = NOTHING;
  private ByteBuffer unwritten;
  private long messages;
  private long bytes;

  /// Starts to connect; the client's selector reports the rest.
  ///
  /// @param source local address to connect from, or null for the kernel's choice
  /// @param index number among the subscribers; -1 is the publisher
  ClientSocket(LoadClient client, Selector selector, InetSocketAddress source, int index)
      throws IOException {
    this.client = client;
    this.index = index;
    this.publisher = index < 0;
    Dialect dialect = client.dialect();
    handshake = new Handshake(publisher ? dialect.publisherPath() : dialect.subscriberPath());
    channel = SocketChannel.open();
    channel.configureBlocking(false);
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    if (source != null) {
      channel.bind(source);
    }
    channel.connect(client.server());
    key = channel.register(selector, SelectionKey.OP_CONNECT, this);
  }

  Phase phase() {
    return phase;
  }

  /// Messages received since the socket opened, pings apart.
  long messages() {
    return messages;
  }

  /// Bytes received on the wire above TCP.
  long bytes() {
    return bytes;
  }

  /// What the selector found.
  void onReady() {
    try {
      if (key.isConnectable()) {
        onConnect();
      }
      if (key.isValid() && key.isReadable()) {
        onReadable();
      }
      if (key.isValid() && key.isWritable()) {
        flush();
      }
    } catch (IOException e) {
      onLost(e.toString());
    }
  }

  private void onConnect() throws IOException {
    channel.finishConnect();
    key.interestOps(SelectionKey.OP_READ);
    phase = Phase.UPGRADING;
    write(handshake.request(client.server()).getBytes(StandardCharsets.US_ASCII));
  }

  private void onReadable() throws IOException {
    ByteBuffer in = client.readBuffer();
    in.clear().put(unparsed);
    int received = channel.read(in);
    if (received < 0) {
      onLost("connection closed by the server");
      return;
    }
    bytes += received;
    in.flip();
    if (phase == Phase.UPGRADING && handshake.accepts(in)) {
      phase = Phase.GREETING;
      greet();
    }
    if (phase != Phase.UPGRADING) {
      FrameParser.parse(in, this);
    }
    keep(in);
  }

  private void greet() throws IOException {
    Dialect dialect = client.dialect();
    String greeting = publisher ? dialect.publisherGreeting() : dialect.subscriberGreeting(index);
    if (!greeting.isEmpty()) {
      write(Frames.text(greeting));
    }
  }

  private void keep(ByteBuffer in) {
    if (!in.hasRemaining()) {
      unparsed = NOTHING;
      return;
    }
    unparsed = new byte[in.remaining()];
    in.get(unparsed);
  }

  @Override
  public void onText(ByteBuffer in, int at, int length) {
    if (phase == Phase.GREETING || publisher || client.wantsSample()) {
      byte[] text = new byte[length];
      in.get(at, text);
      onLines(new String(text, StandardCharsets.UTF_8));
    }
    LineScan scan = client.scan();
    scan.scan(in, at, length);
    for (int i = 0; i < scan.pings(); i++) {
      sendFrame(Frames.text(CENTRIFUGE_PONG));
    }
    if (phase == Phase.OPEN) {
      long before = messages;
      messages += scan.messages();
      client.onMessages(publisher, before, messages);
    } else {
      openIfAnswered();
    }
  }

  private void onLines(String text) {
    for (String line : text.split("\n")) {
      Dialect dialect = client.dialect();
      boolean opens = publisher ? dialect.opensPublisher(line) : dialect.opensSubscriber(line);
      if (phase == Phase.GREETING && opens) {
        answered = true;
      } else if (phase == Phase.OPEN && !publisher) {
        client.onSample(line);
      }
      if (dialect.refuses(line)) {
        throw PerfException.failed("the server refused: " + line);
      }
    }
  }

  private void openIfAnswered() {
    if (answered) {
      phase = Phase.OPEN;
      client.onOpen(publisher);
    }
  }

  @Override
  public void onPing(byte[] payload) {
    sendFrame(Frames.pong(payload));
  }

  @Override
  public void onClose(int code, String reason) {
    onLost("closed by the server with " + code + " " + reason);
  }

  /// Writes whole frames; what the kernel does not take now goes out when it can.
  void sendFrame(byte[] frames) {
    try {
      write(frames);
    } catch (IOException e) {
      onLost(e.toString());
    }
  }

  private void write(byte[] more) throws IOException {
    if (unwritten != null) {
      ByteBuffer joined = ByteBuffer.allocate(unwritten.remaining() + more.length);
      unwritten = joined.put(unwritten).put(more).flip();
    } else {
      unwritten = ByteBuffer.wrap(more);
    }
    flush();
  }

  private void flush() throws IOException {
    if (unwritten != null) {
      channel.write(unwritten);
      if (!unwritten.hasRemaining()) {
        unwritten = null;
      }
    }
    int read = SelectionKey.OP_READ;
    key.interestOps(unwritten == null ? read : read | SelectionKey.OP_WRITE);
  }

  private void onLost(String reason) {
    if (phase != Phase.CLOSED) {
      Phase before = phase;
      close();
      client.onLost(before, reason);
    }
  }

  /// Drops the socket without ceremony.
  void close() {
    phase = Phase.CLOSED;
    try {
      channel.close();
    } catch (IOException e) {
      throw PerfException.failed("cannot close a socket", e);
    }
  }
}
