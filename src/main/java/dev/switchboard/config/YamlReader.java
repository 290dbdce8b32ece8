package dev.switchboard.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/// Reads one YAML text into [ConfigNode]s that know their line. Confined to that call.
///
/// Only what a configuration needs: one document of keys, lists and values. The parser's own
/// messages are not passed on, because they quote the text around a mistake, secrets included.
final class YamlReader {
  private static final YAMLFactory FACTORY = new YAMLFactory();

  private final String name;
  private final YAMLParser parser;
  private final Problems problems;

  private YamlReader(String name, YAMLParser parser, Problems problems) {
    this.name = name;
    this.parser = parser;
    this.problems = problems;
  }

  /// The content of a file; an empty file says nothing.
  ///
  /// @throws ConfigException when it cannot be read at all, so nothing else can be judged
  static ConfigNode.Section read(Path file, Problems problems) throws ConfigException {
    String shown = "configuration file " + file;
    if (Files.isDirectory(file)) {
      throw unusable(shown + " is a directory");
    }
    try {
      return read(Files.readString(file), file.toString(), problems);
    } catch (NoSuchFileException _) {
      throw unusable(shown + " does not exist");
    } catch (CharacterCodingException _) {
      throw unusable(shown + " is not UTF-8 text");
    } catch (IOException _) {
      throw unusable(shown + " cannot be read by this user");
    }
  }

  /// The content of a text.
  ///
  /// @param name what to call the text in a problem
  static ConfigNode.Section read(String text, String name, Problems problems)
      throws ConfigException {
    try (YAMLParser parser = FACTORY.createParser(text)) {
      return new YamlReader(name, parser, problems).document();
    } catch (JsonProcessingException e) {
      var location = e.getLocation();
      throw unusable(
          name
              + (location == null
                  ? " is not YAML"
                  : " is not YAML at line %d, column %d"
                      .formatted(location.getLineNr(), location.getColumnNr()))
              + "; indent with spaces, and quote values that start with * & ! % @ { or [");
    } catch (IOException e) {
      throw new IllegalStateException("reading from memory", e);
    }
  }

  private ConfigNode.Section document() throws IOException, ConfigException {
    JsonToken first = parser.nextToken();
    if (first == null || first == JsonToken.VALUE_NULL) {
      return new ConfigNode.Section(new LinkedHashMap<>(), name);
    }
    if (first != JsonToken.START_OBJECT) {
      throw unusable(name + " must hold keys and values, such as `client: {insecure: false}`");
    }
    ConfigNode.Section content = section("");
    if (parser.nextToken() != null) {
      throw unusable(name + " holds more than one YAML document; exactly one is allowed");
    }
    return content;
  }

  private ConfigNode.Section section(String path) throws IOException {
    String origin = here();
    var entries = new LinkedHashMap<String, ConfigNode>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String key = parser.currentName();
      String keyPath = path.isEmpty() ? key : path + "." + key;
      String keyOrigin = here();
      ConfigNode node = node(keyPath, parser.nextToken());
      ConfigNode earlier = entries.putIfAbsent(key, node);
      if (earlier != null) {
        problems.add(keyPath, "stands twice; first at " + earlier.origin(), keyOrigin);
      }
    }
    return new ConfigNode.Section(entries, origin);
  }

  private ConfigNode node(String path, JsonToken token) throws IOException {
    if (parser.isCurrentAlias()) {
      problems.add(path, "is a YAML alias; write the value itself", here());
      return new ConfigNode.Nothing(here());
    }
    if (token == JsonToken.START_OBJECT) {
      return section(path);
    }
    if (token == JsonToken.START_ARRAY) {
      return items(path);
    }
    return token == JsonToken.VALUE_NULL
        ? new ConfigNode.Nothing(here())
        : new ConfigNode.Text(parser.getText(), here());
  }

  private ConfigNode.Items items(String path) throws IOException {
    String origin = here();
    List<ConfigNode> items = new ArrayList<>();
    for (JsonToken token = parser.nextToken();
        token != JsonToken.END_ARRAY;
        token = parser.nextToken()) {
      items.add(node(path + "." + items.size(), token));
    }
    return new ConfigNode.Items(items, origin);
  }

  private String here() {
    return name + " line " + parser.currentTokenLocation().getLineNr();
  }

  private static ConfigException unusable(String sentence) {
    return new ConfigException(List.of(sentence));
  }
}
