package dev.switchboard.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.switchboard.testkit.ProjectFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// Holds `src/docs/protocol.md` equal to the enums and the closed types.
class ProtocolPageTest {
  private static final Path PAGE = Path.of("src/docs/protocol.md");
  private static final String COMMAND = "mvn test -Dtest=ProtocolPageTest -Dprotocol.page=write";
  private static final JavaClasses MAIN =
      new ClassFileImporter().importPath(Path.of("target/classes/dev/switchboard"));

  @Test
  void theTablesOfCodesAreCurrent() throws IOException {
    // Given
    String page =
        withTable(
            withTable(withTable(Files.readString(PAGE), "errors", errors()), "closes", closes()),
            "unsubscribes",
            unsubscribes());
    if ("write".equals(System.getProperty("protocol.page"))) {
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
  void everyCommandHasARow() {
    // Given
    List<String> commands =
        Arrays.stream(Command.class.getPermittedSubclasses())
            .map(kind -> snakeCase(kind.getSimpleName()))
            .toList();

    // When
    List<String> rows = firstCells("## Commands");

    // Then
    assertThat(rows.stream().map(row -> row.equals("pong (empty)") ? "pong" : row))
        .containsExactlyInAnyOrderElementsOf(commands);
  }

  @Test
  void everyMethodOfTheApiHasARow() throws ClassNotFoundException {
    // Given
    Object[] methods = Class.forName("dev.switchboard.api.ApiMethods$Method").getEnumConstants();

    // When
    List<String> rows = firstCells("## HTTP API");

    // Then
    assertThat(rows)
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(methods)
                .map(method -> method.toString().toLowerCase(Locale.ROOT))
                .toList());
  }

  private static String errors() {
    return table(
        "code | text | temporary | used | meaning",
        ErrorCode.values(),
        code -> List.of(code.code(), code.message(), yes(code.temporary())));
  }

  private static String closes() {
    return table(
        "code | reason | client comes back | used | meaning",
        CloseCode.values(),
        code -> List.of(code.code(), code.reason(), yes(code.reconnect())));
  }

  private static String unsubscribes() {
    return table(
        "code | reason | subscribes again | used | meaning",
        UnsubscribeCode.values(),
        code -> List.of(code.code(), code.reason(), yes(code.code() >= 2500)));
  }

  private static <E extends Enum<E>> String table(
      String head, E[] codes, Function<E, List<Object>> cells) {
    String rows =
        Arrays.stream(codes)
            .map(
                code ->
                    "| %s | %s | %s | %s | %s |\n"
                        .formatted(
                            cells.apply(code).get(0),
                            cells.apply(code).get(1),
                            cells.apply(code).get(2),
                            yes(isUsed(code)),
                            comment(code)))
            .collect(Collectors.joining());
    return "| " + head + " |\n|---|---|---|---|---|\n" + rows;
  }

  /// Whether the gateway names the code outside its enum; a switch over all of them does not count.
  static boolean isUsed(Enum<?> code) {
    return MAIN.get(code.getDeclaringClass()).getField(code.name()).getAccessesToSelf().stream()
        .map(access -> access.getOriginOwner())
        .anyMatch(
            user ->
                !user.isEquivalentTo(code.getDeclaringClass())
                    && !user.getName().matches(".*\\$\\d+"));
  }

  /// The constant's comment in the source, as one line.
  private static String comment(Enum<?> code) {
    String file = code.getDeclaringClass().getName().replace('.', '/') + ".java";
    String source = ProjectFiles.text(Path.of("src/main/java", file));
    var constant = Pattern.compile("((?:  ///.*\n)+)  " + code.name() + "\\(").matcher(source);
    assertThat(constant.find()).as("%s has a comment", code).isTrue();
    return constant.group(1).replace("///", "").replaceAll("\\s+", " ").strip();
  }

  private static String withTable(String page, String name, String table) {
    String start = "<!-- " + name + ": generated -->\n";
    String end = "<!-- " + name + ": end -->";
    assertThat(page).contains(start, end);
    return page.substring(0, page.indexOf(start) + start.length())
        + table
        + page.substring(page.indexOf(end));
  }

  /// What stands in backticks, or plainly, in the first column of a section's table.
  private static List<String> firstCells(String section) {
    String page = ProjectFiles.text(PAGE);
    String rest = page.substring(page.indexOf(section + "\n") + section.length());
    String body = rest.substring(0, rest.indexOf("\n## "));
    return Pattern.compile("(?m)^\\| ([^|]+) \\|")
        .matcher(body)
        .results()
        .map((MatchResult row) -> row.group(1).replace("`", ""))
        .skip(1)
        .toList();
  }

  private static String snakeCase(String name) {
    return name.replaceAll("(?<=.)([A-Z])", "_$1").toLowerCase(Locale.ROOT);
  }

  private static String yes(boolean value) {
    return value ? "yes" : "no";
  }
}
