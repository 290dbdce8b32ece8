package dev.switchboard.door;

import dev.switchboard.config.BackendConfig;
import io.vertx.core.MultiMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Which headers of a client back ends are told. Immutable, safe on any thread.
///
/// A browser cannot choose the headers of a socket, so a client may say some in its connect command
/// instead. What it says is believed no more than what it sends.
public final class ForwardedHeaders {
  private static final int VALUE_LENGTH_MAX = 4_096;

  private final List<String> sent;
  private final List<String> emulated;

  /// The headers of `backend.http_headers` and `backend.emulated_headers`.
  public ForwardedHeaders(BackendConfig config) {
    this.sent = config.httpHeaders().stream().map(ForwardedHeaders::lower).toList();
    this.emulated = config.emulatedHeaders().stream().map(ForwardedHeaders::lower).toList();
  }

  /// Of the headers of a request those that back ends are told, by their names in lower case.
  public Map<String, String> of(MultiMap headers) {
    Map<String, String> told = new HashMap<>();
    for (String name : sent) {
      List<String> values = headers.getAll(name);
      if (!values.isEmpty()) {
        told.put(name, String.join(", ", values));
      }
    }
    return told.isEmpty() ? Map.of() : told;
  }

  /// Adds what a client said in its connect command; what it sent wins.
  ///
  /// @param told as [#of] returned it
  public Map<String, String> with(Map<String, String> told, Map<String, String> said) {
    if (emulated.isEmpty() || said.isEmpty()) {
      return told;
    }
    Map<String, String> all = new HashMap<>();
    said.forEach(
        (name, value) -> {
          if (emulated.contains(lower(name)) && isValue(value)) {
            all.put(lower(name), value);
          }
        });
    all.putAll(told);
    return all;
  }

  /// Whether a header can have it: else no request could be made at all, for whoever it is.
  private static boolean isValue(String value) {
    return value.length() <= VALUE_LENGTH_MAX
        && value.chars().allMatch(each -> each == '\t' || each >= ' ' && each < 127);
  }

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
