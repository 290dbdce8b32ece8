package dev.switchboard.deploy;

import static dev.switchboard.deploy.Workload.items;

import com.fasterxml.jackson.databind.JsonNode;
import dev.switchboard.config.ConfigException;
import dev.switchboard.config.GatewayConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/// Whether what objects say of each other is true. Pure functions that list what is not.
final class Wiring {
  private static final String LABELS = "/spec/selector/matchLabels";

  private Wiring() {}

  static List<String> selectorsMatch(Manifests manifests) {
    var workload = Workload.of(manifests);
    var faults = new ArrayList<String>();
    check(faults, workload, workload.set(), LABELS);
    manifests.all("Service").forEach(one -> check(faults, workload, one, "/spec/selector"));
    manifests.all("PodDisruptionBudget").forEach(one -> check(faults, workload, one, LABELS));
    manifests
        .all("NetworkPolicy")
        .forEach(one -> check(faults, workload, one, "/spec/podSelector/matchLabels"));
    items(workload.pod().path("topologySpreadConstraints"))
        .filter(spread -> isWrong(workload, spread.at("/labelSelector/matchLabels")))
        .forEach(spread -> faults.add(spread.path("topologyKey") + " spreads other pods"));
    manifests
        .all("ServiceMonitor")
        .filter(monitor -> monitored(manifests, monitor).isEmpty())
        .forEach(monitor -> faults.add(Manifests.idOf(monitor) + " selects no service"));
    return faults;
  }

  private static void check(List<String> faults, Workload workload, JsonNode object, String place) {
    if (isWrong(workload, object.at(place))) {
      faults.add(Manifests.idOf(object) + " selects no node at " + place);
    }
  }

  private static boolean isWrong(Workload workload, JsonNode labels) {
    return labels.isEmpty() || !workload.isSelectedBy(labels);
  }

  private static List<JsonNode> monitored(Manifests manifests, JsonNode monitor) {
    Map<String, String> wanted = Workload.texts(monitor.at(LABELS));
    return manifests
        .all("Service")
        .filter(
            service ->
                Workload.texts(service.at("/metadata/labels"))
                    .entrySet()
                    .containsAll(wanted.entrySet()))
        .toList();
  }

  static List<String> portsExist(Manifests manifests) {
    var workload = Workload.of(manifests);
    var faults = new ArrayList<String>();
    manifests
        .all("Service")
        .forEach(
            service ->
                items(service.at("/spec/ports"))
                    .map(port -> port.path("targetPort").asText())
                    .filter(target -> workload.port(target).isEmpty())
                    .forEach(target -> faults.add(Manifests.idOf(service) + ": no " + target)));
    manifests
        .all("ServiceMonitor")
        .forEach(monitor -> faults.addAll(endpoints(manifests, monitor)));
    backends(manifests)
        .filter(backend -> !serves(manifests, backend))
        .forEach(backend -> faults.add("no service is " + backend));
    return faults;
  }

  private static List<String> endpoints(Manifests manifests, JsonNode monitor) {
    List<String> names =
        monitored(manifests, monitor).stream()
            .flatMap(service -> items(service.at("/spec/ports")))
            .map(port -> port.path("name").asText())
            .toList();
    return items(monitor.at("/spec/endpoints"))
        .map(endpoint -> endpoint.path("port").asText())
        .filter(port -> !names.contains(port))
        .map(port -> Manifests.idOf(monitor) + ": no port " + port)
        .toList();
  }

  /// Where routes and ingresses lead, each as `{name, port}`, a number or a name.
  private static Stream<JsonNode> backends(Manifests manifests) {
    Stream<JsonNode> routed =
        manifests
            .all("HTTPRoute")
            .flatMap(route -> items(route.at("/spec/rules")))
            .flatMap(rule -> items(rule.path("backendRefs")));
    Stream<JsonNode> entered =
        manifests
            .all("Ingress")
            .flatMap(ingress -> items(ingress.at("/spec/rules")))
            .flatMap(rule -> items(rule.at("/http/paths")))
            .map(path -> path.at("/backend/service"));
    return Stream.concat(routed, entered);
  }

  /// Only the port of clients may be reached from outside.
  private static boolean serves(Manifests manifests, JsonNode backend) {
    JsonNode port = backend.path("port");
    return manifests
        .all("Service")
        .filter(service -> service.at("/metadata/name").equals(backend.path("name")))
        .flatMap(service -> items(service.at("/spec/ports")))
        .filter(one -> one.path("targetPort").asText().equals("client"))
        .anyMatch(
            one ->
                port.isNumber()
                    ? one.path("port").equals(port)
                    : one.path("name").equals(port.path("name")));
  }

  static List<String> configurationIsGood(Manifests manifests) {
    GatewayConfig config;
    try {
      config = DeployedConfig.load(manifests);
    } catch (ConfigException wrong) {
      return List.of(wrong.getMessage());
    }
    var workload = Workload.of(manifests);
    var faults = new ArrayList<String>();
    var ports =
        Set.of(
            config.http().port(),
            config.internal().port(),
            config.cluster().port(),
            config.cluster().busPort());
    if (!workload.ports().equals(ports)) {
      faults.add("the pod has the ports " + workload.ports() + ", the node " + ports);
    }
    if (GatewayConfig.isOnlyHere(config.internal().host())) {
      faults.add("internal.host is this machine, so no probe reaches it");
    }
    if (!items(workload.container().path("args"))
        .map(JsonNode::asText)
        .toList()
        .equals(List.of("serve", "--config", DeployedConfig.FOLDER + "/switchboard.yaml"))) {
      faults.add("the arguments name another file");
    }
    faults.addAll(filesAreThere(config, workload));
    return faults;
  }

  private static List<String> filesAreThere(GatewayConfig config, Workload workload) {
    var tls = config.cluster().tls();
    return Stream.of(tls.certificateFile(), tls.keyFile(), tls.caFile())
        .filter(file -> !file.isEmpty())
        .map(file -> file.substring(0, file.lastIndexOf('/')))
        .distinct()
        .filter(folder -> workload.volume(folder).filter(v -> v.has("secret")).isEmpty())
        .map(folder -> "no Secret is mounted at " + folder)
        .toList();
  }

  /// A Secret that is made here has all that is asked of it; another is not known.
  static List<String> secretsAreWhole(Manifests manifests) {
    var faults = new TreeSet<String>();
    for (JsonNode variable : Workload.of(manifests).container().path("env")) {
      JsonNode reference = variable.at("/valueFrom/secretKeyRef");
      manifests
          .all("Secret")
          .filter(secret -> !secret.at("/metadata/name").equals(reference.path("name")))
          .filter(_ -> !reference.isMissingNode())
          .forEach(secret -> faults.add(Manifests.idOf(secret) + " is used by nobody"));
      manifests
          .all("Secret")
          .filter(secret -> secret.at("/metadata/name").equals(reference.path("name")))
          .filter(secret -> !secret.path("data").has(reference.path("key").asText()))
          .forEach(_ -> faults.add("the Secret has no " + reference.path("key")));
      if (variable.path("value").asText().matches(".{0,3}[0-9a-f]{32,}.*")) {
        faults.add(variable.path("name") + " looks like a secret in the open");
      }
    }
    return List.copyOf(faults);
  }
}
