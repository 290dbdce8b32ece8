package dev.switchboard.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/// The pods of the nodes, as a StatefulSet describes them.
record Workload(JsonNode set) {
  static Workload of(Manifests manifests) {
    return new Workload(manifests.the("StatefulSet"));
  }

  JsonNode spec() {
    return set.path("spec");
  }

  JsonNode pod() {
    return set.at("/spec/template/spec");
  }

  JsonNode container() {
    return pod().at("/containers/0");
  }

  Map<String, String> labels() {
    return texts(set.at("/spec/template/metadata/labels"));
  }

  /// Whether a selector takes these pods; an empty one takes all.
  boolean isSelectedBy(JsonNode matchLabels) {
    return labels().entrySet().containsAll(texts(matchLabels).entrySet());
  }

  Optional<JsonNode> port(String name) {
    return items(container().path("ports"))
        .filter(port -> port.path("name").asText().equals(name))
        .findFirst();
  }

  Set<Integer> ports() {
    return items(container().path("ports"))
        .map(port -> port.path("containerPort").asInt())
        .collect(Collectors.toSet());
  }

  Optional<JsonNode> variable(String name) {
    return items(container().path("env"))
        .filter(variable -> variable.path("name").asText().equals(name))
        .findFirst();
  }

  Optional<JsonNode> mount(String path) {
    return items(container().path("volumeMounts"))
        .filter(mount -> mount.path("mountPath").asText().equals(path))
        .findFirst();
  }

  /// What is mounted at a path.
  Optional<JsonNode> volume(String path) {
    return mount(path)
        .flatMap(
            mount ->
                items(pod().path("volumes"))
                    .filter(volume -> volume.path("name").equals(mount.path("name")))
                    .findFirst());
  }

  static Stream<JsonNode> items(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false);
  }

  static Map<String, String> texts(JsonNode fields) {
    var texts = new HashMap<String, String>();
    fields.properties().forEach(field -> texts.put(field.getKey(), field.getValue().asText()));
    return texts;
  }
}
