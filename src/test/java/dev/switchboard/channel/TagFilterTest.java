package dev.switchboard.channel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.protocol.Command.FilterNode;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TagFilterTest {
  private static FilterNode leaf(String cmp, String val, String... vals) {
    return new FilterNode("", "k", cmp, val, List.of(vals), List.of());
  }

  private static FilterNode branch(String op, FilterNode... nodes) {
    return new FilterNode(op, "", "", "", List.of(), List.of(nodes));
  }

  private static boolean matches(FilterNode node, String tag) {
    Map<String, String> tags = new LinkedHashMap<>();
    if (tag != null) {
      tags.put("k", tag);
    }
    return TagFilter.of(node, 100).orElseThrow().matches(tags);
  }

  @ParameterizedTest
  @CsvSource({
    "eq, a, a, true",
    "eq, a, b, false",
    "eq, a, , false",
    "neq, a, a, false",
    "neq, a, b, true",
    "neq, a, , true",
    "ex, '', a, true",
    "ex, '', , false",
    "nex, '', a, false",
    "nex, '', , true",
    "sw, ab, abc, true",
    "sw, bc, abc, false",
    "sw, ab, , false",
    "ew, bc, abc, true",
    "ew, ab, abc, false",
    "ew, ab, , false",
    "ct, b, abc, true",
    "ct, d, abc, false",
    "ct, d, , false",
    "gt, 2, 10, true",
    "gt, 2, 2.0, false",
    "gt, 2, x, false",
    "gt, 2, , false",
    "gte, 2, 2.0, true",
    "gte, 2, 1.99, false",
    "lt, 2, -3, true",
    "lt, 2, 2, false",
    "lt, 2, '', false",
    "lte, 2, 2.000, true",
    "lte, 0.1, 0.10000000000000001, false",
  })
  void comparesATag(String cmp, String val, String tag, boolean matches) {
    assertThat(matches(leaf(cmp, val), tag)).isEqualTo(matches);
  }

  @ParameterizedTest
  @CsvSource({
    "in, a, true",
    "in, c, false",
    "in, , false",
    "nin, a, false",
    "nin, c, true",
    "nin, , true"
  })
  void looksForATag(String cmp, String tag, boolean matches) {
    assertThat(matches(leaf(cmp, "", "a", "b", "a"), tag)).isEqualTo(matches);
  }

  @Test
  void putsComparisonsTogether() {
    // Given
    FilterNode starts = leaf("sw", "a");
    FilterNode ends = leaf("ew", "z");

    // Then
    assertThat(matches(branch("and", starts, ends), "az")).isTrue();
    assertThat(matches(branch("and", starts, ends), "ab")).isFalse();
    assertThat(matches(branch("or", starts, ends), "ab")).isTrue();
    assertThat(matches(branch("or", starts, ends), "b")).isFalse();
    assertThat(matches(branch("not", branch("or", starts, ends)), "b")).isTrue();
    assertThat(matches(branch("not", starts), "ab")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"and", "or", "not"})
  void refusesABranchWithoutParts(String op) {
    assertThat(TagFilter.of(branch(op), 100)).isEmpty();
  }

  @Test
  void refusesWhatMakesNoSense() {
    assertThat(TagFilter.of(leaf("like", "a"), 100)).isEmpty();
    assertThat(TagFilter.of(leaf("gt", "a"), 100)).isEmpty();
    assertThat(TagFilter.of(leaf("gt", "1".repeat(65)), 100)).isEmpty();
    assertThat(TagFilter.of(branch("xor", leaf("eq", "a")), 100)).isEmpty();
    assertThat(TagFilter.of(branch("not", leaf("eq", "a"), leaf("eq", "b")), 100)).isEmpty();
    assertThat(TagFilter.of(branch("or", leaf("eq", "a"), leaf("like", "b")), 100)).isEmpty();
    assertThat(TagFilter.of(new FilterNode("", "", "eq", "a", List.of(), List.of()), 100))
        .isEmpty();
  }

  @Test
  void refusesWhatIsTooLarge() {
    // Given
    String[] values = new String[9];
    Arrays.setAll(values, Integer::toString);
    FilterNode[] leaves = Collections.nCopies(9, leaf("eq", "a")).toArray(new FilterNode[0]);

    // Then
    assertThat(TagFilter.of(leaf("in", "", values), 10)).isPresent();
    assertThat(TagFilter.of(leaf("in", "", values), 9)).isEmpty();
    assertThat(TagFilter.of(branch("or", leaves), 10)).isPresent();
    assertThat(TagFilter.of(branch("or", leaves), 9)).isEmpty();
  }
}
