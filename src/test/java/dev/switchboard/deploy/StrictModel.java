package dev.switchboard.deploy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The fields and types of the Kubernetes API, from classes that are generated from its schema.
///
/// Those classes keep what they do not know in a map, `additionalProperties`, as Kubernetes itself
/// keeps quiet about it unless asked to be strict. So a misspelt field is one that ends up there.
/// They are named by text: at compile time they would want annotations that nobody needs here.
final class StrictModel {
  private static final String MODEL = "io.fabric8.";
  private static final String UNKNOWN = "additionalProperties";

  private static final Map<String, String> CLASSES =
      Map.ofEntries(
          Map.entry("v1 ServiceAccount", "kubernetes.api.model.ServiceAccount"),
          Map.entry("v1 ConfigMap", "kubernetes.api.model.ConfigMap"),
          Map.entry("v1 Secret", "kubernetes.api.model.Secret"),
          Map.entry("v1 Service", "kubernetes.api.model.Service"),
          Map.entry("apps/v1 StatefulSet", "kubernetes.api.model.apps.StatefulSet"),
          Map.entry(
              "policy/v1 PodDisruptionBudget",
              "kubernetes.api.model.policy.v1.PodDisruptionBudget"),
          Map.entry(
              "autoscaling/v2 HorizontalPodAutoscaler",
              "kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler"),
          Map.entry(
              "networking.k8s.io/v1 NetworkPolicy",
              "kubernetes.api.model.networking.v1.NetworkPolicy"),
          Map.entry("networking.k8s.io/v1 Ingress", "kubernetes.api.model.networking.v1.Ingress"),
          Map.entry(
              "gateway.networking.k8s.io/v1 Gateway", "kubernetes.api.model.gatewayapi.v1.Gateway"),
          Map.entry(
              "gateway.networking.k8s.io/v1 HTTPRoute",
              "kubernetes.api.model.gatewayapi.v1.HTTPRoute"),
          Map.entry(
              "monitoring.coreos.com/v1 ServiceMonitor",
              "openshift.api.model.monitoring.v1.ServiceMonitor"),
          Map.entry(
              "monitoring.coreos.com/v1 PrometheusRule",
              "openshift.api.model.monitoring.v1.PrometheusRule"));

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .withCoercionConfig(
              LogicalType.Textual,
              config ->
                  config
                      .setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                      .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                      .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
          .build();

  private StrictModel() {}

  /// What the API server would not know, or take for another type.
  static List<String> faults(Manifests manifests) {
    var faults = new ArrayList<String>();
    for (JsonNode object : manifests.objects()) {
      String id = Manifests.idOf(object);
      String type = object.path("apiVersion").asText() + " " + object.path("kind").asText();
      if (CLASSES.containsKey(type)) {
        faults.addAll(faults(id, object, CLASSES.get(type)));
      } else {
        faults.add(id + " is a " + type + ", which is not known here");
      }
    }
    return faults;
  }

  private static List<String> faults(String id, JsonNode object, String type) {
    var faults = new ArrayList<String>();
    try {
      collect(id, MAPPER.treeToValue(object, Class.forName(MODEL + type)), faults);
    } catch (JsonProcessingException misfit) {
      faults.add(id + ": " + misfit.getOriginalMessage());
    } catch (ReflectiveOperationException missing) {
      throw new AssertionError(missing);
    }
    return faults;
  }

  private static void collect(String path, Object value, List<String> faults)
      throws ReflectiveOperationException {
    switch (value) {
      case List<?> items -> {
        for (int i = 0; i < items.size(); i++) {
          collect(path + "/" + i, items.get(i), faults);
        }
      }
      case Map<?, ?> entries -> {
        for (var entry : entries.entrySet()) {
          collect(path + "/" + entry.getKey(), entry.getValue(), faults);
        }
      }
      case null -> {}
      default -> {
        if (value.getClass().getName().startsWith(MODEL) && !value.getClass().isEnum()) {
          fields(path, value, faults);
        }
      }
    }
  }

  private static void fields(String path, Object value, List<String> faults)
      throws ReflectiveOperationException {
    for (Class<?> type = value.getClass(); type != Object.class; type = type.getSuperclass()) {
      for (Field field : type.getDeclaredFields()) {
        if (!Modifier.isStatic(field.getModifiers())) {
          field.setAccessible(true);
          Object held = field.get(value);
          if (field.getName().equals(UNKNOWN)) {
            unknown(path, (Map<?, ?>) held, faults);
          } else {
            collect(path + "/" + field.getName(), held, faults);
          }
        }
      }
    }
  }

  private static void unknown(String path, Map<?, ?> unknown, List<String> faults) {
    if (unknown != null) {
      unknown.keySet().forEach(key -> faults.add(path + " has no field " + key));
    }
  }
}
