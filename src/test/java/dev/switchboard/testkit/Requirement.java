package dev.switchboard.testkit;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a test needs from the machine besides the JDK.
///
/// Without it the test is skipped; with `-Dswitchboard.required=true` it fails and says what to
/// install, so that nothing is skipped unseen where everything must run.
public final class Requirement {
  private static final Path JS = Path.of("src", "test", "js");
  private static final Path GO = Path.of("src", "test", "go");
  private static final Path PYTHON_PACKAGES = Path.of("src", "test", "python", "requirements.txt");
  private static final Duration INSTALLATION = Duration.ofMinutes(5);
  private static final String PROMETHEUS = "Prometheus 2.42 or newer (apt-get install prometheus)";
  private static final Path EXAMPLES = Path.of("src", "examples");

  private Requirement() {}

  /// Node.js; returns its path.
  public static Path node() {
    return onPath("node").orElseGet(() -> missing("Node.js 20 or newer (apt-get install nodejs)"));
  }

  /// The package manager of Node.js; returns its path.
  public static Path npm() {
    return onPath("npm").orElseGet(() -> missing("npm (apt-get install npm)"));
  }

  /// Prometheus, which scrapes nodes and evaluates alert rules; returns its path.
  public static Path prometheus() {
    return onPath("prometheus").orElseGet(() -> missing(PROMETHEUS));
  }

  /// The tool of Prometheus that checks rules, their tests and names of metrics; returns its path.
  public static Path promtool() {
    return onPath("promtool").orElseGet(() -> missing(PROMETHEUS));
  }

  /// The npm packages of the tests; returns their folder.
  public static Path npmPackages() {
    Path installed = JS.resolve("node_modules");
    return Files.isDirectory(installed.resolve("centrifuge"))
        ? JS
        : missing("the npm packages of the tests (npm ci --prefix src/test/js)");
  }

  /// The official schema of AsyncAPI documents, of an npm package of the tests.
  public static Path asyncApiSchema() {
    Path schema = JS.resolve("node_modules/@asyncapi/specs/schemas/3.0.0-without-$id.json");
    return Files.exists(schema)
        ? schema
        : missing("the npm packages of the tests (npm ci --prefix src/test/js)");
  }

  /// An example with the npm packages it needs; returns its folder.
  public static Path example(String name) {
    Path folder = EXAMPLES.resolve(name);
    return Files.isDirectory(folder.resolve("node_modules"))
        ? folder
        : missing("the npm packages of an example (npm ci --prefix " + folder + ")");
  }

  /// The browser SDK in the packed console.
  public static void consoleSdk() {
    if (Requirement.class.getResource("/console/sdk/centrifuge.js") == null) {
      missing("the console's npm package (npm ci --prefix src/main/npm) and then a new build");
    }
  }

  /// Chromium; returns its path.
  public static Path chromium() {
    return onPath("chromium").orElseGet(() -> missing("Chromium (apt-get install chromium)"));
  }

  /// HAProxy; returns its path.
  public static Path haproxy() {
    return onPath("haproxy")
        .or(() -> found("/usr/sbin/haproxy"))
        .orElseGet(() -> missing("HAProxy 2.6 or newer (apt-get install haproxy)"));
  }

  /// nginx; returns its path.
  public static Path nginx() {
    return onPath("nginx")
        .or(() -> found("/usr/sbin/nginx"))
        .orElseGet(() -> missing("nginx 1.22 or newer (apt-get install nginx)"));
  }

  private static Optional<Path> found(String program) {
    return Optional.of(Path.of(program)).filter(Files::isExecutable);
  }

  /// The libraries of the Java SDK, which the build copies; returns their folder.
  public static Path javaSdk() {
    Path copied = Path.of("target", "sdk-java");
    return Files.isDirectory(copied)
        ? copied
        : missing("the Java SDK in target/sdk-java (mvn pre-integration-test copies it)");
  }

