package dev.switchboard.link;

import java.util.concurrent.atomic.AtomicLong;

/// Bytes reserved for one peer. Any thread.
final class Window {
  private final AtomicLong used = new AtomicLong();
  private final int capacity;

  Window(int capacity) {
    this.capacity = capacity;
  }

  /// @param share what may be in use afterwards, in eighths of the window
  boolean reserve(int size, int share) {
    long limit = capacity * (long) share / 8;
    if (size > capacity / 2) {
      return false;
    }
    long before;
    do {
      before = used.get();
      if (before + size > limit) {
        return false;
      }
    } while (!used.compareAndSet(before, before + size));
    return true;
  }

  void release(long size) {
    used.addAndGet(-size);
  }

  long used() {
    return used.get();
  }

  /// Whether so much is free that waking who waits for it pays.
  boolean hasRoom() {
    return used.get() <= capacity * 7L / 8;
  }
}
