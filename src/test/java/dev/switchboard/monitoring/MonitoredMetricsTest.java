package dev.switchboard.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.switchboard.testkit.ProjectFiles;
import dev.switchboard.testkit.TestNode;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Holds rules, dashboards and runbooks to what a node really exposes, and shows all of it.
class MonitoredMetricsTest {
  /// Explained on the page, and on no panel: with the reason.
  private static final Set<String> NOT_SHOWN = Set.of();

  private static final Pattern ROW = Pattern.compile("(?m)^\\| `(switchboard_\\w+)` \\|");
  private static final Pattern METRIC =
      Pattern.compile("(?<![\\w:.])(?:switchboard|jvm|process|system)_[a-z0-9_]+");
  private static final Pattern FAMILY = Pattern.compile("(?m)^# TYPE (\\w+) ");
  private static final Pattern RECORDED = Pattern.compile("\\w+:switchboard_\\w+:\\w+");
  private static final Pattern SELECTOR = Pattern.compile("(switchboard_\\w+)\\s*\\{([^}]*)}");
  private static final Pattern MATCHER = Pattern.compile("(\\w+)=(~?)\"([^\"]*)\"");
  private static final Pattern HISTOGRAM_PART = Pattern.compile("_(bucket|count|sum)$");

  /// Of these, series come with the first call.
  private static final String API_CALLS = "switchboard_api_requests_total";

  private static TestNode node;
  private static String scrape;

  @BeforeAll
  static void scrape() {
    node = TestNode.start();
    node.api("info", "{}");
    await()
        .until(
            () -> {
              // Pauses are counted from the first one on.
              System.gc();
              scrape = node.get("/metrics").body();
              return scrape.contains("jvm_gc_pause_seconds_sum");
            });
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @Test
  void whateverIsAskedForIsExposed() {
    // Given
    Stream<String> samples = samples().map(line -> line.split("[{ ]", 2)[0]);
    // Runbooks name a histogram as a whole.
    Stream<String> families = found(FAMILY, List.of(scrape)).stream();
    Set<String> exposed = Stream.concat(samples, families).collect(Collectors.toSet());

    // When
    Set<String> asked = found(METRIC, Monitoring.questions());

    // Then
    assertThat(asked).hasSizeGreaterThan(60).isSubsetOf(exposed);
  }

  @Test
  void everyValueOfALabelThatIsAskedForIsExposed() {
    // When
    List<String> missing =
        Monitoring.matches(SELECTOR, Monitoring.questions())
            .filter(selector -> !selector.group(1).equals(API_CALLS))
            .flatMap(MonitoredMetricsTest::values)
            .distinct()
            .filter(value -> samples().noneMatch(isOf(value)))
            .toList();

    // Then
    assertThat(missing).isEmpty();
  }

  /// What a selector asks for, each as `metric label=value`; of what it excludes nothing.
  private static Stream<String> values(MatchResult selector) {
    return MATCHER
        .matcher(selector.group(2))
        .results()
        .filter(one -> !Set.of("job", "instance").contains(one.group(1)))
        .flatMap(
            one ->
                Arrays.stream(one.group(2).isEmpty() ? all(one) : one.group(3).split("\\|"))
                    .map(value -> selector.group(1) + " " + one.group(1) + "=" + value));
  }

  private static String[] all(MatchResult matcher) {
    return new String[] {matcher.group(3)};
  }

  private static Predicate<String> isOf(String value) {
    String[] words = value.split("[ =]", 3);
    var pattern = Pattern.compile("[{,]%s=\"%s\"".formatted(words[1], words[2]));
    return line -> line.startsWith(words[0] + "{") && pattern.matcher(line).find();
  }

  @Test
  void whatIsRecordedIsUsedAndWhatIsUsedIsRecorded() {
    // Given
    Set<String> recorded =
        Monitoring.rules().stream()
            .filter(rule -> rule.has("record"))
            .map(rule -> rule.get("record").asText())
            .collect(Collectors.toCollection(TreeSet::new));

    // When
    Set<String> used = found(RECORDED, Monitoring.questions());

    // Then
    assertThat(used).isEqualTo(recorded);
  }

  @Test
  void everyExplainedMetricIsOnAPanel() {
    // Given
    Set<String> explained = found(ROW, List.of(ProjectFiles.text(Monitoring.PAGE)));

    // When
    List<String> queries =
        Monitoring.panels().stream().flatMap(panel -> panel.queries().stream()).toList();

    // Then
    Set<String> shown =
        found(METRIC, queries).stream()
            .flatMap(name -> Stream.of(name, HISTOGRAM_PART.matcher(name).replaceFirst("")))
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(explained).isNotEmpty().allMatch(name -> shown.contains(name) != isHidden(name));
  }

  private static boolean isHidden(String name) {
    return NOT_SHOWN.contains(name);
  }

  private static Stream<String> samples() {
    return scrape.lines().filter(line -> !line.startsWith("#"));
  }

  private static Set<String> found(Pattern pattern, List<String> texts) {
    return Monitoring.matches(pattern, texts)
        .map(match -> match.groupCount() == 0 ? match.group() : match.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
