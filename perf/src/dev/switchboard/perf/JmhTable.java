package dev.switchboard.perf;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Makes one table row per benchmark of JMH's CSV, which has a row for each thing measured.
///
/// Columns: benchmark, mode, threads, samples, score, error, unit, and one for each parameter.
final class JmhTable {
  private static final String PACKAGE = "dev.switchboard.";
  private static final String PER_OPERATION = ":gc.alloc.rate.norm";
  private static final int SCORE = 4;
  private static final int ERROR = 5;
  private static final int UNIT = 6;

  private final List<String> parameters;
  private final Map<String, List<String>> scores = new LinkedHashMap<>();
  private final Map<String, String> allocated = new LinkedHashMap<>();

  private JmhTable(List<String> parameters) {
    this.parameters = parameters;
  }

  /// @param lines the first one names the columns
  static Table of(List<String> lines) {
    List<String> headings = cells(lines.getFirst());
    var table = new JmhTable(headings.subList(UNIT + 1, headings.size()));
    lines.stream().skip(1).map(JmhTable::cells).forEach(table::read);
    return table.text();
  }

  private static List<String> cells(String line) {
    List<String> cells = new ArrayList<>();
    for (String cell : line.split(",", -1)) {
      cells.add(cell.replace("\"", ""));
    }
    return cells;
  }

  private void read(List<String> row) {
    String benchmark = row.getFirst();
    int colon = benchmark.indexOf(':');
    String name = (colon < 0 ? benchmark : benchmark.substring(0, colon)).replace(PACKAGE, "");
    String key = name + parameters(row);
    if (colon < 0) {
      scores.put(key, row);
    } else if (benchmark.endsWith(PER_OPERATION)) {
      allocated.put(key, rounded(row.get(SCORE)));
    }
  }

  private String parameters(List<String> row) {
    StringBuilder text = new StringBuilder();
    for (int index = 0; index < parameters.size(); index++) {
      String value = row.get(UNIT + 1 + index);
      if (!value.isEmpty()) {
        text.append(' ').append(parameters.get(index).replace("Param: ", "")).append('=');
        text.append(value);
      }
    }
    return text.toString();
  }

  private Table text() {
    var table = new Table("Benchmark", "score", "error", "unit", "B/op");
    scores.forEach(
        (key, row) ->
            table.add(
                key,
                rounded(row.get(SCORE)),
                rounded(row.get(ERROR)),
                row.get(UNIT),
                allocated.getOrDefault(key, "-")));
    return table;
  }

  /// An error of too few samples is no number.
  private static String rounded(String number) {
    double value = Double.parseDouble(number);
    return Double.isNaN(value) ? "-" : "%,.1f".formatted(value);
  }
}
