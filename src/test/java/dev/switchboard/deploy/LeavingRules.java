package dev.switchboard.deploy;

import static dev.switchboard.deploy.PodRules.expect;
import static dev.switchboard.deploy.Workload.items;

import com.fasterxml.jackson.databind.JsonNode;
import dev.switchboard.config.GatewayConfig;
import dev.switchboard.testkit.ProjectFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// How nodes come and go. Pure functions that list what is wrong.
final class LeavingRules {
  /// What `dev.switchboard.Shutdown` allows beside the drain; then the process gives up.
  static final int STOP_SECONDS = 30;

  private static final double FULL = 0.8;
  private static final Path METRICS = Path.of("src/docs/operating.md");

  private LeavingRules() {}

  static List<String> graceCoversTheDrain(Manifests manifests) {
    Workload workload = Workload.of(manifests);
    int pause = workload.container().at("/lifecycle/preStop/sleep/seconds").asInt();
    long drain = DeployedConfig.of(manifests).node().drainPeriod().toSeconds();
    int grace = workload.pod().path("terminationGracePeriodSeconds").asInt();
    var faults = new ArrayList<String>();
    expect(faults, pause > 0, "balancers do not hear of it before the node turns clients away");
    expect(
        faults,
        grace > pause + drain + STOP_SECONDS,
        "a grace of %d s for %d + %d + %d s".formatted(grace, pause, drain, STOP_SECONDS));
    return faults;
  }

  static List<String> oneLeavesAtATime(Manifests manifests) {
    Workload workload = Workload.of(manifests);
    var faults = new ArrayList<String>();
    expect(
        faults,
        workload.spec().path("podManagementPolicy").asText().equals("OrderedReady"),
        "pods come together, and may found a cluster each");
    JsonNode strategy = workload.spec().path("updateStrategy");
    expect(faults, strategy.path("type").asText().equals("RollingUpdate"), "no roll");
    expect(faults, !strategy.has("rollingUpdate"), "a roll of " + strategy);
    expect(faults, workload.spec().path("minReadySeconds").asInt() >= 10, "minReadySeconds");
    JsonNode budget = manifests.the("PodDisruptionBudget").path("spec");
    expect(faults, budget.path("maxUnavailable").asInt() == 1, "evictions of more than one");
    expect(
        faults,
        budget.path("unhealthyPodEvictionPolicy").asText().equals("AlwaysAllow"),
        "a node that is not ready stops the drain of its machine");
    return faults;
  }

  /// Where there is a cluster, one node may be away and the rest is still enough.
  static List<String> enoughStay(Manifests manifests) {
    var cluster = DeployedConfig.of(manifests).cluster();
    int away = manifests.the("PodDisruptionBudget").at("/spec/maxUnavailable").asInt();
    int nodes = nodes(manifests);
    var faults = new ArrayList<String>();
    if (cluster.enabled()) {
      expect(faults, nodes - away >= cluster.membersMin(), nodes + " nodes, " + away + " away");
      expect(faults, 2 * (nodes - away) > nodes, "no majority of " + nodes + " stays");
    } else {
      expect(faults, nodes == 1, nodes + " nodes without a cluster");
    }
    return faults;
  }

  private static int nodes(Manifests manifests) {
    return manifests
        .all("HorizontalPodAutoscaler")
        .map(scaler -> scaler.at("/spec/minReplicas").asInt())
        .findFirst()
        .orElseGet(() -> Workload.of(manifests).spec().path("replicas").asInt());
  }

  static List<String> scalingFits(Manifests manifests) {
    var faults = new ArrayList<String>();
    manifests
        .all("HorizontalPodAutoscaler")
        .map(scaler -> scaler.path("spec"))
        .forEach(
            scaler -> {
              aim(faults, manifests, scaler);
              shrink(faults, manifests, scaler);
              metrics(faults, DeployedConfig.of(manifests), scaler);
            });
    return faults;
  }

  private static void aim(List<String> faults, Manifests manifests, JsonNode scaler) {
    Workload workload = Workload.of(manifests);
    JsonNode target = scaler.path("scaleTargetRef");
    for (String field : List.of("apiVersion", "kind")) {
      expect(faults, target.path(field).equals(workload.set().path(field)), "scales " + target);
    }
    expect(
        faults,
        target.path("name").equals(workload.set().at("/metadata/name")),
        "scales another one");
    expect(faults, !workload.spec().has("replicas"), "replicas undo what the autoscaler does");
    expect(
        faults,
        scaler.path("maxReplicas").asInt() > scaler.path("minReplicas").asInt(),
        "nothing to scale");
  }

  /// One at a time, and the next only when the one before can have left.
  private static void shrink(List<String> faults, Manifests manifests, JsonNode scaler) {
    JsonNode down = scaler.at("/behavior/scaleDown");
    int grace = Workload.of(manifests).pod().path("terminationGracePeriodSeconds").asInt();
    boolean slow =
        items(down.path("policies"))
            .allMatch(
                policy ->
                    policy.path("type").asText().equals("Pods")
                        && policy.path("value").asInt() == 1
                        && policy.path("periodSeconds").asInt() >= grace);
    expect(faults, slow && down.has("policies"), "it shrinks by " + down.path("policies"));
    expect(
        faults,
        down.path("stabilizationWindowSeconds").asInt() >= 600,
        "it shrinks after a short time of less");
  }

  private static void metrics(List<String> faults, GatewayConfig config, JsonNode scaler) {
    String page = ProjectFiles.text(METRICS);
    for (JsonNode metric : scaler.path("metrics")) {
      String name = metric.at("/pods/metric/name").asText();
      expect(faults, page.contains("| `" + name + "` |"), "there is no metric " + name);
      if (name.equals("switchboard_connections")) {
        int wanted = metric.at("/pods/target/averageValue").asInt();
        int full = config.node().connectionsMax();
        expect(
            faults,
            full > 0 && wanted <= full * FULL,
            "%d connections of %d are wanted".formatted(wanted, full));
      }
    }
    expect(faults, scaler.path("metrics").size() == 2, "connections and loop lag");
  }
}
