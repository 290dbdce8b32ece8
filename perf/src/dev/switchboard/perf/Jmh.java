package dev.switchboard.perf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// The benchmarks of single classes: has them compiled, runs JMH, makes a page of what it says.
///
/// They lie among the tests, as they need what only their packages see, and every build compiles
/// them; the code that JMH generates from them is made here, away from the build.
final class Jmh {
  private static final Path TESTS = Path.of("src", "test", "java");
  private static final Path CLASSES = Path.of("target", "jmh");
  private static final Path LIBRARIES = CLASSES.resolve("libraries.txt");
  private static final Path NUMBERS = ResultsPage.OUT.resolve("jmh.csv");
  private static final Duration BUILD_LIMIT = Duration.ofMinutes(15);

  /// What JMH is told unless the command line says otherwise.
  private static final Map<String, String> DEFAULTS = defaults();

  private final List<String> words;
  private final boolean page;

  /// @param words for JMH, but for `--no-page`
  Jmh(List<String> words) {
    this.words = words.stream().filter(word -> !word.equals("--no-page")).toList();
    page = this.words.size() == words.size();
  }

  private static Map<String, String> defaults() {
    Map<String, String> defaults = new LinkedHashMap<>();
    defaults.put("-f", "2");
    defaults.put("-wi", "3");
    defaults.put("-w", "1");
    defaults.put("-i", "5");
    defaults.put("-r", "1");
    defaults.put("-bm", "avgt");
    defaults.put("-tu", "ns");
    defaults.put("-prof", "gc");
    defaults.put("-rf", "csv");
    defaults.put("-rff", NUMBERS.toString());
    return defaults;
  }

  void run() {
    try {
      Files.createDirectories(ResultsPage.OUT);
      Files.createDirectories(CLASSES);
      Files.deleteIfExists(NUMBERS);
      String classPath = compile();
      measure(classPath);
      // Nothing is measured by -h or -l.
      if (Files.exists(NUMBERS)) {
        String results = JmhTable.of(Files.readAllLines(NUMBERS)).text();
        new ResultsPage("jmh", page).finish(List.of(), method(), results);
      }
    } catch (IOException e) {
      throw PerfException.failed("cannot read or write what JMH needs", e);
    }
  }

  /// @return the class path to run with
  private static String compile() throws IOException {
    Shell.run(
        ResultsPage.OUT.resolve("build.log"),
        BUILD_LIMIT,
        List.of(
            "mvn",
            "-q",
            "-B",
            "test-compile",
            "dependency:build-classpath",
            "-Dmdep.includeScope=test",
            "-Dmdep.outputFile=" + LIBRARIES));
    String classPath =
        String.join(":", CLASSES.toString(), "target/test-classes", "target/classes", libraries());
    List<String> command = new ArrayList<>();
    command.add(tool("javac"));
    command.addAll(List.of("-proc:full", "-d", CLASSES.toString(), "-cp", classPath));
    command.addAll(List.of("-processor", "org.openjdk.jmh.generators.BenchmarkProcessor"));
    try (Stream<Path> files = Files.walk(TESTS)) {
      files
          .map(Path::toString)
          .filter(file -> file.endsWith("Benchmark.java"))
          .sorted()
          .forEach(command::add);
    }
    Shell.run(ResultsPage.OUT.resolve("jmh-build.log"), BUILD_LIMIT, command);
    return classPath;
  }

  private static String libraries() throws IOException {
    return Files.readString(LIBRARIES).strip();
  }

  private void measure(String classPath) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(tool("java"));
    // JMH starts its own JVMs with the flags of this one.
    command.addAll(Gateway.NODE_FLAGS);
    command.addAll(List.of("-cp", classPath, "org.openjdk.jmh.Main"));
    command.addAll(settings());
    command.addAll(words);
    Process process = new ProcessBuilder(command).inheritIO().start();
    try {
      if (process.waitFor() != 0) {
        throw PerfException.failed("JMH ended with " + process.exitValue());
      }
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
      throw PerfException.failed("interrupted");
    }
  }

  /// JMH takes each option once.
  private List<String> settings() {
    List<String> settings = new ArrayList<>();
    DEFAULTS.forEach(
        (option, value) -> {
          if (!words.contains(option)) {
            settings.addAll(List.of(option, value));
          }
        });
    return settings;
  }

  private String method() {
    List<String> all = new ArrayList<>(settings());
    all.addAll(words);
    return "JMH with `" + String.join(" ", all) + "`; nothing is pinned.\n";
  }

  private static String tool(String name) {
    return Path.of(System.getProperty("java.home"), "bin", name).toString();
  }
}
