package dev.switchboard.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// Reads environment variables and flags into [ConfigNode]s. Confined to one call.
///
/// A variable of a key always contains `__`, since every key has at least two parts. Others with
/// our prefix are mistakes, except those the scripts use and those Kubernetes sets in every pod
/// beside a service called `switchboard...`.
final class Overrides {
  private static final Set<String> NOT_KEYS = Set.of("SWITCHBOARD_CONFIG", "SWITCHBOARD_HOME");
  private static final Pattern SERVICE_LINK =
      Pattern.compile(
          "SWITCHBOARD_(\\w+_)?(SERVICE_(HOST|PORT(_\\w+)?)|PORT_\\d+_(TCP|UDP|SCTP)(_\\w+)?)");
  private static final Pattern SERVICE_ADDRESS = Pattern.compile("(tcp|udp|sctp)://.*");
  private static final String SEPARATOR = "__";

  private final Problems problems;
  private final Map<List<String>, String> origins = new LinkedHashMap<>();
  private ConfigNode.Section tree;

  private Overrides(String origin, Problems problems) {
    this.problems = problems;
    this.tree = new ConfigNode.Section(new LinkedHashMap<>(), origin);
  }

  /// What the variables with our prefix say.
  static ConfigNode.Section environment(Map<String, String> environment, Problems problems) {
    var overrides = new Overrides("environment", problems);
    new TreeMap<>(environment)
        .forEach(
            (name, value) -> {
              if (name.startsWith(ConfigKeys.ENVIRONMENT_PREFIX) && !isForOthers(name, value)) {
                overrides.variable(name, value);
              }
            });
    return overrides.tree;
  }

  /// What `key=value` flags say; of two for one key the later one counts.
  static ConfigNode.Section flags(List<String> flags, Problems problems) {
    var overrides = new Overrides("flags", problems);
    for (int i = 0; i < flags.size(); i++) {
      overrides.flag(i, flags.get(i));
    }
    return overrides.tree;
  }

  private static boolean isForOthers(String name, String value) {
    return !name.contains(SEPARATOR)
        && (NOT_KEYS.contains(name)
            || SERVICE_LINK.matcher(name).matches()
            || (name.endsWith("_PORT") && SERVICE_ADDRESS.matcher(value).matches()));
  }

  private void variable(String name, String value) {
    List<String> path = path(name.substring(ConfigKeys.ENVIRONMENT_PREFIX.length()));
    String origin = "environment variable " + name;
    if (path.size() < 2 || path.stream().anyMatch(String::isEmpty)) {
      List<String> known =
          ConfigKeys.leaves(GatewayConfig.class).stream()
              .map(leaf -> ConfigKeys.environmentName(leaf.path()))
              .toList();
      String meant =
          ConfigKeys.nearest(name, known).map(n -> "; did you mean " + n + "?").orElse("");
      problems.add(name, "is not a key: its parts are joined by two underscores" + meant, origin);
    } else if (origins.containsKey(path)) {
      problems.add(String.join(".", path), "is set by " + origins.get(path) + " too", origin);
    } else {
      put(path, value, origin);
    }
  }

  /// Lower-cased parts; the name of a namespace keeps its case and may contain underscores.
  private static List<String> path(String name) {
    String namespaces = "CHANNEL__NAMESPACES__";
    if (name.toUpperCase(Locale.ROOT).startsWith(namespaces)) {
      String rest = name.substring(namespaces.length());
      int option = rest.lastIndexOf(SEPARATOR);
      return option < 0
          ? List.of("channel", "namespaces", rest)
          : List.of(
              "channel",
              "namespaces",
              rest.substring(0, option),
              rest.substring(option + SEPARATOR.length()).toLowerCase(Locale.ROOT));
    }
    return List.of(name.toLowerCase(Locale.ROOT).split(SEPARATOR, -1));
  }

  private void flag(int index, String flag) {
    int equals = flag.indexOf('=');
    if (equals < 1) {
      // The text is not shown: it may be a secret whose key was forgotten.
      String origin = "--set number " + (index + 1);
      problems.add("flag", "must be key=value such as http.port=8001", origin);
      return;
    }
    String key = flag.substring(0, equals).strip();
    put(List.of(key.split("\\.", -1)), flag.substring(equals + 1), "flag " + key);
  }

  private void put(List<String> path, String value, String origin) {
    for (int length = 1; length < path.size(); length++) {
      String above = origins.get(path.subList(0, length));
      if (above != null) {
        problems.add(String.join(".", path), "cannot be set beside " + above, origin);
        return;
      }
    }
    origins.put(path, origin);
    ConfigNode node = new ConfigNode.Text(value, origin);
    for (String key : new ArrayList<>(path).reversed()) {
      var entries = new LinkedHashMap<String, ConfigNode>();
      entries.put(key, node);
      node = new ConfigNode.Section(entries, origin);
    }
    tree = ConfigNode.merge(tree, (ConfigNode.Section) node);
  }
}
