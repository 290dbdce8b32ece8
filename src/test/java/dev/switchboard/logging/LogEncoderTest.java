package dev.switchboard.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import dev.switchboard.config.GatewayConfig.LogFormat;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.event.KeyValuePair;

class LogEncoderTest {
  // A line of ours, forged; a terminal colour; a C1 control; a line separator; a reversed text.
  private static final String NASTY =
      "x\r\n00:00:00 ERROR forged \u001b[31m \u009b \u2028 \u202e \u0000 \"quoted\" \\ \ud800";

  @ParameterizedTest
  @EnumSource(value = LogFormat.class, names = "AUTO", mode = EnumSource.Mode.EXCLUDE)
  void noValueBreaksItsLine(LogFormat format) {
    // Given
    var event = event("who said " + NASTY);
    event.addKeyValuePair(new KeyValuePair("principal", NASTY));

    // When
    String line = encoded(format, event);

    // Then
    assertThat(line).endsWith("\n");
    assertThat(line.strip().codePoints())
        .allMatch(
            c -> c >= ' ' && c != 0x7f && (c < 0x80 || c > 0x9f) && c != 0x2028 && c != 0x202e);
  }

  @Test
  void aJsonLineGivesTheValueBack() {
    // Given
    var event = event("hello");
    event.addKeyValuePair(new KeyValuePair("principal", "a\n\"b\" \\ \u001b é"));
    event.addKeyValuePair(new KeyValuePair("closeCode", 3001));
    event.addKeyValuePair(new KeyValuePair("level", "NONE"));

    // When
    var line = new JsonObject(encoded(LogFormat.JSON, event));

    // Then
    assertThat(line.getString("principal")).isEqualTo("a\n\"b\" \\ \u001b é");
    assertThat(line.getInteger("closeCode")).isEqualTo(3001);
    assertThat(line.getString("level")).isEqualTo("INFO");
    assertThat(line.getString("message")).isEqualTo("hello");
    assertThat(line.getString("logger")).isEqualTo("switchboard.access");
    assertThat(line.getInstant("time")).isNotNull();
  }

  @Test
  void aTextLineQuotesOnlyWhatNeedsIt() {
    // Given
    var event = event("session opened");
    event.addKeyValuePair(new KeyValuePair("sessionId", "abc-1"));
    event.addKeyValuePair(new KeyValuePair("principal", "a closeCode=1"));

    // When
    String line = encoded(LogFormat.TEXT, event);

    // Then
    assertThat(line)
        .endsWith("INFO  access: session opened sessionId=abc-1 principal=\"a closeCode=1\"\n");
  }

  @ParameterizedTest
  @EnumSource(value = LogFormat.class, names = "AUTO", mode = EnumSource.Mode.EXCLUDE)
  void aLongValueIsCut(LogFormat format) {
    // Given
    var event = event("m");
    event.addKeyValuePair(new KeyValuePair("principal", "é".repeat(100_000)));

    // When
    String line = encoded(format, event);

    // Then
    assertThat(line).contains("é...").hasSizeLessThan(450);
  }

  @Test
  void aValueOfExactlyTheLimitIsLeftAlone() {
    assertThat(SafeText.capped("a".repeat(256), 256)).isEqualTo("a".repeat(256));
    assertThat(SafeText.capped("a".repeat(257), 256)).isEqualTo("a".repeat(253) + "...");
    assertThat(SafeText.capped("😀".repeat(65), 256)).isEqualTo("😀".repeat(63) + "...");
  }

  @Test
  void aFailureKeepsToItsLines() {
    // Given
    var cause = new IllegalStateException("inner\nforged line");
    var failure = new RuntimeException("outer\nforged line", cause);
    var event = new LoggingEvent("", logger(), Level.ERROR, "broken", failure, null);

    // When
    String text = encoded(LogFormat.TEXT, event);
    var json = new JsonObject(encoded(LogFormat.JSON, event));

    // Then
    assertThat(text.lines().skip(1)).allMatch(line -> line.startsWith("  "));
    assertThat(text).contains("caused by java.lang.IllegalStateException: inner\\nforged line");
    assertThat(json.getString("error")).startsWith("java.lang.RuntimeException: outer");
    assertThat(json.getString("stack")).contains("LogEncoderTest.aFailureKeepsToItsLines");
  }

  @Test
  void autoIsTextOnlyOnATerminal() {
    assertThat(Logging.encoder(LogFormat.AUTO, true)).isInstanceOf(TextLogEncoder.class);
    assertThat(Logging.encoder(LogFormat.AUTO, false)).isInstanceOf(JsonLogEncoder.class);
  }

  private static String encoded(LogFormat format, LoggingEvent event) {
    byte[] line = Logging.encoder(format, false).encode(event);
    return new String(line, StandardCharsets.UTF_8);
  }

  private static LoggingEvent event(String message) {
    var event = new LoggingEvent("", logger(), Level.INFO, message, null, null);
    event.setKeyValuePairs(new ArrayList<>());
    return event;
  }

  private static ch.qos.logback.classic.Logger logger() {
    return new LoggerContext().getLogger("switchboard.access");
  }
}
