package dev.switchboard.deploy;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.TemplateCommand;
import dev.switchboard.testkit.Program;
import dev.switchboard.testkit.ProjectFiles;
import dev.switchboard.testkit.Requirement;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// What can be deployed, and how it is rendered.
enum Rendering {
  BASE,
  DEV,
  PRODUCTION,
  /// Production with all components.
  EVERYTHING,
  CHART,
  /// The chart with all that is off by default.
  CHART_WITH_ALL;

  private static final String CHART_SOURCE = "k8s/helm/switchboard";
  private static final Path CHART_COPY = Path.of("target", "helm", "switchboard");
  private static final Path BUILT = Path.of("target", "kustomize");
  private static final Duration LIMIT = Duration.ofMinutes(1);
  private static final Map<Rendering, Manifests> RENDERED = new ConcurrentHashMap<>();

  /// The objects; rendered once for all tests.
  Manifests manifests() {
    Manifests known = RENDERED.get(this);
    if (known != null) {
      return known;
    }
    Manifests rendered = Manifests.parse(render());
    RENDERED.put(this, rendered);
    return rendered;
  }

  private String render() {
    return switch (this) {
      case BASE -> kustomize(Path.of("k8s", "base"));
      case DEV -> kustomize(Path.of("k8s", "overlays", "dev"));
      case PRODUCTION -> kustomize(Path.of("k8s", "overlays", "production"));
      case EVERYTHING -> kustomize(everything());
      case CHART -> chart().call();
      case CHART_WITH_ALL ->
          chart()
              .set("serviceMonitor.enabled", true)
              .set("prometheusRule.enabled", true)
              .set("gateway.enabled", true)
              .set("gateway.requestTimeout", "0s")
              .call();
    };
  }

  /// The chart as a release that is named like it.
  static TemplateCommand chart() {
    return helm().template().withName("switchboard").withNamespace("default");
  }

  /// Helm on a copy of the chart that says nothing of the version of Kubernetes: the packed Helm
  /// takes itself for 1.20, and cannot be told otherwise.
  static Helm helm() {
    Requirement.helm();
    for (Path file : ProjectFiles.files(CHART_SOURCE)) {
      Path copy = CHART_COPY.resolve(Path.of(CHART_SOURCE).relativize(file));
      try {
        Files.createDirectories(copy.getParent());
        Files.writeString(copy, ProjectFiles.text(file).replaceAll("(?m)^kubeVersion: .*\n", ""));
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      }
    }
    return new Helm(CHART_COPY);
  }

  private String kustomize(Path folder) {
    String name = "kustomize-" + name().toLowerCase(Locale.ROOT);
    var command = List.of(Requirement.kubectl().toString(), "kustomize", folder.toString());
    try (var program = Program.start(name, command, Map.of())) {
      return program.succeed(LIMIT);
    }
  }

  private static Path everything() {
    try {
      Path folder = Files.createDirectories(BUILT);
      Files.writeString(
          folder.resolve("kustomization.yaml"),
          """
          apiVersion: kustomize.config.k8s.io/v1beta1
          kind: Kustomization
          resources:
            - ../../k8s/overlays/production
          components:
            - ../../k8s/components/monitoring
            - ../../k8s/components/gateway-api
            - ../../k8s/components/no-route-timeout
            - ../../k8s/components/haproxy-ingress
          """);
      return folder;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
