package dev.switchboard.perf;

import java.io.IOException;
import java.util.function.IntSupplier;

/// Asks a server how many members its cluster has.
///
/// @param method of its API that tells
/// @param mark what the answer holds once per member
record Roster(HttpApi api, String method, String mark) implements IntSupplier {
  /// Zero while it does not answer.
  @Override
  public int getAsInt() {
    try {
      return api.call(method, "{}").split(mark, -1).length - 1;
    } catch (IOException _) {
      return 0;
    }
  }
}
