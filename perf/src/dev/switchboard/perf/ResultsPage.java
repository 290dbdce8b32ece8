package dev.switchboard.perf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;

/// What a scenario leaves behind: raw lines in `perf/out`, a page in `perf/results` when asked.
final class ResultsPage {
  /// Raw numbers and server logs; not kept in version control.
  static final Path OUT = Path.of("perf", "out");

  private static final Path RESULTS = Path.of("perf", "results");

  private final String scenario;
  private final boolean wanted;
  private final Path raw;

  /// @param wanted whether a page is to be written; raw lines always are
  ResultsPage(String scenario, boolean wanted) {
    this.scenario = scenario;
    this.wanted = wanted;
    String stamp = LocalDateTime.now().format(DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss"));
    raw = OUT.resolve(stamp + "-" + scenario + ".txt");
  }

  /// Where a server of this scenario logs.
  Path serverLog(ServerKind kind, int run) {
    String stem = raw.getFileName().toString().replace(".txt", "");
    return OUT.resolve(stem + "-" + kind.label() + "-" + run + ".log");
  }

  /// Where one node of a cluster logs; nodes are called a, b, c.
  Path serverLog(ServerKind kind, int run, int node) {
    String name = serverLog(kind, run).getFileName().toString();
    return OUT.resolve(name.replace(".log", (char) ('a' + node) + ".log"));
  }

  /// One line for the terminal and for the raw file, written at once: a crash loses nothing.
  void line(String text) {
    System.out.println(text);
    write(raw, text + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  /// The same without pictures.
  void finish(List<ServerKind> servers, String method, String results) {
    finish(servers, method, results, List.of());
  }

  /// Ends the scenario: prints the results, writes the page.
  ///
  /// @param method how the numbers came about, in Markdown
  /// @param results tables, in Markdown
  /// @param plots written beside the page, and shown in it
  void finish(List<ServerKind> servers, String method, String results, List<Plot> plots) {
    line("\n" + results);
    if (!wanted) {
      return;
    }
    LocalDate today = LocalDate.now();
    Path page = unused(today + "-" + scenario);
    String text =
        "# "
            + today
            + " "
            + scenario
            + "\n\n"
            + Machine.describe(servers)
            + "\n## Method\n\n"
            + method
            + "\n## Results\n\n"
            + shown(page, plots)
            + results
            + "\nHow to read this, and how far to trust it: [perf/README.md](../README.md).\n";
    try {
      Files.createDirectories(RESULTS);
    } catch (IOException e) {
      throw PerfException.failed("cannot create " + RESULTS, e);
    }
    write(page, text, StandardOpenOption.CREATE_NEW);
    plots.forEach(
        plot -> write(RESULTS.resolve(file(page, plot)), plot.svg(), StandardOpenOption.CREATE));
    System.out.println("Written: " + page);
  }

  private static String shown(Path page, List<Plot> plots) {
    StringBuilder text = new StringBuilder();
    plots.forEach(plot -> text.append("![%s](%s)\n\n".formatted(plot.title(), file(page, plot))));
    return text.toString();
  }

  private static String file(Path page, Plot plot) {
    return page.getFileName().toString().replace(".md", "-" + plot.name() + ".svg");
  }

  /// A second page of the same day gets a number: results are never overwritten.
  private static Path unused(String name) {
    Path page = RESULTS.resolve(name + ".md");
    for (int i = 2; Files.exists(page); i++) {
      page = RESULTS.resolve(name + "-" + i + ".md");
    }
    return page;
  }

  private static void write(Path file, String text, StandardOpenOption... how) {
    try {
      Files.writeString(file, text, how);
    } catch (IOException e) {
      throw PerfException.failed("cannot write " + file, e);
    }
  }
}
