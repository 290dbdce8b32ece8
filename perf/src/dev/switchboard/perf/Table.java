package dev.switchboard.perf;

import java.util.ArrayList;
import java.util.List;

/// A table that reads the same at a terminal and in Markdown.
final class Table {
  private final List<List<String>> rows = new ArrayList<>();

  Table(String... headings) {
    rows.add(List.of(headings));
  }

  /// One more row; as many cells as there are headings.
  void add(String... cells) {
    if (cells.length != rows.getFirst().size()) {
      throw new IllegalArgumentException("a row of " + cells.length + " cells");
    }
    rows.add(List.of(cells));
  }

  /// The whole table; the first column is aligned left, numbers right.
  String text() {
    int columns = rows.getFirst().size();
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int i = 0; i < columns; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    StringBuilder text = new StringBuilder();
    for (int r = 0; r < rows.size(); r++) {
      text.append('|');
      for (int i = 0; i < columns; i++) {
        String pattern = i == 0 ? " %-" + widths[i] + "s |" : " %" + widths[i] + "s |";
        text.append(pattern.formatted(rows.get(r).get(i)));
      }
      text.append('\n').append(r == 0 ? rule(widths) : "");
    }
    return text.toString();
  }

  private static String rule(int[] widths) {
    StringBuilder rule = new StringBuilder("|");
    for (int i = 0; i < widths.length; i++) {
      rule.append("-").append("-".repeat(widths[i]));
      rule.append(i == 0 ? "-|" : ":|");
    }
    return rule.append('\n').toString();
  }
}
