package dev.switchboard.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.switchboard.monitoring.Monitoring.Panel;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// Holds dashboards to what makes them fit for anybody's Grafana, and readable.
class DashboardsTest {
  private static final int COLUMNS = 24;
  private static final Pattern LITERAL_NODE =
      Pattern.compile("(instance|job)(=~?|!=|!~)\"(?!\\$)[^\"]*\"");

  @Test
  void everyDashboardIsOfNoGrafanaInParticular() {
    // When
    Map<String, JsonNode> dashboards = Monitoring.dashboards();

    // Then
    assertThat(dashboards)
        .containsOnlyKeys("cluster.json", "node.json", "overview.json", "streams.json");
    assertThat(dashboards.values())
        .extracting(one -> one.get("uid").asText())
        .doesNotHaveDuplicates()
        .allMatch(uid -> uid.startsWith("switchboard-"));
    assertThat(dashboards)
        .allSatisfy(
            (name, one) -> {
              assertThat(one.has("id")).as(name).isFalse();
              assertThat(one.get("title").asText()).as(name).startsWith("Switchboard: ");
              assertThat(one.get("description").asText()).as(name).isNotBlank();
              assertThat(one.at("/annotations/list")).as(name).isNotEmpty();
              assertThat(one.at("/templating/list").valueStream().map(DashboardsTest::name))
                  .as(name)
                  .contains("datasource", "job", "runbooks");
              assertThat(one.findValues("datasource"))
                  .as(name)
                  .allMatch(source -> source.path("uid").asText().equals("${datasource}"));
            });
  }

  private static String name(JsonNode variable) {
    return variable.get("name").asText();
  }

  @Test
  void panelsHaveANumberAndAPlaceOfTheirOwn() {
    // When
    Map<String, JsonNode> dashboards = Monitoring.dashboards();

    // Then
    assertThat(dashboards)
        .allSatisfy(
            (name, one) -> {
              List<JsonNode> panels = one.get("panels").valueStream().toList();
              assertThat(panels).extracting(each -> each.get("id").asInt()).doesNotHaveDuplicates();
              assertThat(panels)
                  .extracting(each -> each.at("/gridPos/x").asInt(), each -> each.at("/gridPos/y"))
                  .as(name)
                  .doesNotHaveDuplicates();
              assertThat(panels)
                  .extracting(each -> each.at("/gridPos/x").asInt() + each.at("/gridPos/w").asInt())
                  .allMatch(end -> end <= COLUMNS);
            });
  }

  @Test
  void panelsSayWhatTheyShow() {
    // When
    List<Panel> panels = Monitoring.panels();

    // Then
    assertThat(panels)
        .allSatisfy(
            panel -> {
              assertThat(panel.json().path("title").asText()).isNotBlank();
              assertThat(panel.json().path("description").asText()).isNotBlank();
              assertThat(panel.json().at("/fieldConfig/defaults/unit").asText()).isNotBlank();
              assertThat(panel.queries()).isNotEmpty();
            });
    Map<String, Long> titles =
        panels.stream().collect(Collectors.groupingBy(Panel::toString, Collectors.counting()));
    assertThat(titles).allSatisfy((_, times) -> assertThat(times).isEqualTo(1));
  }

  @Test
  void queriesAreOfTheClusterAndTheNodesThatWereChosen() {
    // When
    List<String> queries =
        Monitoring.panels().stream().flatMap(panel -> panel.queries().stream()).toList();

    // Then
    assertThat(queries)
        .allSatisfy(
            query -> {
              assertThat(query).contains("job=\"$job\"");
              assertThat(LITERAL_NODE.matcher(query).find()).as(query).isFalse();
            });
  }

  @Test
  void linksOfPanelsLeadToRunbooks() {
    // When
    List<String> links =
        Monitoring.panels().stream()
            .flatMap(panel -> panel.json().path("links").valueStream())
            .map(link -> link.get("url").asText())
            .toList();

    // Then
    assertThat(links)
        .hasSizeGreaterThan(30)
        .allMatch(link -> link.startsWith("${runbooks}#"))
        .extracting(link -> link.substring(link.indexOf('#') + 1))
        .isSubsetOf(Monitoring.runbooks().keySet());
  }
}
