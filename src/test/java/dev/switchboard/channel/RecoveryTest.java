package dev.switchboard.channel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.channel.Recovery.Verdict;
import dev.switchboard.channel.Recovery.Wish;
import dev.switchboard.protocol.Publication;
import dev.switchboard.stream.Position;
import dev.switchboard.stream.Query;
import dev.switchboard.stream.Slice;
import dev.switchboard.testkit.TestPolicy;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Who comes back to its position, and with what.
class RecoveryTest {
  private static final long ENOUGH = 1_000_000;

  private static Wish since(String epoch, long offset) {
    return new Wish(false, true, true, false, new Position(epoch, offset), false);
  }

  private static Slice slice(String epoch, long top, long... offsets) {
    return new Slice(
        new Position(epoch, top),
        LongStream.of(offsets)
            .mapToObj(offset -> new Publication(new byte[100], null, offset, Map.of(), 0))
            .toList());
  }

  private static List<Long> offsets(Verdict verdict) {
    return ((Verdict.Joins) verdict).publications().stream().map(Publication::offset).toList();
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          force_recovery=true,     false, false, false, true,  true
          force_positioning=true,  false, false, false, true,  false
          allow_recovery=true,     false, false, false, false, false
          allow_recovery=true,     false, true,  false, true,  true
          allow_recovery=true,     true,  false, false, false, false
          allow_positioning=true,  true,  false, false, true,  false
          allow_positioning=true,  true,  true,  false, true,  false
          presence=true,           true,  true,  false, false, false
          presence=true,           true,  false, true,  true,  false
          presence=true,           true,  true,  true,  true,  true
          presence=true,           false, false, true,  false, false
          """)
  void aNamespaceForcesAndAllows(
      String option,
      boolean asksPositioned,
      boolean asksRecoverable,
      boolean readsHistory,
      boolean positioned,
      boolean recoverable) {
    // Given
    var wish =
        new Wish(asksPositioned, asksRecoverable, false, false, new Position("", 0), readsHistory);

    // When
    var recovery = Recovery.of(TestPolicy.stream(option), wish);

    // Then
    assertThat(recovery.positioned()).isEqualTo(positioned);
    assertThat(recovery.recoverable()).isEqualTo(recoverable);
    assertThat(recovery.recovering()).isFalse();
    assertThat(recovery.query()).isEqualTo(Query.TOP);
  }

  @Test
  void whoMayNotRecoverDoesNotRecover() {
    // When
    var recovery = Recovery.of(TestPolicy.stream("force_positioning=true"), since("e", 3));

    // Then
    assertThat(recovery.recovering()).isFalse();
    assertThat(recovery.judge(slice("e", 5), ENOUGH))
        .isEqualTo(new Verdict.Joins(false, 5, List.of()));
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          all that was missed,      e,  3, e, 5, 4 5, true
          nothing was missed,       e,  5, e, 5, '',  true
          the oldest is gone,       e,  3, e, 6, 5 6, false
          all of it is gone,        e,  3, e, 6, '',  false
          the newest did not fit,   e,  3, e, 6, 4 5, false
          another epoch,            d,  3, e, 5, 4 5, false
          another epoch at its end, d,  5, e, 5, '',  false
          any epoch,                '', 3, e, 5, 4 5, true
          any epoch from nothing,   '', 0, e, 2, 1 2, true
          beyond the end,           e,  9, e, 5, '',  false
          beyond everything,        e, -1, e, 5, '',  false
          """)
  void aStreamIsRecoveredWholeOrNotAtAll(
      String what, String epoch, long offset, String current, long top, String read, boolean good) {
    // Given
    var recovery = Recovery.of(TestPolicy.stream("force_recovery=true"), since(epoch, offset));
    long[] offsets = read.isEmpty() ? new long[0] : parse(read);

    // When
    var verdict = (Verdict.Joins) recovery.judge(slice(current, top, offsets), ENOUGH);

    // Then
    assertThat(recovery.query().limit()).isEqualTo(300);
    assertThat(verdict.recovered()).isEqualTo(good);
    assertThat(verdict.offset()).isEqualTo(good ? offset : top);
    assertThat(verdict.publications()).hasSize(good ? offsets.length : 0);
  }

