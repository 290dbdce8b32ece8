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
/// Confined to the client's thread. Until it is open it reads every line; after that its [Station]
/// says whether anybody reads or all are only counted.
final class ClientSocket implements FrameParser.Sink {
  private static final byte[] NOTHING = new byte[0];

  /// How far the socket is.
  enum Phase {
    CONNECTING,
    SECURING,
    UPGRADING,
    GREETING,
    OPEN,
    CLOSED
  }

  private final Reactor reactor;
  private final Station station;
  private final SocketChannel channel;
  private final SelectionKey key;
  private final Handshake handshake;
  private Wire wire;
  private Phase phase = Phase.CONNECTING;
  private boolean answered;
  private byte[] unparsed = NOTHING;
  private ByteBuffer unwritten;
  private long messages;
  private long bytes;

  /// Starts to connect; the selector reports the rest.
  ///
  /// @param source local address to connect from, or null for the kernel's choice
  ClientSocket(Reactor reactor, Station station, Selector selector, InetSocketAddress source)
      throws IOException {
    this.reactor = reactor;
    this.station = station;
    handshake = new Handshake(station.path(), station.deflates());
    channel = SocketChannel.open();
    channel.configureBlocking(false);
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    if (source != null) {
      channel.bind(source);
    }
    channel.connect(station.server());
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
    phase = Phase.SECURING;
    wire =
        station.tls().isEmpty()
            ? new Wire.Plain(channel)
            : new TlsWire(channel, station.tls().get(), station.server());
    upgrade();
  }

  private void upgrade() throws IOException {
    if (phase != Phase.SECURING || !wire.isOpen()) {
      flush();
      return;
    }
    phase = Phase.UPGRADING;
    station.onConnected();
    if (station.upgrades()) {
      write(handshake.request(station.server()).getBytes(StandardCharsets.US_ASCII));
    }
  }

  private void onReadable() throws IOException {
    ByteBuffer in = reactor.readBuffer();
    in.clear().put(unparsed);
    int received = wire.read(in);
    if (received < 0) {
      onLost("connection closed by the server");
      return;
    }
    bytes += received;
    in.flip();
    if (phase == Phase.SECURING) {
      upgrade();
    }
    if (phase == Phase.UPGRADING && handshake.accepts(in)) {
      phase = Phase.GREETING;
      greet();
    }
    if (phase.compareTo(Phase.UPGRADING) > 0) {
      FrameParser.parse(in, this);
    }
    keep(in);
  }

  private void greet() throws IOException {
    byte[] greeting = station.greeting();
    if (greeting.length > 0) {
      write(greeting);
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
    onFrame(in, at, length, reactor.lineScan());
  }

  @Override
  public void onBinary(ByteBuffer in, int at, int length) {
    onFrame(in, at, length, reactor.varintScan());
  }

  private void onFrame(ByteBuffer in, int at, int length, MessageScan scan) {
    boolean open = phase == Phase.OPEN;
    if (!open || station.readsLines()) {
      scan.scan(in, at, length, (from, start, bytes) -> onLine(from, start, bytes, scan));
    }
    scan.scan(in, at, length, open ? station : MessageScan.UNHEARD);
    for (int i = 0; i < scan.pings(); i++) {
      sendFrame(scan.pong());
    }
    if (open) {
      long before = messages;
      messages += scan.messages();
      station.onMessages(before, messages);
    } else if (answered) {
      phase = Phase.OPEN;
      station.onOpen();
    }
  }

  @Override
  public void onCompressed(ByteBuffer in, int at, int length) {
    ByteBuffer message = reactor.inflation().inflate(in, at, length);
    onText(message, 0, message.limit());
  }

  private void onLine(ByteBuffer in, int at, int length, MessageScan scan) {
    byte[] bytes = new byte[length];
    in.get(at, bytes);
    String line = new String(bytes, scan.charset());
    if (phase == Phase.OPEN) {
      station.onLine(line);
    } else if (station.opens(line)) {
      answered = true;
    }
    if (station.refuses(line)) {
      throw PerfException.failed("the server refused: " + line);
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
      wire.write(unwritten);
      if (!unwritten.hasRemaining()) {
        unwritten = null;
      }
    }
    int read = SelectionKey.OP_READ;
    boolean owes = unwritten != null || wire.owes();
    key.interestOps(owes ? read | SelectionKey.OP_WRITE : read);
  }

  private void onLost(String reason) {
    if (phase != Phase.CLOSED) {
      Phase before = phase;
      close();
      station.onLost(before, reason);
    }
  }

  /// Reads nothing from now on and answers no ping, as if its machine were gone from the network.
  void fallSilent() {
    key.interestOps(0);
  }

  /// Drops the socket with a reset, so that its port is free again at once.
  void reset() {
    try {
      channel.setOption(StandardSocketOptions.SO_LINGER, 0);
    } catch (IOException e) {
      throw PerfException.failed("cannot close a socket", e);
    }
    close();
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
