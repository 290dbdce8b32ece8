package dev.switchboard.ring;

import java.io.IOException;

/// File descriptors of this process. Safe on any thread.
public final class Descriptors {
  private Descriptors() {}

  /// Another descriptor of what `original` stands for, which stays open when that one is closed
  /// (`fcntl(2)`, `F_DUPFD_CLOEXEC`).
  ///
  /// @throws IOException when the process may open no more
  public static int duplicate(int original) throws IOException {
    return Kernel.duplicate(original);
  }
}
