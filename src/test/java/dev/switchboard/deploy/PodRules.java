package dev.switchboard.deploy;

import static dev.switchboard.deploy.Workload.items;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// What a pod of a node must be like. Pure functions that list what is not.
final class PodRules {
  private static final int START_SECONDS_MIN = 120;
  private static final String INTERNAL = "internal";

  private PodRules() {}

  static List<String> probesAskTheNode(Manifests manifests) {
    JsonNode container = Workload.of(manifests).container();
    var faults = new ArrayList<String>();
    probe(faults, container, "startupProbe", "/live");
    probe(faults, container, "readinessProbe", "/ready");
    probe(faults, container, "livenessProbe", "/live");
    JsonNode startup = container.path("startupProbe");
    int seconds = startup.path("periodSeconds").asInt() * startup.path("failureThreshold").asInt();
    if (seconds < START_SECONDS_MIN) {
      faults.add("a node has " + seconds + " s to find the others");
    }
    return faults;
  }

  private static void probe(List<String> faults, JsonNode container, String name, String path) {
    JsonNode asked = container.path(name).path("httpGet");
    if (!asked.path("path").asText().equals(path)
        || !asked.path("port").asText().equals(INTERNAL)) {
      faults.add(name + " asks " + asked);
    }
  }

  static List<String> runsAsNobody(Manifests manifests) {
    Workload workload = Workload.of(manifests);
    JsonNode pod = workload.pod().path("securityContext");
    JsonNode container = workload.container().path("securityContext");
    var faults = new ArrayList<String>();
    expect(faults, pod.path("runAsNonRoot").asBoolean(), "runAsNonRoot");
    expect(faults, pod.path("runAsUser").asInt() >= 1000, "runAsUser");
    expect(faults, pod.path("fsGroup").equals(pod.path("runAsGroup")), "fsGroup");
    expect(
        faults, pod.at("/seccompProfile/type").asText().equals("RuntimeDefault"), "seccompProfile");
    expect(faults, container.path("readOnlyRootFilesystem").asBoolean(), "readOnlyRootFilesystem");
    JsonNode escalation = container.path("allowPrivilegeEscalation");
    expect(faults, escalation.isBoolean() && !escalation.asBoolean(), "allowPrivilegeEscalation");
    expect(
        faults,
        items(container.at("/capabilities/drop")).map(JsonNode::asText).toList().contains("ALL"),
        "capabilities");
    expect(faults, workload.volume("/tmp").filter(v -> v.has("emptyDir")).isPresent(), "/tmp");
    expect(
        faults,
        List.of("hostNetwork", "hostPID", "hostIPC").stream().noneMatch(workload.pod()::has),
        "the host's namespaces");
    return faults;
  }

  static List<String> noTokenIsMounted(Manifests manifests) {
    Workload workload = Workload.of(manifests);
    var faults = new ArrayList<String>();
    expect(faults, isFalse(workload.pod(), "automountServiceAccountToken"), "pod mounts a token");
    expect(faults, isFalse(workload.pod(), "enableServiceLinks"), "enableServiceLinks");
    String account = workload.pod().path("serviceAccountName").asText();
    boolean own =
        manifests
            .all("ServiceAccount")
            .filter(one -> Manifests.nameOf(one).equals(account))
            .anyMatch(one -> isFalse(one, "automountServiceAccountToken"));
    expect(faults, own, "service account " + account);
    return faults;
  }

  /// Of a certain version and no registry's: that is the operator's.
  static List<String> imageIsNamed(Manifests manifests) {
    String image = Workload.of(manifests).container().path("image").asText();
    return image.matches("switchboard:\\d+\\.\\d+\\.\\d+") ? List.of() : List.of("image " + image);
  }

  static List<String> resourcesAreBounded(Manifests manifests) {
    Workload workload = Workload.of(manifests);
    JsonNode requests = workload.container().at("/resources/requests");
    JsonNode limits = workload.container().at("/resources/limits");
    var faults = new ArrayList<String>();
    expect(faults, requests.has("cpu"), "no request for processors");
    // Being throttled breaks heartbeats, and then nodes take each other for lost.
    expect(faults, !limits.has("cpu"), "a limit of processors");
    expect(faults, requests.has("memory"), "no request for memory");
    expect(faults, requests.path("memory").equals(limits.path("memory")), "memory limit");
    expect(
        faults,
        workload
            .variable("JDK_JAVA_OPTIONS")
            .filter(v -> v.path("value").asText().contains("-XX:ActiveProcessorCount="))
            .isPresent(),
        "the JVM counts on all processors of the machine");
    return faults;
  }

  static List<String> podsAreSpread(Manifests manifests) {
    Set<String> keys =
        items(Workload.of(manifests).pod().path("topologySpreadConstraints"))
            .map(spread -> spread.path("topologyKey").asText())
            .collect(Collectors.toSet());
    var needed = Set.of("kubernetes.io/hostname", "topology.kubernetes.io/zone");
    return keys.equals(needed) ? List.of() : List.of("spread over " + keys);
  }

  private static boolean isFalse(JsonNode object, String field) {
    return object.has(field) && !object.path(field).asBoolean();
  }

  static void expect(List<String> faults, boolean holds, String what) {
    if (!holds) {
      faults.add(what);
    }
  }
}
