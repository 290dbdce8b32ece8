package dev.switchboard.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/// The runs of one campaign, which may be done in pieces: a file with a line for each.
final class FuzzLedger {
  private static final Path FILE = Path.of("target", "fuzz", "runs.tsv");

  private FuzzLedger() {}

  /// Begins a new campaign.
  static void clear() {
    try {
      Files.deleteIfExists(FILE);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  static void add(FuzzResult result) {
    try {
      Files.createDirectories(FILE.getParent());
      Files.writeString(
          FILE, result.line() + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  static List<FuzzResult> all() {
    try {
      return Files.exists(FILE)
          ? Files.readAllLines(FILE).stream().map(FuzzResult::of).toList()
          : List.of();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
