package dev.switchboard.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The documents of `src/docs` that say what is spoken, and whether something is as they say.
///
/// They let members be added; a test must not: here an object has the members its schema names and
/// no others.
public enum Contract {
  OPENAPI("openapi.yaml"),
  ASYNCAPI("asyncapi.yaml");

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String BASE = "https://switchboard.invalid/";
  private static final Pattern DEFAULT =
      Pattern.compile("`([a-z_]+(?:\\.[a-z_]+)+)`\\s+\\(([^)]+)\\)");
  private static final SchemaRegistry STRICT =
      SchemaRegistry.withDefaultDialect(
          SpecificationVersion.DRAFT_2020_12,
          builder ->
              builder.schemas(
                  Map.of(
                      BASE + OPENAPI.file, strict(OPENAPI.read()).toString(),
                      BASE + ASYNCAPI.file, strict(ASYNCAPI.read()).toString())));

  private final String file;

  Contract(String file) {
    this.file = file;
  }

  /// A configuration key that a document names with a default.
  public record Default(String key, String value) {}

  /// Where the document is.
  public Path path() {
    return Path.of("src/docs", file);
  }

  /// The document.
  public JsonNode read() {
    try {
      return new YAMLMapper().readTree(path().toFile());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /// What is wrong with a value that should be as the schema at this place of the document says.
  ///
  /// @param pointer such as `/components/schemas/Error`
  public List<String> breaches(String pointer, String json) {
    // A pointer in the fragment of an address.
    String fragment = pointer.replace("{", "%7B").replace("}", "%7D").replace(" ", "%20");
    Schema schema = STRICT.getSchema(SchemaLocation.of(BASE + file + "#" + fragment));
    return schema.validate(json, InputFormat.JSON).stream().map(Error::toString).toList();
  }

  /// The names of all members of the objects that a schema describes, at whatever depth.
  public TreeSet<String> members(JsonNode schema) {
    var names = new TreeSet<String>();
    collect(schema, names, new TreeSet<>());
    return names;
  }

  private void collect(JsonNode node, TreeSet<String> names, TreeSet<String> followed) {
    JsonNode ref = node.get("$ref");
    if (ref != null && ref.isTextual()) {
      if (followed.add(ref.textValue())) {
        collect(resolve(ref.textValue()), names, followed);
      }
      return;
    }
    if (isSchemaOfObject(node)) {
      node.get("properties").fieldNames().forEachRemaining(names::add);
    }
    node.forEach(child -> collect(child, names, followed));
  }

  /// What a reference in this document refers to.
  public JsonNode resolve(String reference) {
    String[] parts = reference.split("#", 2);
    JsonNode document = parts[0].isEmpty() ? read() : OPENAPI.read();
    return document.at(parts[1]);
  }

  /// The configuration keys that the document names with a default.
  public List<Default> defaults() {
    String text = ProjectFiles.text(path()).replaceAll("\\s+", " ");
    return DEFAULT
        .matcher(text)
        .results()
        .map(found -> new Default(found.group(1), found.group(2)))
        .toList();
  }

  /// The numbers of codes and their texts, as a schema lists them.
  public List<String> codes(String schema) {
    List<String> codes = new ArrayList<>();
    read()
        .at("/components/schemas/" + schema + "/oneOf")
        .forEach(code -> codes.add(code.get("const").asInt() + " " + code.get("title").asText()));
    return codes;
  }

  /// Names that occur in sources right behind what a pattern says.
  public static Stream<String> named(Pattern pattern, List<Path> sources) {
    return sources.stream()
        .flatMap(source -> pattern.matcher(ProjectFiles.text(source)).results())
        .map(found -> found.group(1));
  }

  /// The same document, whose objects have no members but those named.
  private static JsonNode strict(JsonNode node) {
    if (isSchemaOfObject(node) && !node.has("additionalProperties")) {
      ((ObjectNode) node).put("additionalProperties", false);
    }
    node.forEach(Contract::strict);
    return node;
  }

  private static boolean isSchemaOfObject(JsonNode node) {
    return node.path("type").asText().equals("object") && node.path("properties").isObject();
  }

  /// A JSON text as a tree.
  public static JsonNode tree(String json) {
    try {
      return JSON.readTree(json);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
