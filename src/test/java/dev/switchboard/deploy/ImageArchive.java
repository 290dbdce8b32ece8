package dev.switchboard.deploy;

import dev.switchboard.testkit.Program;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// The image that `scripts/image` packs, unpacked as a container runtime would.
///
/// @param archive the file
/// @param files its layers, one over the other
/// @param manifest what names the layers
/// @param config how it is started
record ImageArchive(Path archive, Path files, JsonObject manifest, JsonObject config) {
  private static final Duration BUILDING = Duration.ofMinutes(4);
  private static final Duration UNPACKING = Duration.ofMinutes(1);

  /// Makes the image and unpacks it below a folder.
  static ImageArchive make(Path folder) throws IOException {
    Path archive = folder.toAbsolutePath().resolve("image.tar");
    run("image", BUILDING, List.of("scripts/image", "--output", archive.toString()));
    Path layout = Files.createDirectory(folder.resolve("layout"));
    unpack(archive, layout);
    var index = new JsonObject(Files.readString(layout.resolve("index.json")));
    JsonObject manifest = json(layout, index.getJsonArray("manifests").getJsonObject(0));
    Path files = Files.createDirectory(folder.resolve("files"));
    for (Object layer : manifest.getJsonArray("layers")) {
      unpack(blob(layout, (JsonObject) layer), files);
    }
    return new ImageArchive(
        archive, files, manifest, json(layout, manifest.getJsonObject("config")));
  }

  private static void unpack(Path archive, Path folder) {
    run(
        "image-unpack",
        UNPACKING,
        List.of(
            "tar",
            "--extract",
            "--same-permissions",
            "--numeric-owner",
            "--file=" + archive,
            "--directory=" + folder));
  }

  /// Lets a tool that knows the format copy it, which checks all digests; fails where it does not.
  void copy(Path skopeo, Path folder) {
    run(
        "image-copy",
        UNPACKING,
        List.of(skopeo.toString(), "copy", "oci-archive:" + archive, "oci:" + folder));
  }

  private static void run(String name, Duration limit, List<String> command) {
    Map<String, String> environment = Map.of("JAVA_HOME", System.getProperty("java.home"));
    try (var program = Program.start(name, command, environment)) {
      program.succeed(limit);
    }
  }

  private static JsonObject json(Path layout, JsonObject descriptor) throws IOException {
    return new JsonObject(Files.readString(blob(layout, descriptor)));
  }

  private static Path blob(Path layout, JsonObject descriptor) {
    return layout.resolve("blobs").resolve(descriptor.getString("digest").replace(':', '/'));
  }

  /// A list of the configuration.
  List<String> strings(String name) {
    return started().getJsonArray(name).stream().map(Object::toString).toList();
  }

  /// The part of the configuration that says what is started, and as whom.
  JsonObject started() {
    return config.getJsonObject("config");
  }
}
