package dev.switchboard.cli;

import java.util.List;

/// Columns of text for a terminal. Pure functions.
final class Table {
  private Table() {}

  /// Lines whose cells stand below each other; the last has no line end.
  ///
  /// @param rows the first holds the headings; all are equally long
  static String of(List<List<String>> rows) {
    int columns = rows.getFirst().size();
    var text = new StringBuilder();
    for (List<String> row : rows) {
      for (int column = 0; column < columns; column++) {
        String cell = row.get(column);
        text.append(cell);
        if (column < columns - 1) {
          text.repeat(' ', width(rows, column) - cell.length() + 2);
        }
      }
      text.append('\n');
    }
    return text.toString().stripTrailing();
  }

  private static int width(List<List<String>> rows, int column) {
    return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
  }
}
