package dev.switchboard.schema;

import dev.switchboard.schema.UnfitException.Reason;
import java.nio.file.Path;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/// The schemas of a node, by what namespaces call them: `chat@2`. Safe on any thread.
public final class Schemas {
  private final Map<String, PayloadSchema> schemas;
  private final Limits limits;
  private final Map<Reason, LongAdder> refusals = new EnumMap<>(Reason.class);
  // Kept, as a registry of meters holds on to them only weakly.
  private final Map<String, LongSupplier> counts = new LinkedHashMap<>();

  /// What one payload may cost.
  ///
  /// @param payloadBytesMax `schemas.payload_bytes_max`
  /// @param stepsMax `schemas.steps_max`
  public record Limits(int payloadBytesMax, int stepsMax) {}

  private Schemas(Map<String, PayloadSchema> schemas, Limits limits) {
    this.schemas = Map.copyOf(schemas);
    this.limits = limits;
    for (Reason reason : Reason.values()) {
      var count = new LongAdder();
      refusals.put(reason, count);
      counts.put(reason.name().toLowerCase(Locale.ROOT), count::sum);
    }
  }

  /// None at all.
  public static Schemas none() {
    return new Schemas(Map.of(), new Limits(0, 0));
  }

  /// Reads all schemas.
  ///
  /// @param files by what namespaces call them
  public static Schemas read(Map<String, Path> files, Limits limits) throws BadSchemaException {
    Map<String, PayloadSchema> schemas = new HashMap<>();
    for (var file : files.entrySet()) {
      schemas.put(file.getKey(), PayloadSchema.read(file.getKey(), file.getValue()));
    }
    return new Schemas(schemas, limits);
  }

  /// Whether a file can be used as a schema.
  ///
  /// @throws BadSchemaException when it cannot, and why
  public static void require(Path file) throws BadSchemaException {
    PayloadSchema.read("", file);
  }

  /// Holds a payload against a schema.
  ///
  /// @param name of one of the schemas; empty when there is nothing to hold it against
  /// @throws UnfitException when it must not be published
  public void check(String name, byte[] payload) throws UnfitException {
    if (!name.isEmpty()) {
      try {
        schemas.get(name).check(payload, limits);
      } catch (UnfitException unfit) {
        refusals.get(unfit.reason()).increment();
        throw unfit;
      }
    }
  }

  /// How many payloads were refused, by reason.
  public Map<String, LongSupplier> refusals() {
    return Collections.unmodifiableMap(counts);
  }
}
