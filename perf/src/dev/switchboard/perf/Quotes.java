package dev.switchboard.perf;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// JSON like what applications publish, for when it matters how well it compresses, or how little
/// of it changes.
///
/// Prices and sizes differ in every quote, and what is left is filled with an id of random digits,
/// of which nothing can be saved but the half that hexadecimal wastes.
final class Quotes {
  private static final String START = "{\"quotes\":[";
  private static final String END = "],\"id\":\"";
  private static final String LAST = "\"}";
  private static final String SYMBOL = "{\"symbol\":\"";
  private static final int SYMBOL_LENGTH = 3;

  private Quotes() {}

  /// Texts of so many bytes, the same at each call. In each, one quote differs from the text
  /// before; where no quote fits, there is one text.
  static List<String> series(int bytes, int count) {
    Random random = new Random(bytes);
    List<String> quotes = quotes(bytes - START.length() - END.length() - LAST.length(), random);
    String id = id(bytes, quotes, random);
    List<String> texts = new ArrayList<>(List.of(text(quotes, id)));
    for (int i = 1; i < count && !quotes.isEmpty(); i++) {
      quotes.set(i % quotes.size(), next(quotes.get(i % quotes.size()), random));
      texts.add(text(quotes, id));
    }
    return texts;
  }

  private static List<String> quotes(int room, Random random) {
    List<String> quotes = new ArrayList<>();
    String quote = quote(symbol(random), random);
    while (room >= quote.length()) {
      quotes.add(quote);
      room -= quote.length() + 1;
      quote = quote(symbol(random), random);
    }
    return quotes;
  }

  private static String id(int bytes, List<String> quotes, Random random) {
    StringBuilder id = new StringBuilder();
    for (int i = text(quotes, "").length(); i < bytes; i++) {
      id.append(Character.forDigit(random.nextInt(16), 16));
    }
    return id.toString();
  }

  private static String text(List<String> quotes, String id) {
    return START + String.join(",", quotes) + END + id + LAST;
  }

  /// Another quote of the same symbol and length.
  private static String next(String before, Random random) {
    String symbol = before.substring(SYMBOL.length(), SYMBOL.length() + SYMBOL_LENGTH);
    String quote = quote(symbol, random);
    while (quote.length() != before.length()) {
      quote = quote(symbol, random);
    }
    return quote;
  }

  private static String symbol(Random random) {
    char first = (char) ('A' + random.nextInt(26));
    char second = (char) ('A' + random.nextInt(26));
    return "" + first + second + "X";
  }

  private static String quote(String symbol, Random random) {
    double bid = 10 + random.nextInt(50_000) / 100.0;
    return SYMBOL
        + "%s\",\"bid\":%.2f,\"ask\":%.2f,\"size\":%d,\"at\":17965%08d}"
            .formatted(symbol, bid, bid + 0.05, random.nextInt(5_000), random.nextInt(99_999_999));
  }
}
