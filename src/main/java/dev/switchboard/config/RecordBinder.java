package dev.switchboard.config;

import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Fills record types from [ConfigNode]s by the names of their components. Confined to one call.
///
/// It goes on after a mistake with the default in its place, so that all mistakes are found at
/// once; the caller throws the result away when there was any.
final class RecordBinder {
  private static final int LONGEST_SHOWN = 60;
  private static final ConfigNode.Section EMPTY = new ConfigNode.Section(Map.of(), "");

  private final Problems problems;
  private final ConfigNode.Section mapValueDefaults;

  /// @param mapValueDefaults what is left out of a map's value is taken from here
  RecordBinder(Problems problems, ConfigNode.Section mapValueDefaults) {
    this.problems = problems;
    this.mapValueDefaults = mapValueDefaults;
  }

  /// The record a section stands for.
  ///
  /// @param defaults a section that is known to be complete and right
  <T extends Record> T bind(
      Class<T> type, ConfigNode.Section section, ConfigNode.Section defaults) {
    return type.cast(record(type, "", section, defaults));
  }

  /// Null when a component is wrong and has no default.
  private Object record(
      Class<?> type, String path, ConfigNode.Section section, ConfigNode.Section defaults) {
    RecordComponent[] components = type.getRecordComponents();
    List<String> known = Arrays.stream(components).map(ConfigKeys::keyOf).toList();
    section.entries().keySet().stream()
        .filter(key -> !known.contains(key))
        .forEach(key -> unknown(path, key, known, section.entries().get(key).origin()));
    Object[] values = new Object[components.length];
    for (int i = 0; i < components.length; i++) {
      String key = known.get(i);
      ConfigNode fallback = defaults.entries().get(key);
      ConfigNode node = section.entries().getOrDefault(key, fallback);
      values[i] =
          node == null
              ? absent(components[i], join(path, key), section.origin())
              : value(components[i].getGenericType(), join(path, key), node, fallback);
    }
    return Arrays.stream(values).anyMatch(v -> v == null) ? null : construct(type, values);
  }

  private Object value(Type type, String path, ConfigNode node, ConfigNode fallback) {
    if (type instanceof Class<?> plain) {
      return plain.isRecord()
          ? group(plain, path, node, fallback)
          : scalar(plain, path, node, fallback);
    }
    Class<?> element = ConfigKeys.elementType(type);
    if (type.getTypeName().startsWith(Map.class.getName())) {
      return map(element, path, node);
    }
    // Nothing to patch is there where a list is part of a list's element.
    ConfigNode listed = ConfigNode.listed(node);
    return element.isRecord() ? records(element, path, listed) : texts(path, listed);
  }

  private Object group(Class<?> type, String path, ConfigNode node, ConfigNode fallback) {
    ConfigNode.Section defaults = fallback instanceof ConfigNode.Section known ? known : EMPTY;
    return switch (node) {
      case ConfigNode.Section section -> record(type, path, section, defaults);
      case ConfigNode.Nothing _ -> record(type, path, defaults, defaults);
      case ConfigNode.Text _, ConfigNode.Items _ -> {
        wrong(path, node, "a section of keys");
        yield record(type, path, defaults, defaults);
      }
    };
  }

  private Object scalar(Class<?> type, String path, ConfigNode node, ConfigNode fallback) {
    if (node instanceof ConfigNode.Text text) {
      var parsed = ValueText.parse(type, path, text.value());
      if (parsed.isPresent()) {
        return parsed.get();
      }
      String allowed = ValueText.allowed(type, path);
      problems.add(
          path, "is \"%s\"; allowed is %s".formatted(clip(text.value()), allowed), text.origin());
    } else {
      wrong(path, node, ValueText.allowed(type, path));
    }
    return fallback instanceof ConfigNode.Text standIn
        ? ValueText.parse(type, path, standIn.value()).orElse(null)
        : null;
  }

