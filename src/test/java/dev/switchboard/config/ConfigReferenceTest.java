package dev.switchboard.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConfigReferenceTest {
  private static final Path PAGE = Path.of("src/docs/configuration.md");
  private static final Path DEFAULTS = Path.of("conf/switchboard.yaml");
  private static final String COMMAND =
      "mvn test -Dtest=ConfigReferenceTest -Dconfiguration.page=write";

  @Test
  void thePageAboutTheKeysIsCurrent() throws Exception {
    // Given
    String page = ConfigReference.page(Files.readString(DEFAULTS), COMMAND);
    if ("write".equals(System.getProperty("configuration.page"))) {
      Files.writeString(PAGE, page);
    }

    // When
    String written = Files.readString(PAGE);

    // Then
    assertThat(written)
        .as("%s is stale; run `%s` and commit the result", PAGE, COMMAND)
        .isEqualTo(page);
  }

  @Test
  void thePackedFileHoldsExactlyTheKeysOfTheRecordTree() throws Exception {
    // Given
    var problems = new Problems();
    var file = YamlReader.read(DEFAULTS, problems);
    problems.throwIfAny();
    List<String> keys =
        ConfigKeys.leaves(GatewayConfig.class).stream().map(ConfigKeys.Leaf::path).toList();

    // When
    var comments = ConfigReference.comments(Files.readString(DEFAULTS));

    // Then
    assertThat(keys).allMatch(key -> file.find(key) != null, "is in " + DEFAULTS);
    assertThat(comments).allSatisfy((key, comment) -> assertThat(comment).as(key).isNotEmpty());
    assertThat(comments.keySet())
        .filteredOn(
            key ->
                !(file.find(key) instanceof ConfigNode.Section section)
                    || section.entries().isEmpty())
        .containsExactlyElementsOf(keys);
  }
}
