package dev.switchboard.deploy;

import static dev.switchboard.deploy.PodRules.expect;
import static dev.switchboard.deploy.Workload.items;

import com.fasterxml.jackson.databind.JsonNode;
import dev.switchboard.config.GatewayConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Who reaches what. Pure functions that list what is wrong.
final class AccessRules {
  private static final int DNS = 53;
  private static final String SERVICE_VARIABLE = "SWITCHBOARD_CLUSTER__KUBERNETES_SERVICE";

  private AccessRules() {}

  /// Hazelcast has neither TLS nor authentication: only nodes may reach its port, and the bus.
  static List<String> clusterPortsAreClosed(Manifests manifests) {
    GatewayConfig config = DeployedConfig.of(manifests);
    var faults = new ArrayList<String>();
    expect(faults, isIsolated(manifests, "Ingress"), "no policy stops who is not named");
    for (int port : List.of(config.cluster().port(), config.cluster().busPort())) {
      List<JsonNode> doors = doors(manifests, port, "Ingress").toList();
      expect(faults, !doors.isEmpty(), "nodes do not reach " + port);
      doors.stream()
          .filter(rule -> !isOnlyNodes(manifests, rule.path("from")))
          .forEach(rule -> faults.add(port + " is open to " + rule.path("from")));
    }
    return faults;
  }

  static List<String> internalPortIsClosed(Manifests manifests) {
    int port = DeployedConfig.of(manifests).internal().port();
    var faults = new ArrayList<String>();
    List<JsonNode> doors = doors(manifests, port, "Ingress").toList();
    expect(faults, !doors.isEmpty(), "nobody reaches " + port);
    for (JsonNode rule : doors) {
      JsonNode from = rule.path("from");
      boolean named =
          !from.isEmpty()
              && items(from)
                  .allMatch(
                      peer ->
                          !peer.at("/podSelector/matchLabels").isEmpty()
                              || !peer.at("/namespaceSelector/matchLabels").isEmpty());
      expect(faults, named, port + " is open to " + from);
    }
    return faults;
  }

  static List<String> neededPortsAreOpen(Manifests manifests) {
    GatewayConfig config = DeployedConfig.of(manifests);
    var faults = new ArrayList<String>();
    expect(
        faults,
        doors(manifests, config.http().port(), "Ingress").findAny().isPresent(),
        "clients are not let in");
    expect(faults, isIsolated(manifests, "Egress"), "nodes may call anybody");
    expect(faults, doors(manifests, DNS, "Egress").findAny().isPresent(), "nodes ask no DNS");
    for (int port : List.of(config.cluster().port(), config.cluster().busPort())) {
      expect(
          faults,
          doors(manifests, port, "Egress")
              .anyMatch(rule -> isOnlyNodes(manifests, rule.path("to"))),
          "nodes may not call nodes at " + port);
    }
    return faults;
  }

  private static boolean isIsolated(Manifests manifests, String type) {
    return manifests
        .all("NetworkPolicy")
        .filter(policy -> selectsNodes(manifests, policy))
        .anyMatch(policy -> hasType(policy, type) && !policy.path("spec").has(rules(type)));
  }

  /// Rules of policies of the nodes that let that port through.
  private static Stream<JsonNode> doors(Manifests manifests, int port, String type) {
    return manifests
        .all("NetworkPolicy")
        .filter(policy -> selectsNodes(manifests, policy) && hasType(policy, type))
        .flatMap(policy -> items(policy.path("spec").path(rules(type))))
        .filter(rule -> opens(rule, port));
  }

  private static String rules(String type) {
    return type.equals("Ingress") ? "ingress" : "egress";
  }

  private static boolean hasType(JsonNode policy, String type) {
    return items(policy.at("/spec/policyTypes")).anyMatch(one -> one.asText().equals(type));
  }

  private static boolean selectsNodes(Manifests manifests, JsonNode policy) {
    return Workload.of(manifests).isSelectedBy(policy.at("/spec/podSelector/matchLabels"));
  }

  /// A rule without ports opens all of them, and so does a port without a number.
  private static boolean opens(JsonNode rule, int port) {
    JsonNode ports = rule.path("ports");
    return ports.isEmpty()
        || items(ports)
            .anyMatch(
                one -> {
                  int first = one.path("port").asInt();
                  int last = one.path("endPort").asInt(first);
                  return !one.path("port").isNumber() || first <= port && port <= last;
                });
  }

  private static boolean isOnlyNodes(Manifests manifests, JsonNode peers) {
    JsonNode nodes = Workload.of(manifests).spec().at("/selector/matchLabels");
    return !peers.isEmpty()
        && items(peers)
            .allMatch(
                peer -> peer.size() == 1 && peer.at("/podSelector/matchLabels").equals(nodes));
  }

  /// Nodes find each other before they are ready, under the name they look for.
  static List<String> nodesFindEachOther(Manifests manifests) {
    String name = Workload.of(manifests).spec().path("serviceName").asText();
    String looked = DeployedConfig.environment(manifests).get(SERVICE_VARIABLE);
    var faults = new ArrayList<String>();
    expect(faults, (name + ".default.svc").equals(looked), "nodes look for " + looked);
    List<JsonNode> services =
        manifests.all("Service").filter(one -> Manifests.nameOf(one).equals(name)).toList();
    expect(faults, services.size() == 1, "there is no service " + name);
    for (JsonNode service : services) {
      expect(faults, service.at("/spec/clusterIP").asText().equals("None"), "it is not headless");
      expect(
          faults,
          service.at("/spec/publishNotReadyAddresses").asBoolean(),
          "nodes that start do not see each other");
    }
    return faults;
  }

  /// Any node serves any client: one that a node sent away must not come back to it.
  static List<String> clientsAreNotPinned(Manifests manifests) {
    var faults = new ArrayList<String>();
    manifests
        .all("Service")
        .filter(one -> !one.at("/spec/sessionAffinity").asText("None").equals("None"))
        .forEach(one -> faults.add(Manifests.idOf(one) + " pins clients"));
    List<JsonNode> forClients =
        manifests
            .all("Service")
            .filter(
                one ->
                    items(one.at("/spec/ports"))
                        .anyMatch(port -> port.path("targetPort").asText().equals("client")))
            .toList();
    expect(faults, forClients.size() == 1, "services for clients: " + forClients.size());
    forClients.stream()
        .filter(one -> one.at("/spec/ports").size() != 1)
        .forEach(one -> faults.add(Manifests.idOf(one) + " has ports that are not for clients"));
    forClients.stream()
        .flatMap(one -> items(one.at("/spec/ports")))
        .filter(port -> !port.path("appProtocol").asText().equals("kubernetes.io/ws"))
        .forEach(_ -> faults.add("gateways do not know that it is for WebSocket"));
    return faults;
  }
}
