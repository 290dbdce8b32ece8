package dev.switchboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.testkit.ProjectFiles;
import dev.switchboard.testkit.ProjectFiles.Line;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Holds pages to what they point at: files, headings, decisions, classes.
class TidyDocsTest {
  private static final int README_LINES_MAX = 150;
  private static final Pattern LINK = Pattern.compile("\\[[^\\]]*]\\(([^)\\s]+)\\)");
  private static final Pattern ADR = Pattern.compile("ADR (\\d{4})");
  private static final Pattern CLASS_NAME =
      Pattern.compile("`([A-Z][a-z]\\w*?[A-Z]\\w*)(?:\\.\\w+)?`");
  private static final Pattern ALERT = Pattern.compile("- alert: (\\w+)");
  private static final Pattern MACHINE_PATH =
      Pattern.compile("(^|[^\\w.~$}<])/(work|farm|root|home/\\w|Users/\\w)(/|\\b)");
  private static final Pattern REGISTRY =
      Pattern.compile(
          "\"resolved\": *\"http|^registry *=|<(repositories|pluginRepositories|mirror)>");

  /// Classes of others that pages may name.
  private static final Set<String> FOREIGN =
      Set.of("NetSocketInternal", "ContextInternal", "JsonObject", "ReplyException");

  @Test
  void linksLeadSomewhere() {
    assertThat(matches(pages(), LINK))
        .filteredOn(link -> !link.target().matches("https?://.*|mailto:.*"))
        .filteredOn(link -> !leadsSomewhere(link))
        .isEmpty();
  }

  @Test
  void decisionsThatAreNamedExist() {
    // Given
    Set<String> numbers =
        ProjectFiles.files("src/docs/adr").stream()
            .map(file -> file.getFileName().toString().substring(0, 4))
            .collect(Collectors.toSet());

    // When
    List<Match> named = matches(ProjectFiles.lines(".", ""), ADR);

    // Then
    assertThat(named).isNotEmpty().allMatch(match -> numbers.contains(match.target()));
  }

  @Test
  void classesAndAlertsThatPagesNameExist() {
    // Given
    Stream<String> classes =
        Stream.of("src/main/java", "src/test/java", "perf/src")
            .flatMap(folder -> ProjectFiles.files(folder, ".java").stream())
            .map(file -> file.getFileName().toString().replace(".java", ""));
    Stream<String> alerts =
        matches(ProjectFiles.lines("conf/monitoring", ".yaml"), ALERT).stream().map(Match::target);
    Set<String> known = Stream.concat(classes, alerts).collect(Collectors.toSet());

    // When
    List<Match> unknown =
        matches(pages(), CLASS_NAME).stream()
            .filter(match -> !known.contains(match.target()) && !FOREIGN.contains(match.target()))
            .toList();

    // Then
    assertThat(unknown).isEmpty();
  }

  @Test
  void theReadmeIsShort() {
    assertThat(Path.of("README.md"))
        .content()
        .satisfies(text -> assertThat(text.lines().count()).isLessThan(README_LINES_MAX));
  }

  @Test
  void noFileKnowsTheMachineItWasWrittenOn() {
    assertThat(ProjectFiles.lines(".", ""))
        .filteredOn(line -> MACHINE_PATH.matcher(line.text()).find())
        .isEmpty();
  }

  @Test
  void noFileNamesARegistry() {
    assertThat(ProjectFiles.lines(".", ""))
        .filteredOn(line -> REGISTRY.matcher(line.text()).find())
        .filteredOn(line -> !line.file().endsWith("TidyDocsTest.java"))
        .isEmpty();
  }

  /// What a pattern's first group found, and where.
  private record Match(Line line, String target) {}

  private static List<Line> pages() {
    return ProjectFiles.lines(".", ".md");
  }

  private static List<Match> matches(List<Line> lines, Pattern pattern) {
    Function<Line, Stream<Match>> found =
        line ->
            pattern.matcher(line.text()).results().map(match -> new Match(line, match.group(1)));
    return lines.stream().flatMap(found).toList();
  }

  private static boolean leadsSomewhere(Match link) {
    String[] parts = link.target().split("#", 2);
    Path page = link.line().file();
    Path target = parts[0].isEmpty() ? page : page.resolveSibling(parts[0]);
    return Files.exists(target) && (parts.length == 1 || anchors(target).contains(parts[1]));
  }

  /// The anchors that headings make: lower case, spaces as hyphens, no punctuation.
  private static Set<String> anchors(Path page) {
    return ProjectFiles.text(page)
        .lines()
        .filter(line -> line.startsWith("#"))
        .map(line -> line.replaceFirst("^#+ ", "").toLowerCase(Locale.ROOT))
        .map(text -> text.replaceAll("[^\\w\\- ]", "").replace(' ', '-'))
        .collect(Collectors.toSet());
  }
}
