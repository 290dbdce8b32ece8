package dev.switchboard.perf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// A certificate of its own for a server, which is deleted with its key in the end.
///
/// @param folder where both are
record Certificate(Path folder) implements AutoCloseable {
  private static final String CERTIFICATE = "certificate.pem";
  private static final String KEY = "key.pem";

  /// A new one, of the curve P-256.
  static Certificate make() {
    try {
      Path folder = Files.createTempDirectory("switchboard-perf-tls-");
      var certificate = new Certificate(folder);
      Shell.run(
          List.of(
              "openssl",
              "req",
              "-x509",
              "-newkey",
              "ec",
              "-pkeyopt",
              "ec_paramgen_curve:P-256",
              "-nodes",
              "-days",
              "2",
              "-subj",
              "/CN=127.0.0.1",
              "-keyout",
              folder.resolve(KEY).toString(),
              "-out",
              folder.resolve(CERTIFICATE).toString()));
      return certificate;
    } catch (IOException e) {
      throw PerfException.failed("cannot create a temporary folder", e);
    }
  }

  /// What the gateway has to know.
  List<String> settings() {
    return List.of(
        "tls.certificate_file=" + folder.resolve(CERTIFICATE),
        "tls.key_file=" + folder.resolve(KEY));
  }

  @Override
  public void close() {
    try {
      Files.deleteIfExists(folder.resolve(KEY));
      Files.deleteIfExists(folder.resolve(CERTIFICATE));
      Files.deleteIfExists(folder);
    } catch (IOException e) {
      System.err.println("perf/run: cannot delete " + folder + ": " + e);
    }
  }
}
