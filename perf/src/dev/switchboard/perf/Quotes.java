package dev.switchboard.perf;

import java.util.Random;

/// JSON like what applications publish, for when it matters how well it compresses.
///
/// Prices and sizes differ in every quote, and what is left is filled with an id of random digits,
/// of which nothing can be saved but the half that hexadecimal wastes.
final class Quotes {
  private static final String START = "{\"quotes\":[";
  private static final String END = "],\"id\":\"";
  private static final String LAST = "\"}";

  private Quotes() {}

  /// The same text at each call, of so many bytes.
  static String of(int bytes) {
    Random random = new Random(bytes);
    StringBuilder text = new StringBuilder(START);
    int room = bytes - END.length() - LAST.length();
    String quote = quote(random);
    while (text.length() + quote.length() <= room) {
      text.append(quote);
      quote = "," + quote(random);
    }
    text.append(END);
    while (text.length() < bytes - LAST.length()) {
      text.append(Character.forDigit(random.nextInt(16), 16));
    }
    return text.append(LAST).toString();
  }

  private static String quote(Random random) {
    char first = (char) ('A' + random.nextInt(26));
    char second = (char) ('A' + random.nextInt(26));
    double bid = 10 + random.nextInt(50_000) / 100.0;
    return "{\"symbol\":\"%c%cX\",\"bid\":%.2f,\"ask\":%.2f,\"size\":%d,\"at\":17965%08d}"
        .formatted(
            first, second, bid, bid + 0.05, random.nextInt(5_000), random.nextInt(99_999_999));
  }
}
