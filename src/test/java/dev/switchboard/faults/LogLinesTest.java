package dev.switchboard.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogLinesTest {
  @TempDir private Path folder;
  private Path log;

  @BeforeEach
  void create() throws IOException {
    log = Files.createFile(folder.resolve("node-1.log"));
  }

  private void write(String time, String level, String logger, int lines) throws IOException {
    String line =
        "{\"time\":\"2026-11-24T%s.1Z\",\"level\":\"%s\",\"logger\":\"%s\",\"message\":\"x\"}"
            .formatted(time, level, logger);
    for (int each = 0; each < lines; each++) {
      Files.writeString(log, line + "\n", StandardOpenOption.APPEND);
    }
  }

  @Test
  void theBusiestSecondCountsWithoutTheAccessLog() throws IOException {
    // Given
    write("03:00:00", "INFO", "dev.switchboard.ServeCommand", 3);
    write("03:00:01", "ERROR", "io.vertx.core.impl.ContextImpl", 7);
    write("03:00:01", "INFO", "switchboard.access", 50);

    // When
    var lines = LogLines.read(log);

    // Then
    assertThat(lines.busiest()).isEqualTo(7);
    assertThat(lines.warnings()).isEqualTo(7);
  }

  @Test
  void linesOfTheJvmBelongToTheSecondBefore() throws IOException {
    // Given
    write("03:00:00", "INFO", "dev.switchboard.ServeCommand", 1);
    Files.write(log, List.of("java.lang.Error", "\tat x", "\tat y"), StandardOpenOption.APPEND);

    // Then
    assertThat(LogLines.read(log).busiest()).isEqualTo(4);
  }

  @Test
  void onlyWhatIsNewCounts() throws IOException {
    // Given
    write("03:00:00", "WARN", "com.hazelcast.x", 30);
    var before = LogLines.read(log);

    // When
    write("03:00:00", "WARN", "com.hazelcast.x", 2);
    write("03:00:05", "WARN", "com.hazelcast.x", 4);
    var later = LogLines.read(log).since(before);

    // Then
    assertThat(later.busiest()).isEqualTo(4);
    assertThat(later.warnings()).isEqualTo(6);
  }
}
