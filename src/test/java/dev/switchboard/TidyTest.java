package dev.switchboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.SourceRules.Rule;
import dev.switchboard.testkit.ProjectFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Holds the sources to the rules of `src/docs/contributing.md`.
class TidyTest {
  private static final String MAIN = "src/main/java";
  private static final int FILE_LINES_MAX = 400;

  // Tests hold tables of cases, which are long without being hard.
  private static final int TEST_LINES_MAX = 500;
  private static final int COLUMNS_MAX = 100;
  private static final int PACKAGE_TYPES_MAX = 12;
  // In brackets a letter each, or this file would break its own rule.
  private static final Pattern UNFINISHED = Pattern.compile("\\b(T[O]DO|F[I]XME|X[X]X)\\b");

  /// Packages over the limit, with their present number of types: none may grow.
  private static final Map<String, Integer> LARGE_PACKAGES =
      Map.of(
          // Doors, a file for the methods that belong together, and what they read.
          "api", 13,
          // One command each, and what they share.
          "cli", 14,
          // One duty, one way through it: each file is a step of loading, binding or checking.
          "config", 24,
          // One state machine in parts that nobody else sees: moving one out makes it public.
          "link", 14,
          // The closed language beside two encodings of it.
          "protocol", 24,
          // The one way of a message: door, loops, peers, and the values between nodes.
          "routing", 29,
          // The edge of clients, a file for each kind of command; splitting the handshake off would
          // make its parts public.
          "socket", 24,
          // The way to a shard, from the door to its copy; only the door and its world are public.
          "store", 15,
          // The log and the values that go in and out of it; a half would have to open the other.
          "stream", 18,
          // A value, a rule or a handler each; all of them see Netty, so none can move out.
          "wire", 23);

  private static Map<Rule, List<String>> breaches;
  private static Map<Rule, List<String>> breachesOfUntidy;

  @BeforeAll
  static void readTheSources(@TempDir Path folder) throws IOException {
    Path untidy = folder.resolve("Untidy.java");
    Files.copy(Path.of("src/test/resources/tidy/Untidy.txt"), untidy);
    breachesOfUntidy = SourceRules.breaches(List.of(untidy));
    breaches = SourceRules.breaches(ProjectFiles.files(MAIN, ".java"));
  }

  @ParameterizedTest
  @EnumSource
  void theSourcesKeep(Rule rule) {
    assertThat(breaches.get(rule)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void aBreachIsFound(Rule rule) {
    assertThat(breachesOfUntidy.get(rule)).hasSize(1);
  }

  @Test
  void filesAreShort() {
    assertThat(ProjectFiles.files("src", ".java"))
        .filteredOn(file -> ProjectFiles.text(file).lines().count() > linesMax(file))
        .isEmpty();
  }

  private static int linesMax(Path file) {
    return file.startsWith("src/test") ? TEST_LINES_MAX : FILE_LINES_MAX;
  }

  @Test
  void linesFitTheScreen() {
    assertThat(ProjectFiles.lines("src", ".java"))
        .filteredOn(line -> line.text().codePointCount(0, line.text().length()) > COLUMNS_MAX)
        .isEmpty();
  }

  @Test
  void nothingIsLeftUnfinished() {
    assertThat(ProjectFiles.lines("src", ""))
        .filteredOn(line -> UNFINISHED.matcher(line.text()).find())
        .isEmpty();
  }

  @Test
  void commentsAreMarkdown() {
    assertThat(ProjectFiles.lines(MAIN, ".java"))
        .filteredOn(line -> line.text().strip().startsWith("/**"))
        .isEmpty();
  }

  @Test
  void everyPackageSaysWhatItIs() {
    assertThat(packages().keySet())
        .isNotEmpty()
        .allSatisfy(
            folder -> assertThat(folder.resolve("package-info.java")).content().startsWith("/// "));
  }

  @Test
  void packagesAreSmall() {
    packages()
        .forEach(
            (folder, files) -> {
              String name = folder.getFileName().toString();
              int allowed = LARGE_PACKAGES.getOrDefault(name, PACKAGE_TYPES_MAX);
              assertThat(files.size() - 1).as(name).isLessThanOrEqualTo(allowed);
            });
  }

  private static Map<Path, List<Path>> packages() {
    return ProjectFiles.files(MAIN, ".java").stream()
        .collect(Collectors.groupingBy(Path::getParent));
  }
}
