package dev.switchboard.ops;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;

/// `/openapi.yaml` and `/asyncapi.yaml`: what services and clients may say, for machines to read.
///
/// They are the files of `src/docs`, packed into the jar, so they tell of this very version.
final class DocumentRoutes {
  private static final List<String> NAMES = List.of("openapi.yaml", "asyncapi.yaml");

  private DocumentRoutes() {}

  /// Adds the routes to a server.
  static void mount(Router router) {
    for (String name : NAMES) {
      byte[] document = read(name);
      router
          .get("/" + name)
          .handler(
              call ->
                  call.response()
                      .putHeader(HttpHeaders.CONTENT_TYPE, "application/yaml")
                      .end(Buffer.buffer(document)));
    }
  }

  private static byte[] read(String name) {
    try (InputStream file = DocumentRoutes.class.getResourceAsStream("/docs/" + name)) {
      return Objects.requireNonNull(file, name).readAllBytes();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
