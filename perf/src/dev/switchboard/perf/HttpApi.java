package dev.switchboard.perf;

import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/// The HTTP API of one server.
///
/// @param root ends with a slash
/// @param headers of every request: they hold the key
record HttpApi(URI root, Map<String, String> headers) {
  private static final int LIMIT_MILLIS = 10_000;

  /// The answer to one call.
  ///
  /// @param method path below the root
  String call(String method, String json) throws IOException {
    HttpURLConnection http =
        (HttpURLConnection) root.resolve(method).toURL().openConnection(Proxy.NO_PROXY);
    http.setConnectTimeout(LIMIT_MILLIS);
    http.setReadTimeout(LIMIT_MILLIS);
    http.setRequestMethod("POST");
    headers.forEach(http::setRequestProperty);
    http.setDoOutput(true);
    try (OutputStream body = http.getOutputStream()) {
      body.write(json.getBytes(StandardCharsets.US_ASCII));
    }
    return new String(http.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }
}
