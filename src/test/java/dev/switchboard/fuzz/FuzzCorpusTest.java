package dev.switchboard.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.testkit.ProjectFiles;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The inputs that are replayed still mean what they were made for: when a format moves, they move
/// with it. `mvn test -Dtest=FuzzCorpusTest -Dfuzz.corpus=write` writes them.
class FuzzCorpusTest {
  private static final boolean WRITE = "write".equals(System.getProperty("fuzz.corpus"));

  @ParameterizedTest
  @EnumSource
  void theInputsToStartFromAreKept(FuzzTarget target) throws Exception {
    // When
    Map<String, byte[]> seeds = seeds(target);

    // Then
    assertThat(seeds).isNotEmpty();
    for (var seed : seeds.entrySet()) {
      Path file = target.corpus().resolve(seed.getKey());
      if (WRITE) {
        Files.createDirectories(target.corpus());
        Files.write(file, seed.getValue());
      }
      assertThat(file).hasBinaryContent(seed.getValue());
    }
  }

  @Test
  void noFuzzTestIsLeftOut() {
    // When
    List<String> tests =
        ProjectFiles.files("src/test/java", "FuzzTest.java").stream()
            .map(file -> Path.of("src/test/java").relativize(file).toString())
            .map(name -> name.replace(".java", "").replace('/', '.'))
            .toList();

    // Then
    assertThat(Arrays.stream(FuzzTarget.values()).map(FuzzTarget::type))
        .containsExactlyInAnyOrderElementsOf(tests);
  }

  @SuppressWarnings("unchecked")
  private static Map<String, byte[]> seeds(FuzzTarget target) throws Exception {
    Method method = Class.forName(target.type()).getDeclaredMethod("seeds");
    method.setAccessible(true);
    return (Map<String, byte[]>) method.invoke(null);
  }
}
