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
  private final List<Window> windows = new ArrayList<>();
  private long count;
  private String first;

  private record Window(long from, long to, Samples samples) {}

  /// Collects the delays of messages that are due from `from` until before `to`, in nanoseconds.
  Samples window(long from, long to) {
    Samples samples = new Samples();
    windows.add(new Window(from, to, samples));
    return samples;
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
    for (Window window : windows) {
      if (due - window.from >= 0 && due - window.to < 0) {
        window.samples.add(now - due);
      }
    }
  }
}
