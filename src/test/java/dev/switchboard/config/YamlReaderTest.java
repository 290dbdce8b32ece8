package dev.switchboard.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class YamlReaderTest {
  private static final String CANARY = "canary-4711";

  @TempDir Path folder;

  @Test
  void aSyntaxErrorHasLineAndColumn() {
    // When
    List<String> problems = problems("client:\n  insecure: true\n bad: [1\n");

    // Then
    assertThat(problems).singleElement().asString().contains("is not YAML at line 3, column 2");
  }

  @Test
  void aKeyThatStandsTwiceIsNamedWithBothLines() {
    // When
    List<String> problems = problems("log: {level: info}\nhttp:\n  port: 1\n  port: 2\nlog: {}\n");

    // Then
    assertThat(problems).hasSize(2);
    assertThat(problems.get(0)).startsWith("http.port stands twice").contains("line 3", "line 4");
    assertThat(problems.get(1)).startsWith("log stands twice").contains("line 1", "line 5");
  }

  @Test
  void aliasesAndSecondDocumentsAndListsAreRefused() {
    assertThat(problems("client:\n  commands_burst: &x 3\n  fragments_max: *x\n"))
        .anyMatch(p -> p.startsWith("client.fragments_max is a YAML alias"));
    assertThat(problems("http: {port: 1}\n---\nhttp: {port: 2}\n"))
        .singleElement()
        .asString()
        .contains("more than one YAML document");
    assertThat(problems("- a\n")).singleElement().asString().contains("must hold keys and values");
  }

  @Test
  void bytesThatAreNotTextAreRefused() throws Exception {
    // Given
    Path file = Files.write(folder.resolve("node.yaml"), new byte[] {'a', ':', ' ', (byte) 0xff});

    // When
    List<String> problems = Configs.problems(Optional.of(file), Map.of(), List.of());

    // Then
    assertThat(problems).containsExactly("configuration file " + file + " is not UTF-8 text");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "token: {hmac_secret: 'CANARY}\n",
        "token:\n  hmac_secret: CANARY: x\n",
        "token:\n  hmac_secret: *CANARY\n",
        "token:\n  hmac_secret: !CANARY!x y\n",
        "token:\n  hmac_secret: @CANARY\n",
        "token:\n  hmac_secret: \"CANARY\\q\"\n",
        "token:\n\thmac_secret: CANARY\n",
        "token:\n  hmac_secret: [CANARY]\n",
        "token:\n  hmac_secret: {a: CANARY}\n",
        "token: CANARY\n",
        "token:\n  hmac_secret=CANARY\n",
        "token:\n  hmac_sekret: CANARY\n",
        "token: {keys: [{id: a, algorithm: RS256, pem: CANARY}]}\n",
        "token: {keys: [CANARY]}\n",
        "CANARY\n",
      })
  void noMistakeShowsASecret(String text) {
    // When
    List<String> problems = problems(text.replace("CANARY", CANARY));

    // Then
    assertThat(problems).isNotEmpty().noneMatch(problem -> problem.contains(CANARY));
  }

  private List<String> problems(String text) {
    return Configs.problems(
        Optional.of(Configs.file(folder, text)), Map.of(), List.of("client.anonymous=true"));
  }
}
