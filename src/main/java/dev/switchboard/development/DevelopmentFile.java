package dev.switchboard.development;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/// The configuration file of a developer's machine, made once and shared by all its nodes.
///
/// Stateless, for any thread. Nobody but the owner may read it: it holds the keys of the nodes.
public final class DevelopmentFile {
  /// Its name in the folder of `serve --dev`.
  public static final String NAME = "dev.yaml";

  /// The audience of development tokens.
  static final String AUDIENCE = "switchboard-dev";

  private static final HexFormat HEX = HexFormat.of();
  private static final int KEY_BYTES = 32;
  private static final int NAME_BYTES = 4;

  private DevelopmentFile() {}

  /// The file in a folder; both are made when they are missing.
  public static Path in(Path folder) throws IOException {
    makeFolder(folder);
    Path file = folder.resolve(NAME);
    // Two first starts at once must end with one set of keys: the second waits for the first.
    try (FileChannel gate = gate(folder, "lock");
        var _ = gate.lock()) {
      if (Files.notExists(file)) {
        write(file);
      }
    }
    return file;
  }

  /// Waits until no other node of the folder is starting, and keeps others waiting until it is
  /// closed: nodes that start at once would see the same ports free.
  public static Closeable turn(Path folder) throws IOException {
    FileChannel gate = gate(folder, "turn");
    try {
      gate.lock();
      return gate;
    } catch (IOException failure) {
      gate.close();
      throw failure;
    }
  }

  private static FileChannel gate(Path folder, String name) throws IOException {
    return FileChannel.open(
        folder.resolve(name),
        Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
        only("rw-------"));
  }

  private static void makeFolder(Path folder) throws IOException {
    if (folder.toAbsolutePath().getParent() != null) {
      Files.createDirectories(folder.toAbsolutePath().getParent());
    }
    try {
      Files.createDirectory(folder, only("rwx------"));
    } catch (FileAlreadyExistsException exists) {
      if (!Files.isDirectory(folder)) {
        throw exists;
      }
    }
  }

  private static void write(Path file) throws IOException {
    // Complete under another name first: a start that is cut off leaves no half of a file.
    Path draft = file.resolveSibling(NAME + ".new");
    Files.deleteIfExists(draft);
    Files.createFile(draft, only("rw-------"));
    Files.writeString(draft, text(new SecureRandom()));
    Files.move(draft, file);
  }

  private static FileAttribute<?> only(String permissions) {
    return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions));
  }

  private static String text(SecureRandom random) {
    return """
    # Made once by `serve --dev`, for this machine only. Every node started here and the
    # command line share it; delete it to get new keys.
    node:
      drain_period: 0s
    http:
      host: 127.0.0.1
    internal:
      host: 127.0.0.1
    client:
      # The consoles of the nodes, whose playground connects to the client port.
      allowed_origins:
    %s
    token:
      hmac_secret: "%s"
      audience: %s
    api:
      key: "%s"
    cluster:
      # Nodes of this machine with the same name and key find each other.
      enabled: true
      host: 127.0.0.1
      name: "dev-%s"
      key: "%s"
    channel:
      without_namespace:
        allow_subscribe_for_client: true
        allow_publish_for_client: true
        presence: true
        allow_presence_for_client: true
    """
        .formatted(
            consoles(),
            hex(random, KEY_BYTES),
            AUDIENCE,
            hex(random, KEY_BYTES),
            hex(random, NAME_BYTES),
            hex(random, KEY_BYTES));
  }

  private static String consoles() {
    var origins = new StringBuilder();
    for (PortPair pair : PortPair.ALL) {
      for (String host : List.of("127.0.0.1", "localhost")) {
        origins.append("    - http://%s:%d\n".formatted(host, pair.internal()));
      }
    }
    return origins.toString().stripTrailing();
  }

  private static String hex(SecureRandom random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return HEX.formatHex(bytes);
  }
}
