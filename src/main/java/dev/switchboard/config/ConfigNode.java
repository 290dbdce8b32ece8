package dev.switchboard.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// One place in a configuration that is not typed yet, and where it came from.
///
/// Every scalar is text, whoever wrote it, so that a file, the environment and a flag are read by
/// the same rules. None of the types prints its text: it may be a secret.
sealed interface ConfigNode {
  /// Where it came from, for the reader of a problem.
  String origin();

  /// Keys and what is below them.
  record Section(Map<String, ConfigNode> entries, String origin) implements ConfigNode {
    /// The node at a dotted path, or null.
    ConfigNode find(String path) {
      int dot = path.indexOf('.');
      if (dot < 0) {
        return entries.get(path);
      }
      return switch (entries.get(path.substring(0, dot))) {
        case null -> null;
        case Section section -> section.find(path.substring(dot + 1));
        case Items items -> items.toSection().find(path.substring(dot + 1));
        case Text _, Nothing _ -> null;
      };
    }

    /// This section with one entry replaced.
    Section with(String key, ConfigNode node) {
      var changed = new LinkedHashMap<>(entries);
      changed.put(key, node);
      return new Section(changed, origin);
    }

    @Override
    public String toString() {
      return "Section" + entries.keySet();
    }
  }

  /// A list.
  record Items(List<ConfigNode> items, String origin) implements ConfigNode {
    private Section toSection() {
      var entries = new LinkedHashMap<String, ConfigNode>();
      for (int i = 0; i < items.size(); i++) {
        entries.put(Integer.toString(i), items.get(i));
      }
      return new Section(entries, origin);
    }

    @Override
    public String toString() {
      return "Items[" + items.size() + "]";
    }
  }

  /// One value.
  record Text(String value, String origin) implements ConfigNode {
    @Override
    public String toString() {
      return "Text[" + origin + "]";
    }
  }

  /// A key without a value.
  record Nothing(String origin) implements ConfigNode {}

  /// What is in force when `upper` is written on top of `lower`.
  ///
  /// Sections are joined key by key and an empty one changes nothing; a section of numbers changes
  /// single elements of a list; everything else replaces what was there.
  static ConfigNode merge(ConfigNode lower, ConfigNode upper) {
    if (lower instanceof Section below && upper instanceof Section above) {
      return merge(below, above);
    }
    if (lower instanceof Section && upper instanceof Nothing) {
      return lower;
    }
    if (lower instanceof Items below && upper instanceof Section above) {
      return patch(below, above);
    }
    return upper;
  }

  /// The same for two sections.
  static Section merge(Section lower, Section upper) {
    var merged = new LinkedHashMap<>(lower.entries());
    upper
        .entries()
        .forEach(
            (key, node) ->
                merged.merge(key, node, (below, above) -> ConfigNode.merge(below, above)));
    return new Section(merged, upper.origin());
  }

  /// A section of numbers as the list it stands for; anything else as it is.
  static ConfigNode listed(ConfigNode node) {
    return node instanceof Section section && !section.entries().isEmpty()
        ? patch(new Items(List.of(), section.origin()), section)
        : node;
  }

  private static ConfigNode patch(Items lower, Section upper) {
    Section joined = merge(lower.toSection(), upper);
    var items = new ArrayList<ConfigNode>();
    for (int i = 0; i < joined.entries().size(); i++) {
      ConfigNode item = joined.entries().get(Integer.toString(i));
      if (item == null) {
        return upper;
      }
      items.add(item);
    }
    return new Items(items, upper.origin());
  }
}
