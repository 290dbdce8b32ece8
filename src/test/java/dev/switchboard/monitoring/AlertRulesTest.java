package dev.switchboard.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.switchboard.monitoring.Monitoring.Alert;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// Holds every alert to a severity, a runbook and tests, and every runbook to its alerts.
class AlertRulesTest {
  private static final Pattern NAME = Pattern.compile("Switchboard[A-Z]\\w+");
  private static final Pattern IN_TEST = Pattern.compile("alertname=\"(\\w+)\"");

  @Test
  void everyAlertSaysWhomItWakesAndWhatToDo() {
    // When
    List<Alert> alerts = Monitoring.alerts();

    // Then
    assertThat(alerts).hasSizeGreaterThan(40).extracting(Alert::name).doesNotHaveDuplicates();
    assertThat(alerts)
        .allSatisfy(
            alert -> {
              assertThat(alert.name()).matches(NAME);
              assertThat(alert.severity()).isIn("page", "ticket");
              assertThat(alert.annotations())
                  .containsOnlyKeys("summary", "description", "runbook_url")
                  .allSatisfy((_, text) -> assertThat(text).isNotBlank());
              assertThat(alert.annotations().get("runbook_url"))
                  .startsWith(Monitoring.PAGE + "#runbook-");
            });
  }

  @Test
  void everyAlertHasARunbookThatNamesItAndEveryRunbookIsForItsAlerts() {
    // Given
    Map<String, Set<String>> wanted =
        Monitoring.alerts().stream()
            .collect(
                Collectors.groupingBy(
                    Alert::anchor,
                    TreeMap::new,
                    Collectors.mapping(Alert::name, Collectors.toCollection(TreeSet::new))));

    // When
    Map<String, Set<String>> named = new TreeMap<>();
    Monitoring.runbooks().forEach((anchor, text) -> named.put(anchor, alertsOf(text)));

    // Then
    assertThat(named).isEqualTo(wanted);
  }

  /// Those in the first paragraph.
  private static Set<String> alertsOf(String runbook) {
    return Monitoring.code(runbook.split("\n\n", 2)[0])
        .filter(NAME.asMatchPredicate())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void everyRunbookAnswersTheSameQuestions() {
    // When
    Map<String, String> runbooks = Monitoring.runbooks();

    // Then
    assertThat(runbooks)
        .allSatisfy(
            (anchor, text) ->
                assertThat(text)
                    .as(anchor)
                    .containsSubsequence(
                        "**Means**", "**Users feel**", "**Look at**", "**Do**", "**Over when**"));
  }

  @Test
  void everyAlertIsSeenToFireAndToKeepSilent() {
    // Given
    Set<String> alerts =
        Monitoring.alerts().stream()
            .map(Alert::name)
            .collect(Collectors.toCollection(TreeSet::new));

    // When
    Set<String> firing = tested(true);
    Set<String> silent = tested(false);

    // Then
    assertThat(firing).isEqualTo(alerts);
    assertThat(silent).isEqualTo(alerts);
  }

  /// The alerts that a test expects to fire, or of which it expects that none fires.
  private static Set<String> tested(boolean firing) {
    return Monitoring.TESTS.stream()
        .flatMap(file -> Monitoring.yaml(file).get("tests").valueStream())
        .flatMap(test -> test.path("promql_expr_test").valueStream())
        .filter(one -> one.path("expr").asText().contains("alertstate=\"firing\""))
        .filter(one -> one.path("exp_samples").isEmpty() != firing)
        .map(AlertRulesTest::alert)
        .filter(name -> !name.isEmpty())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String alert(JsonNode expectation) {
    return IN_TEST
        .matcher(expectation.get("expr").asText())
        .results()
        .map(found -> found.group(1))
        .findFirst()
        .orElse("");
  }
}
