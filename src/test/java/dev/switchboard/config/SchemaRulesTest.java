package dev.switchboard.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A start is refused for every schema that cannot be used, and for names there are none of.
class SchemaRulesTest {
  @TempDir Path folder;

  private Path file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  @Test
  void schemasAndWhoUsesThemAreTaken() throws IOException {
    // Given
    Path good = file("good.json", "{\"type\":\"object\"}");
    String yaml =
        """
        token: {hmac_secret: something}
        schemas:
          files:
            - {name: chat, version: 1, file: "%s"}
            - {name: chat, version: 2-beta, file: "%s"}
        channel:
          without_namespace: {publication_schema: chat@1}
          namespaces:
            chat: {publication_schema: chat@2-beta, publication_data_format: json_object}
        """
            .formatted(good, good);

    // When
    List<String> problems =
        Configs.problems(Optional.of(Configs.file(folder, yaml)), Map.of(), List.of());

    // Then
    assertThat(problems).isEmpty();
  }

  @Test
  void allMistakesAreListedAtOnce() throws IOException {
    // Given
    Path good = file("good.json", "{\"type\":\"object\"}");
    Path bad = file("bad.json", "{\"properties\":{\"a\":{\"pattern\":\"(?=a)\"}}}");
    String yaml =
        """
        token: {hmac_secret: something}
        client: {pong_timeout: 1h}
        schemas:
          files:
            - {name: chat, version: 1, file: "%s"}
            - {name: chat, version: 1, file: "%s"}
            - {name: "a@b", version: "", file: "%s"}
            - {name: lost, version: 1, file: "%s"}
            - {name: bad, version: 1, file: "%s"}
          steps_max: 0
        channel:
          without_namespace: {publication_schema: chat@2}
          namespaces:
            bytes: {publication_schema: chat@1, publication_data_format: binary}
        """
            .formatted(good, good, good, folder.resolve("lost.json"), bad);

    // When
    List<String> problems =
        Configs.problems(Optional.of(Configs.file(folder, yaml)), Map.of(), List.of());

    // Then
    assertThat(problems)
        .hasSize(9)
        .anyMatch(line -> line.startsWith("client.pong_timeout is 1h"))
        .anyMatch(line -> line.startsWith("schemas.files.1 is chat@1, as is an earlier one"))
        .anyMatch(line -> line.startsWith("schemas.files.2.name is \"a@b\"; allowed are"))
        .anyMatch(line -> line.startsWith("schemas.files.2.version is \"\"; allowed are"))
        .anyMatch(
            line ->
                line.startsWith("schemas.files.3.file is \"")
                    && line.contains("lost.json\", which does not exist"))
        .anyMatch(
            line ->
                line.startsWith("schemas.files.4.file is \"")
                    && line.contains("bad.json\", which has at /properties/a/pattern"))
        .anyMatch(line -> line.startsWith("schemas.steps_max is 0; allowed is 1"))
        .anyMatch(
            line ->
                line.startsWith(
                    "channel.without_namespace.publication_schema is \"chat@2\"; allowed is empty"
                        + " or one of schemas.files, which has chat@1"))
        .anyMatch(
            line ->
                line.startsWith(
                    "channel.namespaces.bytes.publication_schema is \"chat@1\"; allowed is empty"
                        + " where payloads are binary"));
  }

  @Test
  void withoutSchemasNoneCanBeNamed() {
    assertThat(Configs.problems("channel.without_namespace.publication_schema=chat@1"))
        .singleElement()
        .asString()
        .contains("one of schemas.files, which has none");
  }
}
