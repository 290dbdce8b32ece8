package dev.switchboard.schema;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NumericNode;
import com.networknt.schema.Error;
import com.networknt.schema.FailFastAssertionException;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaException;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.dialect.Dialect;
import com.networknt.schema.dialect.Dialects;
import com.networknt.schema.resource.SchemaLoader;
import dev.switchboard.protocol.Json;
import dev.switchboard.schema.UnfitException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/// One schema of payloads, compiled. Immutable, safe on any thread.
final class PayloadSchema {
  private static final Dialect DRAFT = Dialects.getDraft202012();

  /// What holds a value and no schema, whatever is in it.
  private static final Set<String> VALUES = Set.of("const", "default", "enum", "examples");

  // Two members of one name: who reads the payload may take the other one for the right one.
  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
          .nodeFactory(new FiniteNumbers())
          .build();

  private final String name;
  private final Schema schema;

  private PayloadSchema(String name, Schema schema) {
    this.name = name;
    this.schema = schema;
  }

  /// Reads and compiles a file.
  ///
  /// @param name what namespaces call it
  static PayloadSchema read(String name, Path file) throws BadSchemaException {
    JsonNode tree = tree(file);
    requireDraft(tree);
    requirePatterns(tree, "");
    var config =
        SchemaRegistryConfig.builder().regularExpressionFactory(LinearPattern::new).build();
    var dialect = Dialect.builder(DRAFT.getId(), DRAFT).keywords(WideKeyword::charge).build();
    // One that loads nothing: not from the net, nor from a file or this program.
    var nothing = SchemaLoader.builder().block(_ -> true).build();
    try {
      Schema schema =
          SchemaRegistry.withDialect(
                  dialect, registry -> registry.schemaRegistryConfig(config).schemaLoader(nothing))
              .getSchema(tree);
      // Finds references that lead nowhere, or out of the file.
      schema.initializeValidators();
      return new PayloadSchema(name, schema);
    } catch (SchemaException refused) {
      throw new BadSchemaException(
          "refers to what is not in the file: " + refused.getMessage(), refused);
    }
  }

  private static JsonNode tree(Path file) throws BadSchemaException {
    try {
      byte[] bytes = Files.readAllBytes(file);
      if (!Json.isValue(bytes)) {
        throw new BadSchemaException("is not JSON in UTF-8, nested at most 64 deep", null);
      }
      return MAPPER.readTree(bytes);
    } catch (NoSuchFileException missing) {
      throw new BadSchemaException("does not exist", missing);
    } catch (JacksonException wrong) {
      throw new BadSchemaException("cannot be used: " + wrong.getOriginalMessage(), wrong);
    } catch (IOException unreadable) {
      throw new BadSchemaException("cannot be read: " + unreadable, unreadable);
    }
  }

  private static void requireDraft(JsonNode tree) throws BadSchemaException {
    if (!tree.isObject()) {
      throw new BadSchemaException("is no JSON object", null);
    }
    String draft = tree.path("$schema").asText(DRAFT.getId());
    if (!draft.equals(DRAFT.getId())) {
      throw new BadSchemaException("is of %s; allowed is %s".formatted(draft, DRAFT.getId()), null);
    }
    // Of this program's own files.
    List<Error> faults =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(SchemaLocation.of(DRAFT.getId()))
            .validate(tree);
    if (!faults.isEmpty()) {
      throw new BadSchemaException("is no schema of draft 2020-12: " + faults.getFirst(), null);
    }
  }

  /// Looks at the regular expressions: the library would log of each wrong one.
  private static void requirePatterns(JsonNode node, String path) throws BadSchemaException {
    for (var member : node.properties()) {
      String place = path + "/" + member.getKey();
      if (member.getKey().equals("pattern") && member.getValue().isTextual()) {
        requirePattern(member.getValue().textValue(), place);
      } else if (member.getKey().equals("patternProperties") && member.getValue().isObject()) {
        for (var property : member.getValue().properties()) {
          requirePattern(property.getKey(), place);
        }
      }
      if (!VALUES.contains(member.getKey())) {
        requirePatterns(member.getValue(), place);
      }
    }
    if (node.isArray()) {
      for (int index = 0; index < node.size(); index++) {
        requirePatterns(node.get(index), path + "/" + index);
      }
    }
  }

  private static void requirePattern(String pattern, String place) throws BadSchemaException {
    try {
      new LinearPattern(pattern);
    } catch (IllegalArgumentException wrong) {
      throw new BadSchemaException("has at " + place + " " + wrong.getMessage(), wrong);
    }
  }

  /// Holds a payload against it.
  ///
  /// @throws UnfitException when it must not be published
  void check(byte[] payload, Schemas.Limits limits) throws UnfitException {
    if (payload.length > limits.payloadBytesMax()) {
      throw new UnfitException(
          Reason.TOO_LONG,
          "the payload is over schemas.payload_bytes_max, %d bytes"
              .formatted(limits.payloadBytesMax()));
    }
    JsonNode tree = parse(payload);
    var budget = new Budget(limits.stepsMax());
    Error fault = ScopedValue.where(Budget.CURRENT, budget).call(() -> firstFault(tree, budget));
    if (budget.isSpent()) {
      throw new UnfitException(
          Reason.TOO_COSTLY,
          "the payload takes over schemas.steps_max, %d steps, to check"
              .formatted(limits.stepsMax()));
    }
    if (fault != null) {
      String place = fault.getInstanceLocation().toString();
      throw new UnfitException(
          Reason.MISFIT,
          "%s: %s (%s)"
              .formatted(place.isEmpty() ? "the payload" : place, fault.getMessage(), name));
    }
  }

  private static JsonNode parse(byte[] payload) throws UnfitException {
    if (!Json.isValue(payload)) {
      throw new UnfitException(Reason.NOT_JSON, "the payload is not JSON");
    }
    try {
      return MAPPER.readTree(payload);
    } catch (IOException | ArithmeticException refused) {
      throw new UnfitException(
          Reason.NOT_JSON, "the payload has a name twice, or a number that is too large");
    }
  }

  private Error firstFault(JsonNode tree, Budget budget) throws UnfitException {
    try {
      schema.validate(budget, tree);
      return budget.getErrors().isEmpty() ? null : budget.getErrors().getFirst();
    } catch (FailFastAssertionException fault) {
      return fault.getError();
    } catch (Budget.SpentException spent) {
      return null;
    } catch (StackOverflowError endless) {
      throw new UnfitException(Reason.TOO_COSTLY, "the schema %s has no end".formatted(name));
    } catch (RuntimeException confused) {
      // Such as a number with 900 digits. Nobody's fault of ours, and nothing to pass on.
      throw new UnfitException(
          Reason.MISFIT, "the payload: cannot be checked (%s)".formatted(name));
    }
  }

  /// Makes no numbers that nobody can compare.
  private static final class FiniteNumbers extends JsonNodeFactory {
    private static final long serialVersionUID = 1L;

    @Override
    public NumericNode numberNode(double value) {
      if (Double.isInfinite(value)) {
        throw new ArithmeticException("a number is too large");
      }
      return super.numberNode(value);
    }
  }
}
