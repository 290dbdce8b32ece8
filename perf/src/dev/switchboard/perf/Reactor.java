package dev.switchboard.perf;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/// Thousands of WebSockets, to one server or several, on one thread and one selector.
///
/// Everything happens on the thread that calls; while nobody calls, nothing is read and no ping is
/// answered. One read buffer serves all sockets.
final class Reactor implements AutoCloseable {
  /// Loopback has the whole of 127/8: a new source address before the ports of one run out.
  private static final int PORTS_PER_ADDRESS = 20_000;

  private static final int READ_BYTES = 1 << 20;
  private static final int REST_MILLIS = 50;
  private static final long NANOS_PER_MILLI = 1_000_000;

  private final Selector selector;
  private final ByteBuffer readBuffer =
      ByteBuffer.allocateDirect(READ_BYTES).order(ByteOrder.LITTLE_ENDIAN);
  private final LineScan lineScan = new LineScan();
  private final VarintScan varintScan = new VarintScan();
  private final Inflation inflation = new Inflation(READ_BYTES);
  private final Set<ClientSocket> sockets = new LinkedHashSet<>();

  Reactor() {
    try {
      selector = Selector.open();
    } catch (IOException e) {
      throw PerfException.failed("cannot open a selector", e);
    }
  }

  ByteBuffer readBuffer() {
    return readBuffer;
  }

  Inflation inflation() {
    return inflation;
  }

  LineScan lineScan() {
    return lineScan;
  }

  VarintScan varintScan() {
    return varintScan;
  }

  /// Starts to connect one more socket.
  ClientSocket connect(Station station) {
    int address = 1 + sockets.size() / PORTS_PER_ADDRESS;
    InetSocketAddress source = address == 1 ? null : new InetSocketAddress("127.0.0." + address, 0);
    try {
      ClientSocket socket = new ClientSocket(this, station, selector, source);
      sockets.add(socket);
      return socket;
    } catch (IOException e) {
      throw PerfException.failed("cannot open socket " + (sockets.size() + 1), e);
    }
  }

  /// Reads until `condition` holds; fails after `limit` with what `otherwise` says then.
  void await(BooleanSupplier condition, Duration limit, Supplier<String> otherwise) {
    long deadline = System.nanoTime() + limit.toNanos();
    while (!condition.getAsBoolean()) {
      rest();
      if (System.nanoTime() > deadline) {
        throw PerfException.failed(otherwise.get() + " after " + limit.toSeconds() + " s");
      }
    }
  }

  /// Answers pings and counts, for so long.
  void idle(Duration time) {
    long deadline = System.nanoTime() + time.toNanos();
    for (long left = time.toNanos(); left > 0; left = deadline - System.nanoTime()) {
      rest(Math.clamp(left / NANOS_PER_MILLI, 1, REST_MILLIS));
    }
  }

  /// Reads what is there; sleeps for a moment when nothing is.
  void rest() {
    rest(REST_MILLIS);
  }

  /// As that, for a moment of another length.
  void rest(long millis) {
    try {
      selector.select(Reactor::onReady, millis);
    } catch (IOException e) {
      throw PerfException.failed("select failed", e);
    }
  }

  /// Reads what is there and returns at once: for schedules finer than a selector can sleep.
  void spin() {
    try {
      selector.selectNow(Reactor::onReady);
    } catch (IOException e) {
      throw PerfException.failed("select failed", e);
    }
  }

  private static void onReady(SelectionKey key) {
    ((ClientSocket) key.attachment()).onReady();
  }

  /// Drops all sockets with a reset, so that as many can follow.
  void reset() {
    sockets.forEach(ClientSocket::reset);
    sockets.clear();
  }

  /// Drops one socket with a reset; it is gone when the selector has looked again.
  void reset(ClientSocket socket) {
    socket.reset();
    sockets.remove(socket);
  }

  /// Drops one socket without ceremony, if it is still there.
  void close(ClientSocket socket) {
    socket.close();
    sockets.remove(socket);
  }

  @Override
  public void close() {
    sockets.forEach(ClientSocket::close);
    try {
      selector.close();
    } catch (IOException e) {
      throw PerfException.failed("cannot close the selector", e);
    }
  }
}
