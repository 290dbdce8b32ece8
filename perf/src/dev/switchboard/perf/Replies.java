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

  /// Whether these bytes are a reply, which has an id, and no push.
  static boolean isReply(ByteBuffer in, int at, int length) {
    boolean is = length > ID.length();
    for (int i = 0; is && i < ID.length(); i++) {
      is = in.get(at + i) == ID.charAt(i);
    }
    return is;
  }

  /// The id of the reply in `in` from index `at`.
  static int id(ByteBuffer in, int at) {
    int id = 0;
    for (int i = at + ID.length(); in.get(i) != ','; i++) {
      id = 10 * id + in.get(i) - '0';
    }
    return id;
  }

  /// The id of a reply.
  static int id(String line) {
    return Integer.parseInt(line.substring(ID.length(), line.indexOf(',')));
  }
}
