package dev.switchboard.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.switchboard.testkit.Jar;
import dev.switchboard.testkit.Ports;
import dev.switchboard.testkit.Requirement;
import dev.switchboard.testkit.TestClient;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The image, run from exactly the files that are in its archive, as a pod would run it.
class ImageIT {
  private static final String KEY = "test-key";
  private static final String USER = "10001";
  private static final int OK = 200;
  private static final Duration LIMIT = Duration.ofSeconds(60);
  // A root file system that nobody can write, with the mounts of a pod; then the image's program
  // takes the place of the shell, so it has the process that gets the signals.
  private static final String AS_A_POD =
      """
      set -e
      files=$1 config=$2
      shift 2
      mkdir -p "$files/etc/switchboard"
      touch "$files/etc/resolv.conf"
      mount --bind "$files" "$files"
      mount -t proc proc "$files/proc"
      mount --rbind /dev "$files/dev"
      mount -t tmpfs tmpfs "$files/tmp"
      mount --bind "$config" "$files/etc/switchboard"
      mount --bind /etc/resolv.conf "$files/etc/resolv.conf"
      mount -o remount,bind,ro "$files"
      exec chroot --userspec=10001:10001 "$files" "$@"
      """;

  @TempDir private static Path folder;
  private static ImageArchive image;
  private static Path pods;

  @BeforeAll
  static void makeTheImage() throws IOException {
    Requirement.mountNamespaces();
    image = ImageArchive.make(folder);
    pods = Files.createDirectory(folder.resolve("config"));
    Files.writeString(
        pods.resolve("switchboard.yaml"),
        """
        node: {drain_period: 0s}
        client: {insecure: true}
        api: {key: %s}
        cluster: {enabled: true, name: image, host: 127.0.0.1}
        """
            .formatted(KEY));
  }

  /// A node of the image, and where it is reached.
  private record Pod(Jar process, int port, int internalPort) implements AutoCloseable {
    /// Starts one after those before it, as a StatefulSet does, and waits until it is ready.
    static Pod start(List<Integer> clusterPorts, int index, String jvmFlags) {
      int port = Ports.free();
      int internalPort = Ports.free();
      List<String> command = new ArrayList<>(List.of("unshare", "--mount", "sh", "-c", AS_A_POD));
      command.addAll(List.of("sh", image.files().toString(), pods.toString()));
      command.addAll(image.strings("Entrypoint"));
      command.addAll(List.of("serve", "--config", "/etc/switchboard/switchboard.yaml"));
      var environment =
          Map.of(
              "JDK_JAVA_OPTIONS",
              jvmFlags,
              "SWITCHBOARD_HTTP__PORT",
              Integer.toString(port),
              "SWITCHBOARD_INTERNAL__PORT",
              Integer.toString(internalPort),
              "SWITCHBOARD_CLUSTER__PORT",
              clusterPorts.get(index).toString(),
              "SWITCHBOARD_CLUSTER__BUS_PORT",
              Integer.toString(Ports.free()),
              "SWITCHBOARD_CLUSTER__MEMBERS",
              "127.0.0.1:" + clusterPorts.getFirst() + ",127.0.0.1:" + clusterPorts.getLast());
      var pod = new Pod(Jar.start(folder, command, environment), port, internalPort);
      pod.process.await("\"message\":\"ready\"");
      await().atMost(LIMIT).until(() -> pod.ready() == OK);
      return pod;
    }

    private HttpResponse<String> send(String path, HttpRequest.Builder request) {
      URI address = URI.create("http://127.0.0.1:" + internalPort + path);
      try (var http = HttpClient.newHttpClient()) {
        return http.send(
            request.uri(address).header("X-API-Key", KEY).build(),
            HttpResponse.BodyHandlers.ofString());
      } catch (IOException | InterruptedException failure) {
        throw new AssertionError(failure);
      }
    }

    int ready() {
      return send("/ready", HttpRequest.newBuilder()).statusCode();
    }

    String publish(String channel, String data) {
      var body = new JsonObject().put("channel", channel).put("data", data).encode();
      return send(
              "/api/publish",
              HttpRequest.newBuilder().POST(HttpRequest.BodyPublishers.ofString(body)))
          .body();
    }

    TestClient client() {
      return TestClient.open(URI.create("ws://127.0.0.1:" + port + "/connection/websocket"));
    }

