package dev.switchboard.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.ExecutionContext;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaContext;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.keyword.AbstractKeyword;
import com.networknt.schema.keyword.Keyword;
import com.networknt.schema.keyword.KeywordType;
import com.networknt.schema.keyword.KeywordValidator;
import com.networknt.schema.path.NodePath;
import java.util.List;
import java.util.Map;

/// A keyword that looks at everything in a value at once, and costs accordingly. Any thread.
final class WideKeyword extends AbstractKeyword {
  // One step for so many values.
  private static final int VALUES_PER_STEP = 2;

  private static final List<String> WIDE =
      List.of(
          "additionalProperties",
          "const",
          "enum",
          "patternProperties",
          "propertyNames",
          "unevaluatedItems",
          "unevaluatedProperties");

  private final Keyword keyword;

  private WideKeyword(Keyword keyword) {
    super(keyword.getValue());
    this.keyword = keyword;
  }

  /// Makes the keywords of a dialect that are wide cost what they do.
  static void charge(Map<String, Keyword> keywords) {
    WIDE.forEach(name -> keywords.put(name, new WideKeyword(KeywordType.fromValue(name))));
    keywords.put(DistinctItems.NAME, new WideKeyword(new DistinctItems()));
  }

  @Override
  public KeywordValidator newValidator(
      SchemaLocation location, JsonNode value, Schema parent, SchemaContext context)
      throws Exception {
    KeywordValidator validator = keyword.newValidator(location, value, parent, context);
    return validator == null ? null : new Charged(validator);
  }

  /// How many values there are in one, itself included.
  private static long values(JsonNode node) {
    long values = 1;
    for (JsonNode part : node) {
      values += values(part);
    }
    return values;
  }

  private record Charged(KeywordValidator validator) implements KeywordValidator {
    @Override
    public void validate(
        ExecutionContext context, JsonNode node, JsonNode root, NodePath location) {
      if (context instanceof Budget budget) {
        budget.spend(values(node) / VALUES_PER_STEP);
      }
      validator.validate(context, node, root, location);
    }

    @Override
    public void walk(
        ExecutionContext context, JsonNode node, JsonNode root, NodePath location, boolean check) {
      validator.walk(context, node, root, location, check);
    }

    @Override
    public void preloadSchema() {
      validator.preloadSchema();
    }

    @Override
    public String getKeyword() {
      return validator.getKeyword();
    }

    @Override
    public SchemaLocation getSchemaLocation() {
      return validator.getSchemaLocation();
    }
  }
}