  private List<String> texts(String path, ConfigNode node) {
    return switch (node) {
      case ConfigNode.Text text ->
          Arrays.stream(text.value().split(","))
              .map(String::strip)
              .filter(part -> !part.isEmpty())
              .toList();
      case ConfigNode.Items items -> {
        var texts = new ArrayList<String>();
        for (int i = 0; i < items.items().size(); i++) {
          if (items.items().get(i) instanceof ConfigNode.Text text) {
            texts.add(text.value());
          } else {
            wrong(path + "." + i, items.items().get(i), "one value");
          }
        }
        yield List.copyOf(texts);
      }
      case ConfigNode.Nothing _ -> List.of();
      case ConfigNode.Section _ -> {
        wrong(path, node, "a list");
        yield List.of();
      }
    };
  }

  private List<Object> records(Class<?> element, String path, ConfigNode node) {
    if (node instanceof ConfigNode.Nothing
        || (node instanceof ConfigNode.Text text && text.value().isBlank())) {
      return List.of();
    }
    if (!(node instanceof ConfigNode.Items items)) {
      wrong(path, node, "a list of sections, counted from 0");
      return List.of();
    }
    var records = new ArrayList<Object>();
    for (int i = 0; i < items.items().size(); i++) {
      Object bound = group(element, path + "." + i, items.items().get(i), null);
      if (bound != null) {
        records.add(bound);
      }
    }
    return List.copyOf(records);
  }

  private Map<String, Object> map(Class<?> element, String path, ConfigNode node) {
    if (!(node instanceof ConfigNode.Section section)) {
      if (!(node instanceof ConfigNode.Nothing)) {
        wrong(path, node, "a section with one key for each name");
      }
      return Map.of();
    }
    var values = new LinkedHashMap<String, Object>();
    section
        .entries()
        .forEach(
            (name, entry) ->
                values.put(name, group(element, path + "." + name, entry, mapValueDefaults)));
    return Collections.unmodifiableMap(values);
  }

  /// Texts, lists and switches may be left out of a list's element, nothing else.
  private Object absent(RecordComponent component, String path, String origin) {
    if (component.getType() == String.class) {
      return "";
    }
    if (component.getType() == List.class) {
      return List.of();
    }
    if (component.getType() == boolean.class) {
      return false;
    }
    problems.add(path, "is missing", origin);
    return null;
  }

  private void unknown(String path, String key, List<String> siblings, String origin) {
    var everywhere = ConfigKeys.leaves(GatewayConfig.class).stream().map(ConfigKeys.Leaf::path);
    String meant =
        ConfigKeys.nearest(key, siblings)
            .map(sibling -> join(path, sibling))
            .or(() -> ConfigKeys.nearest(join(path, key), everywhere.toList()))
            .map(known -> "did you mean " + known + "?")
            .orElse("the keys here are " + String.join(", ", siblings));
    problems.add(join(path, key), "is not a key; " + meant, origin);
  }

  private static String clip(String text) {
    String line = text.replaceAll("\\p{Cntrl}", " ");
    return line.length() <= LONGEST_SHOWN ? line : line.substring(0, LONGEST_SHOWN) + "...";
  }

  private void wrong(String path, ConfigNode node, String allowed) {
    String found =
        switch (node) {
          case ConfigNode.Section _ -> "a section";
          case ConfigNode.Items _ -> "a list";
          case ConfigNode.Text _ -> "one value";
          case ConfigNode.Nothing _ -> "nothing";
        };
    problems.add(path, "is " + found + "; allowed is " + allowed, node.origin());
  }

  private static String join(String path, String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  private static Object construct(Class<?> type, Object[] values) {
    Class<?>[] types =
        Arrays.stream(type.getRecordComponents())
            .map(RecordComponent::getType)
            .toArray(Class<?>[]::new);
    try {
      return type.getDeclaredConstructor(types).newInstance(values);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("record " + type.getName(), e);
    }
  }
}
