package dev.switchboard.monitoring;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.switchboard.testkit.ProjectFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The files of `conf/monitoring` and the runbooks, as tests look at them.
final class Monitoring {
  static final Path FOLDER = Path.of("conf", "monitoring");
  static final Path RULES = FOLDER.resolve("alerts.yaml");
  static final Path CONFIGURATION = FOLDER.resolve("prometheus.yaml");
  static final List<Path> TESTS =
      List.of(FOLDER.resolve("alerts.test.yaml"), FOLDER.resolve("days.test.yaml"));
  static final Path PAGE = Path.of("src", "docs", "operating.md");

  private static final Pattern RUNBOOK =
      Pattern.compile("(?ms)^### Runbook: (.+?)\n(.*?)(?=^##|\\z)");
  private static final Pattern CODE = Pattern.compile("`([^`]+)`");

  private Monitoring() {}

  /// An alert.
  ///
  /// @param severity who is told
  /// @param annotations what they are told
  record Alert(String name, String severity, Map<String, String> annotations) {
    /// The anchor of its runbook.
    String anchor() {
      return annotations.getOrDefault("runbook_url", "").replaceFirst("^.*#", "");
    }
  }

  /// A panel that shows something, so none that is a headline.
  record Panel(String dashboard, JsonNode json) {
    /// What it asks Prometheus.
    List<String> queries() {
      return json.get("targets").valueStream().map(one -> one.path("expr").asText()).toList();
    }

    @Override
    public String toString() {
      return dashboard + ": " + json.path("title").asText();
    }
  }

  static List<Alert> alerts() {
    return rules().stream()
        .filter(rule -> rule.has("alert"))
        .map(
            rule ->
                new Alert(
                    rule.get("alert").asText(),
                    rule.at("/labels/severity").asText(),
                    texts(rule.path("annotations"))))
        .toList();
  }

  /// Recording rules and alerts.
  static List<JsonNode> rules() {
    return yaml(RULES)
        .get("groups")
        .valueStream()
        .flatMap(group -> group.get("rules").valueStream())
        .toList();
  }

  private static Map<String, String> texts(JsonNode members) {
    return members
        .propertyStream()
        .collect(
            Collectors.toMap(
                Map.Entry::getKey, each -> each.getValue().asText(), (a, _) -> a, TreeMap::new));
  }

  /// Every dashboard by its name.
  static Map<String, JsonNode> dashboards() {
    return ProjectFiles.files(FOLDER.resolve("dashboards").toString(), ".json").stream()
        .collect(
            Collectors.toMap(
                file -> file.getFileName().toString(),
                file -> read(new ObjectMapper(), file),
                (a, _) -> a,
                TreeMap::new));
  }

  static List<Panel> panels() {
    return dashboards().entrySet().stream()
        .flatMap(
            one ->
                one.getValue()
                    .get("panels")
                    .valueStream()
                    .filter(panel -> !panel.path("type").asText().equals("row"))
                    .map(panel -> new Panel(one.getKey(), panel)))
        .toList();
  }

  /// What the annotations of dashboards ask Prometheus.
  static List<String> annotations() {
    return dashboards().values().stream()
        .flatMap(one -> one.at("/annotations/list").valueStream())
        .map(annotation -> annotation.path("expr").asText())
        .toList();
  }

  /// The text of every runbook by its anchor.
  static Map<String, String> runbooks() {
    return RUNBOOK
        .matcher(ProjectFiles.text(PAGE))
        .results()
        .collect(
            Collectors.toMap(
                found -> "runbook-" + found.group(1).toLowerCase().replace(' ', '-'),
                found -> found.group(2).strip(),
                (a, _) -> a,
                TreeMap::new));
  }

  /// All that is set as code in a text.
  static Stream<String> code(String text) {
    return CODE.matcher(text).results().map(found -> found.group(1));
  }

  /// All that rules, dashboards and runbooks ask.
  static List<String> questions() {
    return Stream.of(
            rules().stream().map(rule -> rule.get("expr").asText()),
            panels().stream().flatMap(panel -> panel.queries().stream()),
            annotations().stream(),
            runbooks().values().stream().flatMap(Monitoring::code))
        .flatMap(each -> each)
        .toList();
  }

  /// Every match of a pattern in any of the texts.
  static Stream<MatchResult> matches(Pattern pattern, List<String> texts) {
    return texts.stream().flatMap(text -> pattern.matcher(text).results());
  }

  static JsonNode yaml(Path file) {
    return read(new YAMLMapper(), file);
  }

  private static JsonNode read(ObjectMapper mapper, Path file) {
    try {
      return mapper.readTree(file.toFile());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
