package dev.switchboard.config;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.switchboard.config.GatewayConfig.Namespace;
import dev.switchboard.config.GatewayConfig.PayloadFormat;
import dev.switchboard.config.Problems.Violation;
import dev.switchboard.schema.BadSchemaException;
import dev.switchboard.schema.Schemas;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/// What must hold between the options of a namespace. Pure functions.
final class NamespaceRules {
  private static final Pattern NAME = Pattern.compile("[-a-zA-Z0-9_]{2,}");
  private static final Pattern SCHEMA_NAME = Pattern.compile("[-a-zA-Z0-9_.]{1,64}");
  private static final List<String> DELTA_TYPES = List.of("fossil");

  /// Options that are about publications that were kept, and when they are on.
  private static final Map<String, Predicate<Namespace>> NEED_HISTORY =
      Map.of(
          "force_positioning", Namespace::forcePositioning,
          "allow_positioning", Namespace::allowPositioning,
          "force_recovery", Namespace::forceRecovery,
          "allow_recovery", Namespace::allowRecovery,
          "auto_cache_recover", Namespace::autoCacheRecover,
          "delta_publish", Namespace::deltaPublish,
          "allowed_delta_types", options -> !options.allowedDeltaTypes().isEmpty());

  private NamespaceRules() {}

  static List<Violation> violations(GatewayConfig config) {
    var found = new ArrayList<Violation>();
    var channel = config.channel();
    all(channel)
        .forEach(
            (path, options) -> {
              found.addAll(historyIsWhole(path, options));
              found.addAll(historyIsThere(path, options));
              found.addAll(deltaTypesAreKnown(path, options));
              found.addAll(channelRegexCompiles(path, options));
            });
    found.addAll(namesAreAllowed(channel));
    found.addAll(personalNamespaceExists(config));
    found.addAll(schemasAreGood(config.schemas()));
    all(channel)
        .forEach((path, options) -> found.addAll(schemaExists(path, options, config.schemas())));
    return found;
  }

  private static List<Violation> schemasAreGood(GatewayConfig.Schemas schemas) {
    var found = new ArrayList<Violation>();
    var names = new HashSet<String>();
    for (int index = 0; index < schemas.files().size(); index++) {
      var file = schemas.files().get(index);
      String path = "schemas.files." + index;
      for (var part : Map.of("name", file.name(), "version", file.version()).entrySet()) {
        if (!SCHEMA_NAME.matcher(part.getValue()).matches()) {
          found.add(
              Violation.of(
                  path + "." + part.getKey(),
                  "is \"%s\"; allowed are 1 to 64 letters, digits, dots, dashes and underscores"
                      .formatted(part.getValue())));
        }
      }
      if (!names.add(file.fullName())) {
        found.add(Violation.of(path, "is %s, as is an earlier one".formatted(file.fullName())));
      }
      try {
        Schemas.require(Path.of(file.file()));
      } catch (BadSchemaException | InvalidPathException bad) {
        found.add(
            Violation.of(
                path + ".file", "is \"%s\", which %s".formatted(file.file(), bad.getMessage())));
      }
    }
    return found;
  }

  private static List<Violation> schemaExists(
      String path, Namespace options, GatewayConfig.Schemas schemas) {
    String key = path + ".publication_schema";
    String wanted = options.publicationSchema();
    if (wanted.isEmpty()) {
      return List.of();
    }
    if (options.publicationDataFormat() == PayloadFormat.BINARY) {
      return List.of(
          new Violation(
              List.of(key, path + ".publication_data_format"),
              key + " is \"%s\"; allowed is empty where payloads are binary".formatted(wanted)));
    }
    List<String> known = schemas.files().stream().map(GatewayConfig.SchemaFile::fullName).toList();
    return known.contains(wanted)
        ? List.of()
        : List.of(
            new Violation(
                List.of(key, "schemas.files"),
                "%s is \"%s\"; allowed is empty or one of schemas.files, which has %s"
                    .formatted(key, wanted, known.isEmpty() ? "none" : String.join(", ", known))));
  }

  /// The options of every namespace, and of channels without one, by their keys.
  static Map<String, Namespace> all(GatewayConfig.Channel channel) {
    var all = new LinkedHashMap<String, Namespace>();
    all.put("channel.without_namespace", channel.withoutNamespace());
    channel
        .namespaces()
        .forEach((name, options) -> all.put(ConfigKeys.NAMESPACES + "." + name, options));
    return all;
  }

  private static List<Violation> historyIsWhole(String path, Namespace options) {
    if ((options.historySize() > 0) == !options.historyTtl().isZero()) {
      return List.of();
    }
    String size = path + ".history_size";
    String ttl = path + ".history_ttl";
    return List.of(
        new Violation(
            List.of(size, ttl),
            "%s is %d and %s is %s; allowed is both above zero or both zero"
                .formatted(
                    size, options.historySize(), ttl, ValueText.print(ttl, options.historyTtl()))));
  }

  private static List<Violation> historyIsThere(String path, Namespace options) {
    if (options.historySize() > 0) {
      return List.of();
    }
    return NEED_HISTORY.entrySet().stream()
        .filter(option -> option.getValue().test(options))
        .map(option -> path + "." + option.getKey())
        .sorted()
        .map(
            key ->
                new Violation(
                    List.of(key, path + ".history_size"),
                    key + " needs history; set history_size and history_ttl too"))
        .toList();
  }

  private static List<Violation> deltaTypesAreKnown(String path, Namespace options) {
    return options.allowedDeltaTypes().stream()
        .filter(type -> !DELTA_TYPES.contains(type))
        .map(
            type ->
                Violation.of(
                    path + ".allowed_delta_types",
                    "contains \"%s\"; allowed is %s"
                        .formatted(type, String.join(", ", DELTA_TYPES))))
        .toList();
  }

  private static List<Violation> channelRegexCompiles(String path, Namespace options) {
    try {
      Pattern.compile(options.channelRegex());
      return List.of();
    } catch (PatternSyntaxException e) {
      String sentence =
          "is \"%s\"; allowed is a regular expression of RE2, and this one is wrong: %s"
              .formatted(options.channelRegex(), e.getDescription());
      return List.of(Violation.of(path + ".channel_regex", sentence));
    }
  }

  private static List<Violation> namesAreAllowed(GatewayConfig.Channel channel) {
    return channel.namespaces().keySet().stream()
        .filter(name -> !NAME.matcher(name).matches())
        .map(
            name ->
                Violation.of(
                    ConfigKeys.NAMESPACES + "." + name,
                    "is not a name for a namespace; allowed are two or more of A-Z a-z 0-9 - _"))
        .toList();
  }

  private static List<Violation> personalNamespaceExists(GatewayConfig config) {
    String name = config.user().personalChannelNamespace();
    if (name.isEmpty() || config.channel().namespaces().containsKey(name)) {
      return List.of();
    }
    String key = "user.personal_channel_namespace";
    return List.of(
        new Violation(
            List.of(key, ConfigKeys.NAMESPACES),
            "%s is \"%s\"; allowed is a name in channel.namespaces, or empty"
                .formatted(key, name)));
  }
}
