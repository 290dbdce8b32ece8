package dev.switchboard.perf;

import java.nio.ByteBuffer;

/// Reads as much of Switchboard's replies as a load client can afford.
final class Replies {
  private static final String ID = "{\"id\":";

  private Replies() {}

  /// Whether `length` bytes of `in` from index `at` are an error: `{"id":7,"error":...`.
  static boolean isError(ByteBuffer in, int at, int length) {
    int comma = at + ID.length();
    while (comma < at + length && in.get(comma) != ',') {
      comma++;
    }
    return comma + 2 < at + length && in.get(comma + 2) == 'e';
  }

  /// The id of a reply.
  static int id(String line) {
    return Integer.parseInt(line.substring(ID.length(), line.indexOf(',')));
  }
}
