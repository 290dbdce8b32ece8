package dev.switchboard.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// Keys that are accepted although their feature does not exist yet. Pure functions.
///
/// A feature that gets built deletes its rows here and nothing else.
final class NotYetBuilt {
  private static final String IN_NAMESPACE = "channel.*.";

  private static final List<Row> ROWS = List.of(new Row("rpc.enabled", "calls from clients"));

  private NotYetBuilt() {}

  private record Row(String key, String feature) {}

  /// One warning for each such key that differs from its default, wherever it does.
  static List<String> warnings(GatewayConfig config, GatewayConfig defaults) {
    Map<String, Object> values = ConfigKeys.values(config);
    Map<String, Object> usual = ConfigKeys.values(defaults);
    var warnings = new ArrayList<String>();
    for (Row row : ROWS) {
      List<String> places =
          values.keySet().stream()
              .filter(key -> general(key).equals(row.key))
              .filter(key -> !Objects.equals(values.get(key), usual.get(defaultOf(key))))
              .toList();
      if (!places.isEmpty()) {
        warnings.add(
            "%s: not built yet (%s), accepted without effect"
                .formatted(String.join(", ", places), row.feature));
      }
    }
    return warnings;
  }

  /// The key with `*` in place of the namespace.
  private static String general(String key) {
    return key.startsWith("channel.")
        ? IN_NAMESPACE + key.substring(key.lastIndexOf('.') + 1)
        : key;
  }

  private static String defaultOf(String key) {
    return key.startsWith(ConfigKeys.NAMESPACES + ".")
        ? "channel.without_namespace." + key.substring(key.lastIndexOf('.') + 1)
        : key;
  }
}
