package dev.switchboard.faults.referee;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// Facts in a file, a line of JSON each, so that they can be judged again. Confined to one thread.
public final class Transcript implements AutoCloseable {
  /// The name of every such file.
  public static final String FILE = "facts.jsonl";

  private final BufferedWriter file;

  private Transcript(BufferedWriter file) {
    this.file = file;
  }

  /// Begins one in a folder; one that was there is gone.
  public static Transcript create(Path folder) {
    try {
      return new Transcript(Files.newBufferedWriter(folder.resolve(FILE)));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /// Writes down one more fact; what follows a [Fact.Rest] may be lost with the process.
  public void write(Fact fact) {
    try {
      file.write(FactCodec.encode(fact));
      file.newLine();
      if (fact instanceof Fact.Rest) {
        file.flush();
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /// The files in a folder and below.
  public static List<Path> below(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(file -> file.endsWith(FILE)).sorted().toList();
    }
  }

  /// Judges a file. A last line that was cut off is left out.
  public static Verdict judge(Path file) throws IOException {
    var referee = new Referee();
    try (var lines = Files.newBufferedReader(file)) {
      String line = lines.readLine();
      while (line != null) {
        String next = lines.readLine();
        if (next != null || line.endsWith("}")) {
          referee.hear(FactCodec.decode(line));
        }
        line = next;
      }
    }
    return referee.verdict();
  }

  @Override
  public void close() {
    try {
      file.close();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