  /// Python with the packages of the tests, which it puts in an environment below `target`.
  ///
  /// @return its interpreter
  public static Path python() {
    Path installed = Path.of("target", "python");
    Path interpreter = installed.resolve("bin").resolve("python");
    Path done = installed.resolve(PYTHON_PACKAGES.getFileName());
    if (!isSame(PYTHON_PACKAGES, done)) {
      Path system =
          onPath("python3")
              .orElseGet(() -> missing("Python 3.11 or newer (apt-get install python3-venv)"));
      install("venv", List.of(system, "-m", "venv", "--clear", installed), Map.of());
      install(
          "pip",
          List.of(interpreter, "-m", "pip", "install", "--quiet", "-r", PYTHON_PACKAGES),
          Map.of("PIP_DISABLE_PIP_VERSION_CHECK", "1"));
      copy(PYTHON_PACKAGES, done);
    }
    return interpreter;
  }

  /// The program of the tests with the Go SDK, which it builds below `target`.
  ///
  /// @return the program
  public static Path goSdk() {
    Path go = onPath("go").orElseGet(() -> missing("Go 1.25 or newer (apt-get install golang)"));
    Path built = Path.of("target", "go", "sdk").toAbsolutePath();
    install(
        "go",
        List.of(go, "-C", GO, "build", "-o", built, "."),
        Map.of(
            "GOPATH",
            built.resolveSibling("path").toString(),
            // Else nothing but Go could delete it.
            "GOFLAGS",
            "-modcacherw"));
    return built;
  }

  private static void install(String name, List<Object> command, Map<String, String> environment) {
    List<String> words = command.stream().map(Object::toString).toList();
    try (var program = Program.start("install-" + name, words, environment)) {
      program.succeed(INSTALLATION);
    } catch (AssertionError failed) {
      missing("what `%s` installs: %s".formatted(String.join(" ", words), failed.getMessage()));
    }
  }

  private static boolean isSame(Path one, Path other) {
    try {
      return Files.exists(other) && Files.mismatch(one, other) < 0;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static void copy(Path from, Path to) {
    try {
      Files.copy(from, to);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /// Network namespaces: Linux, root and iproute2.
  public static void networkNamespaces() {
    if (!isRoot() || onPath("ip").isEmpty() || !Files.isDirectory(Path.of("/proc/self/ns"))) {
      missing("root on Linux and the command ip (apt-get install iproute2)");
    }
  }

  /// What shows a process other files than those of the machine: Linux and root.
  public static void mountNamespaces() {
    if (!isRoot() || onPath("unshare").isEmpty() || !Files.isDirectory(Path.of("/proc/self/ns"))) {
      missing("root on Linux and the command unshare (apt-get install util-linux)");
    }
  }

  /// What copies images between archives and registries; returns its path.
  public static Path skopeo() {
    return onPath("skopeo")
        .orElseGet(() -> missing("skopeo 1.9 or newer (apt-get install skopeo)"));
  }

  private static boolean isRoot() {
    return "root".equals(System.getProperty("user.name"));
  }

  /// kubectl, which has kustomize in it; returns its path.
  public static Path kubectl() {
    return onPath("kubectl")
        .orElseGet(() -> missing("kubectl 1.27 or newer, which has kustomize 5 in it"));
  }

  /// A machine that the packed Helm of the tests is made for.
  public static void helm() {
    boolean linux = System.getProperty("os.name").equals("Linux");
    if (!linux || !System.getProperty("os.arch").equals("amd64")) {
      missing("Linux on x86-64, which the packed Helm is made for");
    }
  }

  private static Optional<Path> onPath(String program) {
    return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
        .map(folder -> Path.of(folder, program))
        .filter(Files::isExecutable)
        .findFirst();
  }

  private static Path missing(String what) {
    return Boolean.getBoolean("switchboard.required")
        ? fail("this test needs " + what)
        : abort("skipped: this test needs " + what);
  }
}
