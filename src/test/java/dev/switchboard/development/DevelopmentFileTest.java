package dev.switchboard.development;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.config.ConfigLoader;
import dev.switchboard.config.GatewayConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DevelopmentFileTest {
  @TempDir private Path temporary;

  @Test
  void theFileIsAConfigurationWithoutMistakesOrWarnings() throws Exception {
    // When
    Path file = DevelopmentFile.in(temporary.resolve("a/b"));

    // Then
    var loaded = ConfigLoader.load(Optional.of(file), Map.of(), List.of());
    GatewayConfig config = loaded.config();
    assertThat(loaded.warnings()).isEmpty();
    assertThat(config.http().host()).isEqualTo("127.0.0.1");
    assertThat(config.internal().host()).isEqualTo("127.0.0.1");
    assertThat(config.cluster().searchesHere()).isTrue();
    assertThat(config.cluster().enabled()).isTrue();
    assertThat(config.client().insecure()).isFalse();
    assertThat(config.api().insecure()).isFalse();
    assertThat(config.client().allowedOrigins())
        .hasSize(20)
        .contains("http://127.0.0.1:9000", "http://localhost:9009");
    assertThat(config.token().hmacSecret().reveal()).hasSize(64);
    assertThat(config.cluster().key().reveal())
        .hasSize(64)
        .isNotEqualTo(config.token().hmacSecret().reveal());
  }

  @Test
  void onlyTheOwnerMayReadIt() throws Exception {
    // When
    Path file = DevelopmentFile.in(temporary.resolve("dev"));

    // Then
    assertThat(permissions(file)).isEqualTo("rw-------");
    assertThat(permissions(file.getParent())).isEqualTo("rwx------");
  }

  @Test
  void aSecondStartKeepsTheKeys() throws Exception {
    // Given
    Path file = DevelopmentFile.in(temporary);
    String first = Files.readString(file);

    // When
    DevelopmentFile.in(temporary);

    // Then
    assertThat(file).hasContent(first);
  }

  @Test
  void everyFolderHasKeysOfItsOwn() throws Exception {
    assertThat(Files.readString(DevelopmentFile.in(temporary.resolve("a"))))
        .isNotEqualTo(Files.readString(DevelopmentFile.in(temporary.resolve("b"))));
  }

  private static String permissions(Path path) throws Exception {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