  private static long[] parse(String offsets) {
    return List.of(offsets.split(" ")).stream().mapToLong(Long::parseLong).toArray();
  }

  @Test
  void anOffsetThatExceedsAllFindsNothing() {
    // When
    var recovery = Recovery.of(TestPolicy.stream("force_recovery=true"), since("e", -1));

    // Then
    assertThat(recovery.query().since()).isEqualTo(OptionalLong.of(Long.MAX_VALUE));
  }

  @Test
  void whatDoesNotFitIsNotRecovered() {
    // Given
    var recovery = Recovery.of(TestPolicy.stream("force_recovery=true"), since("e", 3));
    var slice = slice("e", 5, 4, 5);
    long bytes = slice.publications().stream().mapToLong(Recovery::bytes).sum();

    // When
    var fits = recovery.judge(slice, bytes);
    var exceeds = recovery.judge(slice, bytes - 1);

    // Then
    assertThat(offsets(fits)).containsExactly(4L, 5L);
    assertThat(exceeds).isEqualTo(new Verdict.Joins(false, 5, List.of()));
  }

  @Test
  void whoIsStrictStaysOutInsteadOfLosingSomething() {
    // Given
    var wish = new Wish(false, true, true, true, new Position("e", 3), false);
    var recovery = Recovery.of(TestPolicy.stream("force_recovery=true"), wish);

    // When
    var lost = recovery.judge(slice("e", 6, 5, 6), ENOUGH);
    var found = recovery.judge(slice("e", 6, 4, 5, 6), ENOUGH);

    // Then
    assertThat(lost).isEqualTo(new Verdict.Stays());
    assertThat(offsets(found)).containsExactly(4L, 5L, 6L);
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          no position,               '', 0, e, 5, 5, true,  1, 0
          an old position,           e,  2, e, 5, 5, true,  1, 2
          the newest is known,       e,  5, e, 5, 5, true,  0, 5
          another epoch,             d,  5, e, 5, 5, true,  1, 0
          nothing kept and missed,   e,  2, e, 5, 0, false, 0, 5
          nothing kept or missed,   e,  5, e, 5, 0, true,  0, 5
          nothing was ever there,    '', 0, e, 0, 0, true,  0, 0
          nothing kept elsewhere,    d,  5, e, 5, 0, false, 0, 5
          the newest is gone,        '', 0, e, 5, 4, false, 0, 5
          """)
  void aCacheGivesTheNewest(
      String what,
      String epoch,
      long offset,
      String current,
      long top,
      long newest,
      boolean recovered,
      int count,
      long told) {
    // Given
    var recovery =
        Recovery.of(
            TestPolicy.stream("force_recovery=true", "force_recovery_mode=cache"),
            since(epoch, offset));
    var slice = newest == 0 ? slice(current, top) : slice(current, top, newest);

    // When
    var verdict = (Verdict.Joins) recovery.judge(slice, ENOUGH);

    // Then
    assertThat(recovery.query()).isEqualTo(new Query(1, OptionalLong.empty(), true));
    assertThat(verdict.recovered()).isEqualTo(recovered);
    assertThat(verdict.publications()).hasSize(count);
    assertThat(verdict.offset()).isEqualTo(told);
  }

  @Test
  void aCacheMayGiveTheNewestUnasked() {
    // Given
    var namespace = TestPolicy.stream("force_recovery_mode=cache", "auto_cache_recover=true");

    // When
    var recovery = Recovery.of(namespace, Wish.NONE);

    // Then
    assertThat(recovery.recovering()).isTrue();
    assertThat(recovery.needsLog()).isTrue();
    assertThat(offsets(recovery.judge(slice("e", 5, 5), ENOUGH))).containsExactly(5L);
  }
}
