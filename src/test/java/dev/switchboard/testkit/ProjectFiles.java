package dev.switchboard.testkit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// The files of this project as a reader sees them: without what a build or a run made.
public final class ProjectFiles {
  private static final Set<String> MADE =
      Set.of(".git", ".idea", ".switchboard", "target", "node_modules", "out");

  private ProjectFiles() {}

  /// All files below `folder`, sorted.
  public static List<Path> files(String folder) {
    List<Path> files = new ArrayList<>();
    try {
      Files.walkFileTree(
          Path.of(folder),
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes) {
              return MADE.contains(path.getFileName().toString())
                  ? FileVisitResult.SKIP_SUBTREE
                  : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) {
              files.add(path.normalize());
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException failure) {
      throw new AssertionError(failure);
    }
    return files.stream().sorted().toList();
  }

  /// All files below `folder` with that ending, sorted.
  public static List<Path> files(String folder, String ending) {
    return files(folder).stream().filter(file -> file.toString().endsWith(ending)).toList();
  }

  /// One line of a file.
  ///
  /// @param number counted from 1
  public record Line(Path file, int number, String text) {
    @Override
    public String toString() {
      return file + ":" + number + ": " + text.strip();
    }
  }

  /// All lines of all files below `folder` with that ending.
  public static List<Line> lines(String folder, String ending) {
    List<Line> lines = new ArrayList<>();
    for (Path file : files(folder, ending)) {
      int number = 0;
      for (String text : text(file).lines().toList()) {
        lines.add(new Line(file, ++number, text));
      }
    }
    return lines;
  }

  /// The text of a file; bytes that are not UTF-8 become question marks.
  public static String text(Path file) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    } catch (IOException failure) {
      throw new AssertionError(failure);
    }
  }
}
