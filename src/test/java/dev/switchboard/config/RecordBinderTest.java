package dev.switchboard.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecordBinderTest {
  enum Colour {
    DARK_RED,
    BLUE
  }

  record Inner(String label, int count) {}

  record Everything(
      boolean flag,
      int number,
      long bigNumber,
      int bytesMax,
      long totalBytes,
      String text,
      Duration period,
      Secret secret,
      Colour colour,
      List<String> words,
      List<Inner> inners,
      Map<String, Inner> named,
      Inner nested,
      @ConfigKey("class") String reserved) {}

  @Test
  void everyTypeIsFilled() throws Exception {
    // Given
    var problems = new Problems();
    var section =
        YamlReader.read(
            """
            flag: True
            number: -7
            big_number: 5000000000
            bytes_max: 64KiB
            total_bytes: 3GiB
            text: 007
            period: 5m
            secret: 123
            colour: dark_red
            words: [a, "b, c"]
            inners: [{label: x, count: 1}, {count: 2}]
            named: {one: {count: 3}}
            nested: {label: y, count: 4}
            class: z
            """,
            "test",
            problems);
    var mapDefaults = YamlReader.read("{label: usual, count: 0}", "test", problems);

    // When
    var bound = new RecordBinder(problems, mapDefaults).bind(Everything.class, section, section);

    // Then
    problems.throwIfAny();
    assertThat(bound)
        .isEqualTo(
            new Everything(
                true,
                -7,
                5_000_000_000L,
                65_536,
                3L << 30,
                "007",
                Duration.ofMinutes(5),
                new Secret("123"),
                Colour.DARK_RED,
                List.of("a", "b, c"),
                List.of(new Inner("x", 1), new Inner("", 2)),
                Map.of("one", new Inner("usual", 3)),
                new Inner("y", 4),
                "z"));
  }

  @ParameterizedTest
  @CsvSource({
    "0s, PT0S",
    "250ms, PT0.25S",
    "25s, PT25S",
    "5m, PT5M",
    "1h, PT1H",
    "30d, PT720H",
    "1500ms, PT1.5S",
    "3650d, PT87600H"
  })
  void durationsAreReadAndPrinted(String text, Duration expected) {
    // When
    var parsed = ValueText.parse(Duration.class, "x", text);

    // Then
    assertThat(parsed).contains(expected);
    assertThat(ValueText.print("x", expected)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "65536, 65536",
    "64KiB, 65536",
    "1 MiB, 1048576",
    "1GiB, 1073741824",
    "7B, 7"
  })
  void sizesAreRead(String text, int expected) {
    assertThat(ValueText.parse(int.class, "client.message_bytes_max", text)).contains(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "int, -",
    "int, 1.0",
    "int, 1_000",
    "int, 0x10",
    "int, 2147483648",
    "int, 64KiB",
    "size, 64KB",
    "size, -1",
    "size, 2GiB",
    "size, 999999999999GiB",
    "size, 1.5MiB",
    "duration, 25",
    "duration, -5s",
    "duration, 1m30s",
    "duration, 3651d",
    "duration, 999999999999d",
    "boolean, yes",
    "boolean, 1",
    "boolean, ''",
    "colour, red",
    "colour, ''"
  })
  void everythingElseIsRefused(String kind, String text) {
    // Given
    Class<?> type =
        switch (kind) {
          case "int", "size" -> int.class;
          case "duration" -> Duration.class;
          case "boolean" -> boolean.class;
          default -> Colour.class;
        };

    // When
    var parsed = ValueText.parse(type, kind.equals("size") ? "a.bytes_max" : "a.b", text);

    // Then
    assertThat(parsed).isEmpty();
  }

  @Test
  void whatAKeyIsNamedDecidesWhetherItIsASize() {
    assertThat(ValueText.allowed(int.class, "stream.bytes_max")).startsWith("a size");
    assertThat(ValueText.allowed(int.class, "client.channel_name_bytes_max")).startsWith("a size");
    assertThat(ValueText.allowed(int.class, "client.kilobytesish")).startsWith("a whole number");
  }
}