    /// Real, effective, saved and of files.
    String users() throws IOException {
      return Files.readString(Path.of("/proc", "" + process.pid(), "status"))
          .lines()
          .filter(line -> line.startsWith("Uid:"))
          .findFirst()
          .orElseThrow();
    }

    @Override
    public void close() {
      process.close();
    }
  }

  @Test
  void nodesOfItMakeAClusterAndLeaveWithZero() throws IOException {
    // Given
    var ports = List.of(Ports.free(), Ports.free());
    // With this mode a JVM that cannot use the cache does not start.
    try (var small = Pod.start(ports, 0, "-XX:AOTMode=on -XX:ActiveProcessorCount=1 -Xmx200m");
        var large = Pod.start(ports, 1, "-XX:AOTMode=on -XX:ActiveProcessorCount=4 -Xmx2g")) {
      try (var client = small.client()) {
        client.connect(null);
        client.subscribe("demo");

        // When
        String answer = large.publish("demo", "hello");

        // Then
        assertThat(answer).doesNotContain("error");
        assertThat(client.push().getJsonObject("pub").getString("data")).isEqualTo("hello");
        assertThat(small.users().split("\\s+")).containsExactly("Uid:", USER, USER, USER, USER);
        large.process().terminate();
        assertThat(large.process().exitCode()).isZero();
        small.process().terminate();
        assertThat(small.process().exitCode()).isZero();
        assertThat(small.process().output() + large.process().output())
            .doesNotContain("WARNING:", "[warning][aot", "[warning][cds", "[error]");
      }
    }
  }

  @Test
  void itsUserOwnsNothingAndWritesNowhereButInTmp() throws IOException {
    // When
    List<String> open;
    try (Stream<Path> all = Files.walk(image.files())) {
      open =
          all.filter(file -> !Files.isSymbolicLink(file))
              .filter(ImageIT::isWritableByOthers)
              .map(file -> image.files().relativize(file).toString())
              .toList();
    }

    // Then
    assertThat(open).containsExactly("tmp");
  }

  private static boolean isWritableByOthers(Path file) {
    try {
      return Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_WRITE)
          || !Files.getAttribute(file, "unix:uid", LinkOption.NOFOLLOW_LINKS).equals(0)
          || !Files.getAttribute(file, "unix:gid", LinkOption.NOFOLLOW_LINKS).equals(0);
    } catch (IOException failure) {
      throw new AssertionError(failure);
    }
  }

  @Test
  void otherToolsTakeIt() {
    // Given
    Path skopeo = Requirement.skopeo();
    Path copy = folder.toAbsolutePath().resolve("copy");

    // When
    image.copy(skopeo, copy);

    // Then
    assertThat(copy.resolve("index.json")).exists();
  }

  @Test
  void itSaysHowItRunsAndNothingOfWhereItWasMade() {
    // When
    String config = image.config().encode();

    // Then
    assertThat(image.started().getString("User")).isEqualTo(USER + ":" + USER);
    assertThat(image.started().getJsonObject("ExposedPorts").fieldNames())
        .containsExactlyInAnyOrder("8000/tcp", "9000/tcp", "5701/tcp", "15701/tcp");
    assertThat(image.started().getString("StopSignal")).isEqualTo("SIGTERM");
    assertThat(config)
        .contains("org.opencontainers.image.version")
        .doesNotContain(Path.of("").toAbsolutePath().toString(), "SWITCHBOARD_", "secret");
    assertThat(image.files()).isDirectoryNotContaining("glob:**/bin");
    assertThat(image.manifest().getJsonArray("layers")).hasSize(3);
  }

  @Test
  void theContainerfileSaysTheSame() throws IOException {
    // When
    String file = Files.readString(Path.of("k8s", "Containerfile"));

    // Then
    var started = image.started();
    assertThat(file.lines())
        .contains(
            "USER " + started.getString("User"),
            "WORKDIR " + started.getString("WorkingDir"),
            "STOPSIGNAL " + started.getString("StopSignal"),
            "ENV " + String.join(" ", image.strings("Env")),
            "ENTRYPOINT " + list("Entrypoint"),
            "CMD " + list("Cmd"))
        .anySatisfy(
            line ->
                assertThat(line.replace("EXPOSE ", "").split(" "))
                    .containsExactlyInAnyOrder(
                        started.getJsonObject("ExposedPorts").fieldNames().stream()
                            .map(port -> port.replace("/tcp", ""))
                            .toArray(String[]::new)));
  }

  private static String list(String name) {
    return "[\"" + String.join("\", \"", image.strings(name)) + "\"]";
  }
}
