package dev.switchboard.config;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// The names of the keys, taken from the record components. Pure functions.
final class ConfigKeys {
  /// The one section whose keys the operator chooses.
  static final String NAMESPACES = "channel.namespaces";

  /// What every environment variable of ours starts with.
  static final String ENVIRONMENT_PREFIX = "SWITCHBOARD_";

  private ConfigKeys() {}

  /// A key that holds a value, a list or the namespaces; never a section.
  record Leaf(String path, Type type) {}

  /// The key of a component: its name in snake_case unless [ConfigKey] says otherwise.
  static String keyOf(RecordComponent component) {
    ConfigKey named = component.getAnnotation(ConfigKey.class);
    return named != null
        ? named.value()
        : component.getName().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
  }

  /// All keys below a record type, in the order of its components.
  static List<Leaf> leaves(Class<?> type) {
    var leaves = new ArrayList<Leaf>();
    collect(type, "", leaves);
    return leaves;
  }

  private static void collect(Class<?> type, String prefix, List<Leaf> leaves) {
    for (RecordComponent component : type.getRecordComponents()) {
      String path = prefix + keyOf(component);
      if (component.getType().isRecord()) {
        collect(component.getType(), path + ".", leaves);
      } else {
        leaves.add(new Leaf(path, component.getGenericType()));
      }
    }
  }

  /// Every value of a configuration by its full key; namespaces and list elements are opened.
  static Map<String, Object> values(Record config) {
    var values = new LinkedHashMap<String, Object>();
    collect(config, "", values);
    return values;
  }

  private static void collect(Object value, String path, Map<String, Object> values) {
    switch (value) {
      case Record group -> {
        for (RecordComponent component : group.getClass().getRecordComponents()) {
          collect(valueOf(component, group), join(path, keyOf(component)), values);
        }
      }
      case Map<?, ?> named -> named.forEach((key, v) -> collect(v, path + "." + key, values));
      case List<?> list when !list.isEmpty() && list.getFirst() instanceof Record -> {
        for (int i = 0; i < list.size(); i++) {
          collect(list.get(i), path + "." + i, values);
        }
      }
      default -> values.put(path, value);
    }
  }

  private static String join(String path, String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  /// What a record holds in one component.
  static Object valueOf(RecordComponent component, Object group) {
    try {
      return component.getAccessor().invoke(group);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("record component " + component, e);
    }
  }

  /// The type of a list's elements or a map's values.
  static Class<?> elementType(Type type) {
    Type[] arguments = ((ParameterizedType) type).getActualTypeArguments();
    return (Class<?>) arguments[arguments.length - 1];
  }

  /// The environment variable of a key; the name of a namespace keeps its case.
  static String environmentName(String path) {
    if (path.startsWith(NAMESPACES + ".")) {
      String rest = path.substring(NAMESPACES.length() + 1);
      int dot = rest.indexOf('.');
      String name = dot < 0 ? rest : rest.substring(0, dot);
      String option = dot < 0 ? "" : "__" + rest.substring(dot + 1).toUpperCase(Locale.ROOT);
      return environmentName(NAMESPACES) + "__" + name + option;
    }
    return ENVIRONMENT_PREFIX + path.replace(".", "__").toUpperCase(Locale.ROOT);
  }

  /// The candidate most like a name somebody wrote, if any is alike enough to be meant.
  static Optional<String> nearest(String written, Collection<String> candidates) {
    String plain = plain(written);
    // Two swapped letters count as two, and in a short name two make another word.
    int tolerated = plain.length() < 5 ? 1 : Math.max(2, plain.length() / 4);
    return candidates.stream()
        .filter(candidate -> distance(plain, plain(candidate)) <= tolerated)
        .min(Comparator.comparingInt(candidate -> distance(plain, plain(candidate))));
  }

  private static String plain(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[-_.]", "");
  }

  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    Arrays.setAll(row, i -> i);
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
