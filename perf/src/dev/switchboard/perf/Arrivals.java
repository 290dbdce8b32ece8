package dev.switchboard.perf;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// What a group of subscribers received: how much, and how long it took in chosen windows.
///
/// A message belongs to the window in which it was *due*, however late it was sent or came. So a
/// stall counts against every message it held up (no coordinated omission).
final class Arrivals {
  private final List<Delays> windows = new ArrayList<>();
  private long count;
  private String first;

  /// Who is told of each delay.
  @FunctionalInterface
  interface Delays {
    /// A message that was due at `due` came `nanos` later.
    void add(long due, long nanos);
  }

  private record Window(long from, long to, Samples samples) implements Delays {
    @Override
    public void add(long due, long nanos) {
      if (due - from >= 0 && due - to < 0) {
        samples.add(nanos);
      }
    }
  }

  /// Collects the delays of messages that are due from `from` until before `to`, in nanoseconds.
  Samples window(long from, long to) {
    Samples samples = new Samples();
    windows.add(new Window(from, to, samples));
    return samples;
  }

  /// Collects all delays from now on, for when only later is known where a window begins.
  Timeline timeline() {
    Timeline timeline = new Timeline();
    windows.add(timeline);
    return timeline;
  }

  /// Ends all windows: what comes from now on is only counted.
  void closeWindows() {
    windows.clear();
  }

  /// Messages received.
  long count() {
    return count;
  }

  /// The first message, byte for byte; null before it came.
  String first() {
    return first;
  }

  /// One message of any of the subscribers.
  void onMessage(ByteBuffer in, int at, int length) {
    if (first == null) {
      byte[] text = new byte[length];
      in.get(at, text);
      first = new String(text, StandardCharsets.UTF_8);
    }
    count++;
    if (windows.isEmpty()) {
      return;
    }
    long due = Stamp.find(in, at, length);
    long now = System.nanoTime();
    for (Delays window : windows) {
      window.add(due, now - due);
    }
  }
}
