package dev.switchboard.config;

import dev.switchboard.config.ConfigNode.Section;
import dev.switchboard.config.ConfigNode.Text;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/// Joins defaults, file, environment and flags into one [GatewayConfig].
///
/// Pure but for reading the file, and safe on any thread: the same call later is a reload. Every
/// mistake is found before any is reported, so that nobody has to start five times to fix five.
public final class ConfigLoader {
  private static final String DEFAULTS = "/conf/switchboard.yaml";
  private static final String BUILT_IN = "built-in default";

  private ConfigLoader() {}

  /// A configuration that may be used.
  ///
  /// @param warnings sentences an operator should read, for the log
  public record Loaded(GatewayConfig config, List<String> warnings) {}

  /// The configuration in force: defaults < file < environment < flags.
  ///
  /// @param file the operator's file, if there is one
  /// @param environment all variables; those that start with `SWITCHBOARD_` are read
  /// @param overrides flags as `client.ping_interval=10s`; of two for one key the later counts
  /// @throws ConfigException with every mistake there is
  public static Loaded load(
      Optional<Path> file, Map<String, String> environment, List<String> overrides)
      throws ConfigException {
    var problems = new Problems();
    Section empty = new Section(Map.of(), BUILT_IN);
    Section written =
        file.isPresent() ? namesAsKeys(YamlReader.read(file.get(), problems), problems) : empty;
    Section variables = Overrides.environment(environment, problems);
    Section flags = Overrides.flags(overrides, problems);
    sameNamesHaveSameCase(ConfigNode.merge(written, flags), variables, problems);

    Section defaults = packed();
    Section tree =
        ConfigNode.merge(ConfigNode.merge(ConfigNode.merge(defaults, written), variables), flags);
    GatewayConfig config = bind(tree, defaults, problems);
    for (var violation : ConfigRules.violations(config)) {
      problems.add(violation, origins(tree, violation.keys()));
    }
    problems.throwIfAny();
    return new Loaded(config, ConfigRules.warnings(config));
  }

  /// What is in force when nobody says anything; as it stands it would refuse to start, for want of
  /// a key.
  static GatewayConfig defaults() {
    var problems = new Problems();
    Section defaults = packed();
    GatewayConfig config = bind(defaults, defaults, problems);
    try {
      problems.throwIfAny();
    } catch (ConfigException e) {
      throw new IllegalStateException("the packed defaults are wrong", e);
    }
    return config;
  }

  private static Section packed() {
    try (InputStream resource = ConfigLoader.class.getResourceAsStream(DEFAULTS)) {
      byte[] bytes = Objects.requireNonNull(resource, DEFAULTS).readAllBytes();
      var problems = new Problems();
      Section defaults =
          YamlReader.read(new String(bytes, StandardCharsets.UTF_8), BUILT_IN, problems);
      problems.throwIfAny();
      return defaults;
    } catch (IOException | ConfigException e) {
      throw new IllegalStateException("the packed defaults cannot be read", e);
    }
  }

  private static GatewayConfig bind(Section tree, Section defaults, Problems problems) {
    Section namespace = (Section) defaults.find("channel.without_namespace");
    return new RecordBinder(problems, namespace).bind(GatewayConfig.class, tree, defaults);
  }

  /// The tree with a list of named namespaces turned into one key for each name.
  private static Section namesAsKeys(Section tree, Problems problems) {
    if (!(tree.find(ConfigKeys.NAMESPACES) instanceof ConfigNode.Items list)) {
      return tree;
    }
    var byName = new LinkedHashMap<String, ConfigNode>();
    for (int i = 0; i < list.items().size(); i++) {
      String path = ConfigKeys.NAMESPACES + "." + i;
      ConfigNode item = list.items().get(i);
      if (item instanceof Section options && options.entries().get("name") instanceof Text name) {
        var rest = new LinkedHashMap<>(options.entries());
        rest.remove("name");
        if (byName.putIfAbsent(name.value(), new Section(rest, options.origin())) != null) {
          problems.add(path + ".name", "is \"" + name.value() + "\" a second time", name.origin());
        }
      } else {
        problems.add(path, "has no name; allowed is {name: chat, ...}", item.origin());
      }
    }
    Section channel = (Section) tree.entries().get("channel");
    return tree.with("channel", channel.with("namespaces", new Section(byName, list.origin())));
  }

  /// Guards against `..._NAMESPACES__CHAT__...` when `chat` was meant: it would be another one.
  private static void sameNamesHaveSameCase(Section others, Section variables, Problems problems) {
    if (!(others.find(ConfigKeys.NAMESPACES) instanceof Section known)
        || !(variables.find(ConfigKeys.NAMESPACES) instanceof Section set)) {
      return;
    }
    for (var entry : set.entries().entrySet()) {
      String name = entry.getKey();
      if (!known.entries().containsKey(name)) {
        known.entries().keySet().stream()
            .filter(name::equalsIgnoreCase)
            .forEach(
                other ->
                    problems.add(
                        ConfigKeys.NAMESPACES + "." + name,
                        "differs only in case from %s; names keep their case".formatted(other),
                        entry.getValue().origin()));
      }
    }
  }

  private static String origins(Section tree, List<String> keys) {
    if (keys.size() == 1) {
      return origin(tree, keys.getFirst());
    }
    return keys.stream()
        .map(key -> key + ": " + origin(tree, key))
        .collect(Collectors.joining("; "));
  }

  private static String origin(Section tree, String key) {
    ConfigNode node = tree.find(key);
    if (node == null && key.contains(".")) {
      // A namespace holds only what was written; the rest of it is where the namespace is.
      return origin(tree, key.substring(0, key.lastIndexOf('.')));
    }
    return node == null || node.origin().startsWith(BUILT_IN) ? BUILT_IN : node.origin();
  }
}
