package dev.switchboard.perf;

import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.IntSupplier;

/// Asks a server how many members its cluster has.
///
/// @param mark what its answer holds once per member
record Roster(URI uri, Map<String, String> headers, String mark) implements IntSupplier {
  private static final int LIMIT_MILLIS = 2_000;

  /// Zero while it does not answer.
  @Override
  public int getAsInt() {
    try {
      HttpURLConnection http = (HttpURLConnection) uri.toURL().openConnection(Proxy.NO_PROXY);
      http.setConnectTimeout(LIMIT_MILLIS);
      http.setReadTimeout(LIMIT_MILLIS);
      http.setRequestMethod("POST");
      headers.forEach(http::setRequestProperty);
      http.setDoOutput(true);
      try (OutputStream body = http.getOutputStream()) {
        body.write("{}".getBytes(StandardCharsets.US_ASCII));
      }
      byte[] answer = http.getInputStream().readAllBytes();
      return new String(answer, StandardCharsets.UTF_8).split(mark, -1).length - 1;
    } catch (IOException _) {
      return 0;
    }
  }
}
