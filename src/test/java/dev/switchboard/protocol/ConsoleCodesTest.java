package dev.switchboard.protocol;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// Holds the console's table of close codes equal to [CloseCode].
///
/// The page has no build step that could make the table from the enum, so this test compares them.
class ConsoleCodesTest {
  private static final Path TABLE = Path.of("src/main/resources/console/codes.js");
  private static final Pattern ROW = Pattern.compile("(?m)^  (\\d{4}): '([^']+)',$");

  @Test
  void theConsoleKnowsEveryCloseCodeByItsReason() throws IOException {
    // Given
    Map<Integer, String> codes =
        Arrays.stream(CloseCode.values()).collect(toMap(CloseCode::code, CloseCode::reason));
    String source = Files.readString(TABLE);
    String table = source.substring(source.indexOf("const CLOSE_REASONS"), source.indexOf("};"));

    // When
    Map<Integer, String> shown =
        ROW.matcher(table)
            .results()
            .collect(toMap(row -> Integer.valueOf(row.group(1)), ConsoleCodesTest::reason));

    // Then
    assertThat(shown).isEqualTo(codes);
  }

  private static String reason(MatchResult row) {
    return row.group(2);
  }
}
