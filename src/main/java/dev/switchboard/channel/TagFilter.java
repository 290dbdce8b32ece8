package dev.switchboard.channel;

import dev.switchboard.protocol.Command.FilterNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Which publications of a channel a subscriber wants, by their tags. Immutable.
public sealed interface TagFilter {
  /// Whether a publication with these tags is wanted.
  boolean matches(Map<String, String> tags);

  /// All of these must match.
  record All(List<TagFilter> parts) implements TagFilter {
    @Override
    public boolean matches(Map<String, String> tags) {
      return parts.stream().allMatch(part -> part.matches(tags));
    }
  }

  /// One of these must match.
  record Any(List<TagFilter> parts) implements TagFilter {
    @Override
    public boolean matches(Map<String, String> tags) {
      return parts.stream().anyMatch(part -> part.matches(tags));
    }
  }

  /// This must not match.
  record Not(TagFilter part) implements TagFilter {
    @Override
    public boolean matches(Map<String, String> tags) {
      return !part.matches(tags);
    }
  }

  /// The tag must be among these, or must not: one that is missing is not among any.
  record Among(String key, Set<String> values, boolean wanted) implements TagFilter {
    @Override
    public boolean matches(Map<String, String> tags) {
      String tag = tags.get(key);
      return (tag != null && values.contains(tag)) == wanted;
    }
  }

  /// The tag must be there, or must not.
  record Exists(String key, boolean wanted) implements TagFilter {
    @Override
    public boolean matches(Map<String, String> tags) {
      return tags.containsKey(key) == wanted;
    }
  }

  /// The tag must have this text at a place.
  record Text(String key, Place place, String value) implements TagFilter {
    /// Where the text must be.
    enum Place {
      START,
      END,
      ANYWHERE
    }

    @Override
    public boolean matches(Map<String, String> tags) {
      String tag = tags.get(key);
      return tag != null
          && switch (place) {
            case START -> tag.startsWith(value);
            case END -> tag.endsWith(value);
            case ANYWHERE -> tag.contains(value);
          };
    }
  }

  /// The tag must be a number on one side of this one; what is no number never matches.
  record Number(String key, Side side, BigDecimal value) implements TagFilter {
    // As numbers of so many digits are compared at once, whatever their exponents.
    private static final int CHARS_MAX = 64;

    /// On which side.
    enum Side {
      ABOVE,
      ABOVE_OR_AT,
      BELOW,
      BELOW_OR_AT
    }

    @Override
    public boolean matches(Map<String, String> tags) {
      return read(tags.get(key))
          .map(
              tag ->
                  switch (side) {
                    case ABOVE -> tag.compareTo(value) > 0;
                    case ABOVE_OR_AT -> tag.compareTo(value) >= 0;
                    case BELOW -> tag.compareTo(value) < 0;
                    case BELOW_OR_AT -> tag.compareTo(value) <= 0;
                  })
          .orElse(false);
    }

    static Optional<BigDecimal> read(String text) {
      if (text == null || text.length() > CHARS_MAX) {
        return Optional.empty();
      }
      try {
        return Optional.of(new BigDecimal(text));
      } catch (NumberFormatException notOne) {
        return Optional.empty();
      }
    }
  }

  /// The filter that a client sent.
  ///
  /// @param nodesMax parts and values it may have
  /// @return empty when it makes no sense, or is too large
  static Optional<TagFilter> of(FilterNode node, int nodesMax) {
    return size(node) > nodesMax ? Optional.empty() : of(node);
  }

  private static long size(FilterNode node) {
    return 1 + node.vals().size() + node.nodes().stream().mapToLong(TagFilter::size).sum();
  }

  private static Optional<TagFilter> of(FilterNode node) {
    if (node.op().isEmpty()) {
      return node.key().isEmpty() ? Optional.empty() : comparison(node);
    }
    List<TagFilter> parts = new ArrayList<>();
    node.nodes().forEach(part -> of(part).ifPresent(parts::add));
    if (parts.isEmpty() || parts.size() < node.nodes().size()) {
      return Optional.empty();
    }
    return switch (node.op()) {
      case "and" -> Optional.of(new All(parts));
      case "or" -> Optional.of(new Any(parts));
      case "not" -> parts.size() == 1 ? Optional.of(new Not(parts.getFirst())) : Optional.empty();
      default -> Optional.empty();
    };
  }

  private static Optional<TagFilter> comparison(FilterNode node) {
    String key = node.key();
    String value = node.val();
    return switch (node.cmp()) {
      case "eq" -> Optional.of(new Among(key, Set.of(value), true));
      case "neq" -> Optional.of(new Among(key, Set.of(value), false));
      case "in" -> Optional.of(new Among(key, Set.copyOf(node.vals()), true));
      case "nin" -> Optional.of(new Among(key, Set.copyOf(node.vals()), false));
      case "ex" -> Optional.of(new Exists(key, true));
      case "nex" -> Optional.of(new Exists(key, false));
      case "sw" -> Optional.of(new Text(key, Text.Place.START, value));
      case "ew" -> Optional.of(new Text(key, Text.Place.END, value));
      case "ct" -> Optional.of(new Text(key, Text.Place.ANYWHERE, value));
      case "gt" -> number(key, Number.Side.ABOVE, value);
      case "gte" -> number(key, Number.Side.ABOVE_OR_AT, value);
      case "lt" -> number(key, Number.Side.BELOW, value);
      case "lte" -> number(key, Number.Side.BELOW_OR_AT, value);
      default -> Optional.empty();
    };
  }

  private static Optional<TagFilter> number(String key, Number.Side side, String value) {
    return Number.read(value).map(number -> new Number(key, side, number));
  }
}
