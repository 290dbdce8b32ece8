package dev.switchboard.deploy;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.stream.Stream;

/// Kubernetes objects as they would be sent to a cluster. Never changed once they are made.
record Manifests(List<JsonNode> objects) {
  private static final YAMLMapper YAML =
      new YAMLMapper(
          YAMLFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build());
  // What kustomize appends to a name it generates.
  private static final String HASH = "-[a-z0-9]{10}";

  /// Reads documents of YAML; empty ones are left out.
  static Manifests parse(String text) {
    try (var documents = YAML.readerFor(JsonNode.class).<JsonNode>readValues(text)) {
      return new Manifests(documents.readAll().stream().filter(JsonNode::isObject).toList());
    } catch (IOException failure) {
      throw new UncheckedIOException(text, failure);
    }
  }

  /// One document of YAML.
  static JsonNode tree(String text) {
    try {
      return YAML.readTree(text);
    } catch (IOException failure) {
      throw new UncheckedIOException(text, failure);
    }
  }

  Stream<JsonNode> all(String kind) {
    return objects.stream().filter(object -> object.path("kind").asText().equals(kind));
  }

  /// The only one of its kind.
  JsonNode the(String kind) {
    List<JsonNode> found = all(kind).toList();
    if (found.size() != 1) {
      throw new AssertionError(found.size() + " objects are a " + kind);
    }
    return found.getFirst();
  }

  boolean has(String kind) {
    return all(kind).findAny().isPresent();
  }

  /// A copy in which one place of one object holds something else, or is gone.
  ///
  /// @param object such as `Service/switchboard`
  /// @param place a JSON pointer
  /// @param value YAML; empty removes what is there
  Manifests with(String object, String place, String value) {
    List<JsonNode> copies = objects.stream().<JsonNode>map(one -> one.deepCopy()).toList();
    JsonNode changed =
        copies.stream()
            .filter(copy -> idOf(copy).replaceFirst(HASH + "$", "").equals(object))
            .findFirst()
            .orElseThrow(() -> new AssertionError("there is no " + object));
    JsonPointer pointer = JsonPointer.compile(place);
    JsonNode parent = changed.at(pointer.head());
    switch (parent) {
      case ObjectNode fields when value.isEmpty() -> fields.remove(lastOf(pointer));
      case ObjectNode fields -> fields.set(lastOf(pointer), tree(value));
      case ArrayNode items when value.isEmpty() -> items.remove(pointer.last().getMatchingIndex());
      case ArrayNode items -> items.set(pointer.last().getMatchingIndex(), tree(value));
      default -> throw new AssertionError(object + " has no " + place);
    }
    return new Manifests(copies);
  }

  private static String lastOf(JsonPointer pointer) {
    return pointer.last().getMatchingProperty();
  }

  static String nameOf(JsonNode object) {
    return object.at("/metadata/name").asText();
  }

  /// Kind and name of an object.
  static String idOf(JsonNode object) {
    return object.path("kind").asText() + "/" + nameOf(object);
  }
}
