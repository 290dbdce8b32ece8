package dev.switchboard.interest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.junit.jupiter.api.Test;

class LongTableTest {
  private static final int ENTRY_BYTES_MAX = 32;

  /// Gives a hash a value, or with 0 removes it.
  private record Step(long hash, long value) {}

  @Provide
  Arbitrary<List<Step>> steps() {
    var hashes = Arbitraries.frequencyOf(Tuple.of(3, Hashes.few()), Tuple.of(1, Hashes.any()));
    var values = Arbitraries.of(0L, 0L, 1L, -1L);
    return Combinators.combine(hashes, values).as(Step::new).list().ofMaxSize(200);
  }

  @Property
  void isAMap(@ForAll("steps") List<Step> steps) {
    // Given
    var table = new LongTable();
    Map<Long, Long> expected = new HashMap<>();

    // When
    steps.forEach(step -> apply(step, table, expected));

    // Then
    assertThat(table.size()).isEqualTo(expected.size());
    assertThat(Hashes.set(table.hashes())).isEqualTo(expected.keySet());
    assertThat(steps)
        .allMatch(step -> table.get(step.hash()) == expected.getOrDefault(step.hash(), 0L));
  }

  private static void apply(Step step, LongTable table, Map<Long, Long> expected) {
    if (step.value() != 0) {
      table.put(step.hash(), step.value());
      expected.put(step.hash(), step.value());
    } else if (expected.remove(step.hash()) != null) {
      table.remove(step.hash());
    }
  }

  @Test
  void costsLittleForAnEntryWhateverItsSize() {
    // Given
    var table = new LongTable();
    var hashes = Hashes.random(20_000, 1);
    long worst = 0;

    // When
    for (long hash : hashes) {
      table.put(hash, 1);
      worst = Math.max(worst, entryBytes(table));
    }
    for (int index = 0; index < hashes.length - 100; index++) {
      table.remove(hashes[index]);
      worst = Math.max(worst, entryBytes(table));
    }

    // Then
    assertThat(worst).isBetween(20L, (long) ENTRY_BYTES_MAX);
  }

  // Rounded down; of tables that are large enough to matter.
  private static long entryBytes(LongTable table) {
    return table.size() < 100 ? 0 : table.bytes() / table.size();
  }
}
