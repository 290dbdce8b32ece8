package dev.switchboard.cli;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Columns of text for a terminal. Pure functions.
final class Table {
  private static final Pattern UNSAFE = Pattern.compile("[\\p{Cc}\\p{Cf}\\u2028\\u2029]");

  private Table() {}

  /// Lines whose cells stand below each other, without spaces at their ends; the last has no line
  /// end. What could steer the terminal is written as `?`.
  ///
  /// @param rows the first holds the headings; all are equally long
  static String of(List<List<String>> rows) {
    int[] widths = new int[rows.getFirst().size()];
    for (List<String> row : rows) {
      for (int column = 0; column < widths.length; column++) {
        widths[column] = Math.max(widths[column], row.get(column).length());
      }
    }
    return rows.stream().map(row -> line(row, widths)).collect(Collectors.joining("\n"));
  }

  private static String line(List<String> row, int[] widths) {
    var line = new StringBuilder();
    for (int column = 0; column < widths.length; column++) {
      String cell = row.get(column);
      line.append(UNSAFE.matcher(cell).replaceAll("?"));
      line.repeat(' ', widths[column] - cell.length() + 2);
    }
    return line.toString().stripTrailing();
  }
}
