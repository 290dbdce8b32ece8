package dev.switchboard.config;

import dev.switchboard.config.GatewayConfig.Cluster;
import dev.switchboard.config.GatewayConfig.ClusterTls;
import dev.switchboard.config.Problems.Violation;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What must hold for the cluster. Pure functions that never show its key.
///
/// Whoever reaches the ports of a cluster owns it, so an address that other machines reach needs a
/// key, TLS, and the word of the operator for the port that can have neither.
final class ClusterRules {
  private static final int KEY_LENGTH_MIN = 16;
  // One lost beat, or two, is no reason to stop counting on a node.
  private static final int BEATS_OF_A_LEASE = 4;
  private static final List<String> TLS_KEYS =
      List.of("cluster.tls.certificate_file", "cluster.tls.key_file", "cluster.tls.ca_file");
  private static final Pattern MEMBER =
      Pattern.compile("([a-zA-Z0-9._-]+|\\[[0-9a-fA-F:.]+]):\\d{1,5}");

  private ClusterRules() {}

  static List<Violation> violations(GatewayConfig config) {
    Cluster cluster = config.cluster();
    var found = new ArrayList<Violation>();
    found.addAll(nameIsThere(cluster));
    found.addAll(membersArePlaces(cluster));
    found.addAll(tlsIsWhole(cluster.tls()));
    if (!cluster.enabled()) {
      return found;
    }
    found.addAll(loopsCanBeTold(config.node()));
    found.addAll(leaseOutlivesBeats(config));
    found.addAll(portsDiffer(cluster));
    found.addAll(membersCanBeFound(cluster));
    if (!GatewayConfig.isOnlyHere(cluster.host())) {
      found.addAll(hostIsOneAddress(cluster));
      found.addAll(keyIsThere(cluster));
      found.addAll(busIsEncrypted(cluster));
      found.addAll(openPortIsMeant(cluster));
    }
    return found;
  }

  private static List<Violation> nameIsThere(Cluster cluster) {
    return cluster.name().isBlank()
        ? List.of(Violation.of("cluster.name", "is empty; allowed is a name"))
        : List.of();
  }

  private static List<Violation> membersArePlaces(Cluster cluster) {
    return cluster.members().stream()
        .filter(member -> !MEMBER.matcher(member).matches())
        .map(
            member ->
                Violation.of(
                    "cluster.members", "contains \"%s\"; allowed is host:port".formatted(member)))
        .toList();
  }

  private static List<Violation> tlsIsWhole(ClusterTls tls) {
    long named =
        Stream.of(tls.certificateFile(), tls.keyFile(), tls.caFile())
            .filter(file -> !file.isEmpty())
            .count();
    return named == 0 || named == TLS_KEYS.size()
        ? List.of()
        : List.of(
            new Violation(
                TLS_KEYS,
                "%s must be named together; %d of them %s empty"
                    .formatted(
                        String.join(", ", TLS_KEYS),
                        TLS_KEYS.size() - named,
                        named == 2 ? "is" : "are")));
  }

  private static List<Violation> loopsCanBeTold(NodeConfig node) {
    return node.eventLoops() <= GatewayConfig.CLUSTER_LOOPS_MAX
        ? List.of()
        : List.of(
            new Violation(
                List.of("node.event_loops", "cluster.enabled"),
                "node.event_loops is %d; allowed in a cluster is at most %d, or more nodes"
                    .formatted(node.eventLoops(), GatewayConfig.CLUSTER_LOOPS_MAX)));
  }

  private static List<Violation> leaseOutlivesBeats(GatewayConfig config) {
    Duration lease = config.link().lease();
    Duration beat = config.heartbeat().interval();
    return lease.compareTo(beat.multipliedBy(BEATS_OF_A_LEASE)) >= 0
        ? List.of()
        : List.of(
            new Violation(
                List.of("link.lease", "heartbeat.interval", "cluster.enabled"),
                "link.lease is %s; allowed is at least %d times heartbeat.interval, which is %s"
                    .formatted(
                        ValueText.print("link.lease", lease),
                        BEATS_OF_A_LEASE,
                        ValueText.print("heartbeat.interval", beat))));
  }

  private static List<Violation> portsDiffer(Cluster cluster) {
    return cluster.port() == 0 || cluster.port() != cluster.busPort()
        ? List.of()
        : List.of(
            new Violation(
                List.of("cluster.port", "cluster.bus_port"),
                "cluster.port and cluster.bus_port are both %d; allowed are two ports"
                    .formatted(cluster.port())));
  }

  private static List<Violation> membersCanBeFound(Cluster cluster) {
    var keys = List.of("cluster.members", "cluster.kubernetes_service", "cluster.host");
    boolean named = !cluster.members().isEmpty();
    boolean inKubernetes = !cluster.kubernetesService().isEmpty();
    if (named && inKubernetes) {
      return List.of(
          new Violation(
              keys,
              "cluster.members and cluster.kubernetes_service are both set; allowed is one of"
                  + " them"));
    }
    if (inKubernetes && cluster.port() == 0) {
      return List.of(
          new Violation(
              List.of("cluster.port", "cluster.kubernetes_service"),
              "cluster.port is 0; with cluster.kubernetes_service all nodes need the same port"));
    }
    return named || inKubernetes || GatewayConfig.isOnlyHere(cluster.host())
        ? List.of()
        : List.of(
            new Violation(
                keys,
                "cluster.members and cluster.kubernetes_service are empty, so no other node would"
                    + " be found; set one of them"));
  }

  private static List<Violation> hostIsOneAddress(Cluster cluster) {
    return isWildcard(cluster.host())
        ? List.of(
            Violation.of(
                "cluster.host",
                "is %s; allowed is the one address at which other nodes reach this one"
                    .formatted(cluster.host())))
        : List.of();
  }

  private static boolean isWildcard(String host) {
    try {
      return InetAddress.ofLiteral(host).isAnyLocalAddress();
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  private static List<Violation> keyIsThere(Cluster cluster) {
    int length = cluster.key().reveal().length();
    return length >= KEY_LENGTH_MIN
        ? List.of()
        : List.of(
            new Violation(
                List.of("cluster.key", "cluster.host", "cluster.enabled"),
                "cluster.key is %s, and other machines reach cluster.host, %s; make a key with"
                        .formatted(length == 0 ? "empty" : "too short", cluster.host())
                    + " `openssl rand -hex 32` and set it on every node"));
  }

  private static List<Violation> busIsEncrypted(Cluster cluster) {
    return cluster.tls().enabled()
        ? List.of()
        : List.of(
            new Violation(
                Stream.concat(TLS_KEYS.stream(), Stream.of("cluster.host", "cluster.enabled"))
                    .toList(),
                "cluster.tls.certificate_file is empty, and other machines reach cluster.host, %s;"
                        .formatted(cluster.host())
                    + " set cluster.tls.certificate_file, key_file and ca_file, with a CA that"
                    + " signs nodes only"));
  }

  private static List<Violation> openPortIsMeant(Cluster cluster) {
    return cluster.allowInsecure()
        ? List.of()
        : List.of(
            new Violation(
                List.of("cluster.allow_insecure", "cluster.host", "cluster.enabled"),
                "cluster.allow_insecure is false, and other machines reach cluster.host, %s; where"
                        .formatted(cluster.host())
                    + " only nodes reach cluster.port, by firewall or NetworkPolicy, set it to"
                    + " true: Hazelcast has neither TLS nor authentication there"));
  }
}
