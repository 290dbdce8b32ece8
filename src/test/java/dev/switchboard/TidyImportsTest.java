package dev.switchboard;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Imports point down: the table here is the one of `src/docs/architecture.md`, in code.
class TidyImportsTest {
  private static final String ROOT = "dev.switchboard";
  private static final JavaClasses MAIN =
      new ClassFileImporter().importPath(Path.of("target/classes"));

  /// What each package may import of ours; the root is "".
  private static final Map<String, Set<String>> MAY_IMPORT =
      Map.ofEntries(
          Map.entry("protocol", Set.of()),
          Map.entry("config", Set.of("schema")),
          Map.entry("schema", Set.of("protocol")),
          Map.entry("interest", Set.of()),
          Map.entry("quorum", Set.of()),
          Map.entry("tenure", Set.of("quorum")),
          Map.entry("lifecycle", Set.of("protocol")),
          Map.entry("stream", Set.of("lifecycle", "protocol", "tenure")),
          Map.entry(
              "store",
              Set.of(
                  "stream",
                  "lifecycle",
                  "tenure",
                  "quorum",
                  "cluster",
                  "protocol",
                  "config",
                  "metrics")),
          Map.entry("metrics", Set.of("protocol")),
          Map.entry("auth", Set.of("protocol", "config")),
          Map.entry("token", Set.of("auth", "config", "metrics")),
          Map.entry("link", Set.of("metrics")),
          Map.entry("presence", Set.of("protocol")),
          Map.entry("peer", Set.of("link", "interest", "presence", "protocol")),
          Map.entry("cluster", Set.of("protocol", "config", "metrics")),
          Map.entry("wire", Set.of("deflate", "ring", "protocol", "config", "metrics")),
          Map.entry("channel", Set.of("stream", "lifecycle", "protocol", "config")),
          Map.entry("delta", Set.of("protocol")),
          Map.entry("deflate", Set.of()),
          Map.entry("ring", Set.of()),
          Map.entry("tls", Set.of()),
          Map.entry("backend", Set.of("auth", "protocol", "config", "metrics")),
          Map.entry("door", Set.of("wire", "tls", "deflate", "protocol", "config", "metrics")),
          Map.entry(
              "feed", Set.of("session", "stream", "store", "wire", "channel", "delta", "protocol")),
          Map.entry(
              "session",
              Set.of("wire", "channel", "delta", "auth", "protocol", "config", "metrics")),
          Map.entry(
              "routing",
              Set.of(
                  "feed",
                  "quorum",
                  "tenure",
                  "stream",
                  "store",
                  "session",
                  "wire",
                  "channel",
                  "auth",
                  "cluster",
                  "peer",
                  "link",
                  "interest",
                  "presence",
                  "protocol",
                  "schema",
                  "config",
                  "metrics")),
          Map.entry(
              "events",
              Set.of("lifecycle", "routing", "store", "stream", "protocol", "config", "metrics")),
          Map.entry(
              "socket",
              Set.of(
                  "events",
                  "feed",
                  "routing",
                  "stream",
                  "store",
                  "session",
                  "wire",
                  "backend",
                  "door",
                  "channel",
                  "delta",
                  "deflate",
                  "auth",
                  "token",
                  "cluster",
                  "presence",
                  "protocol",
                  "schema",
                  "config",
                  "metrics")),
          Map.entry(
              "cli", Set.of("development", "logging", "token", "protocol", "config", "metrics")),
          Map.entry("logging", Set.of("config")),
          Map.entry("development", Set.of("token", "config")),
          Map.entry("heartbeat", Set.of("routing", "cluster", "config", "metrics")),
          Map.entry("balance", Set.of("routing", "config")),
          Map.entry("ops", Set.of("routing", "peer", "cluster", "protocol", "config", "metrics")),
          Map.entry(
              "api",
              Set.of(
                  "cluster",
                  "events",
                  "lifecycle",
                  "routing",
                  "store",
                  "stream",
                  "channel",
                  "auth",
                  "presence",
                  "protocol",
                  "schema",
                  "config",
                  "metrics")));

  /// Packages that put everything together: only the root.
  private static final Set<String> ABOVE_ALL = Set.of("");

  @Test
  void importsPointDown() {
    // When
    Set<String> wrong =
        dependencies((from, to) -> to.startsWith(ROOT) && !mayImport(packageOf(from), to));

    // Then
    assertThat(wrong).isEmpty();
  }

  @Test
  void everyPackageHasItsPlace() {
    // When
    Set<String> packages =
        MAIN.stream()
            .map(type -> packageOf(type.getPackageName()))
            .filter(name -> !ABOVE_ALL.contains(name))
            .collect(Collectors.toSet());

    // Then
    assertThat(packages).isSubsetOf(MAY_IMPORT.keySet());
  }

  @ParameterizedTest
  @CsvSource({
    "io.netty, wire tls",
    "com.hazelcast, cluster store",
    "com.networknt, schema",
    "com.google.re2j, schema"
  })
  void aLibraryStaysBehindItsDoor(String library, String owners) {
    // Given
    List<String> allowed = List.of(owners.split(" "));

    // When
    Set<String> wrong =
        dependencies(
            (from, to) -> to.startsWith(library + ".") && !allowed.contains(packageOf(from)));

    // Then
    assertThat(wrong).isEmpty();
  }

  @Test
  void whatDecidesKnowsNoVertx() {
    // Given
    List<String> pure =
        List.of(
            "protocol",
            "config",
            "channel",
            "stream",
            "interest",
            "lifecycle",
            "link",
            "presence",
            "peer",
            "deflate",
            "schema",
            "metrics");

    // When
    Set<String> wrong =
        dependencies((from, to) -> to.startsWith("io.vertx.") && pure.contains(packageOf(from)));

    // Then
    assertThat(wrong).isEmpty();
  }

  private static boolean mayImport(String from, String target) {
    String to = packageOf(target);
    return ABOVE_ALL.contains(from) || from.equals(to) || MAY_IMPORT.get(from).contains(to);
  }

  /// The first part below the root: `dev.switchboard.protocol.proto` is `protocol`.
  private static String packageOf(String name) {
    String below = name.substring(Math.min(name.length(), ROOT.length() + 1));
    return below.isEmpty() ? "" : below.split("\\.")[0];
  }

  /// Descriptions of the dependencies whose packages, from and to, fit.
  private static Set<String> dependencies(BiPredicate<String, String> wanted) {
    Stream<Dependency> all =
        MAIN.stream().flatMap(type -> type.getDirectDependenciesFromSelf().stream());
    return all.filter(
            one ->
                wanted.test(
                    one.getOriginClass().getPackageName(),
                    one.getTargetClass().getBaseComponentType().getPackageName()))
        .map(Dependency::getDescription)
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
