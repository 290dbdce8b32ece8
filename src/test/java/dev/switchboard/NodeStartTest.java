package dev.switchboard;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchboard.config.StartException;
import dev.switchboard.testkit.TestNode;
import org.junit.jupiter.api.Test;

class NodeStartTest {
  @Test
  void aNodeThatCannotStartSaysWhy() {
    // Given
    var missing = "/no/such/file";

    // When
    var start =
        assertThatThrownBy(
            () -> TestNode.start("tls.certificate_file=" + missing, "tls.key_file=" + missing));

    // Then
    start
        .isInstanceOf(StartException.class)
        .hasMessage("tls.certificate_file names " + missing + ", which does not exist");
  }
}
