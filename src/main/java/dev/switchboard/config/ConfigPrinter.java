package dev.switchboard.config;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.lang.reflect.RecordComponent;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Writes a configuration as YAML with every secret as `[hidden]`. Pure functions.
///
/// For `check-config`, and once when a node starts: the text may go to a log.
public final class ConfigPrinter {
  private static final String INDENT = "  ";

  private ConfigPrinter() {}

  /// All keys with the values in force.
  public static String toYaml(GatewayConfig config) {
    var yaml = new StringBuilder();
    group(yaml, "", "", config);
    return yaml.toString();
  }

  /// All keys with the values in force, on one line each, by their full key.
  public static Map<String, String> toLines(GatewayConfig config) {
    var lines = new LinkedHashMap<String, String>();
    ConfigKeys.values(config).forEach((key, value) -> lines.put(key, scalar(key, value)));
    return lines;
  }

  /// The keys of [#toLines] whose values nobody would have by default.
  public static Map<String, String> changes(GatewayConfig config) {
    Map<String, String> changes = toLines(config);
    changes.entrySet().removeAll(toLines(ConfigLoader.defaults()).entrySet());
    return changes;
  }

  private static void group(StringBuilder yaml, String indent, String path, Record group) {
    for (RecordComponent component : group.getClass().getRecordComponents()) {
      String key = ConfigKeys.keyOf(component);
      entry(yaml, indent, path + "." + key, ConfigKeys.valueOf(component, group));
    }
  }

  private static void entry(StringBuilder yaml, String indent, String path, Object value) {
    String key = path.substring(path.lastIndexOf('.') + 1);
    yaml.append(indent).append(key).append(':');
    switch (value) {
      case Record inner -> group(yaml.append('\n'), indent + INDENT, path, inner);
      case Map<?, ?> named when named.isEmpty() -> yaml.append(" {}\n");
      case Map<?, ?> named -> {
        yaml.append('\n');
        named.forEach((name, inner) -> entry(yaml, indent + INDENT, path + "." + name, inner));
      }
      case List<?> list when !list.isEmpty() && list.getFirst() instanceof Record ->
          records(yaml.append('\n'), indent + INDENT, path, list);
      case List<?> list ->
          yaml.append(' ')
              .append(list.stream().map(item -> scalar(path, item)).toList())
              .append('\n');
      default -> yaml.append(' ').append(scalar(path, value)).append('\n');
    }
  }

  private static void records(StringBuilder yaml, String indent, String path, List<?> list) {
    for (Object item : list) {
      yaml.append(indent).append("-\n");
      group(yaml, indent + INDENT, path, (Record) item);
    }
  }

  private static String scalar(String path, Object value) {
    String text = ValueText.print(path, value);
    return value instanceof String || value instanceof Secret
        ? '"' + new String(JsonStringEncoder.getInstance().quoteAsString(text)) + '"'
        : text;
  }
}
