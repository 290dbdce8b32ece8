package dev.switchboard.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchboard.protocol.MalformedException;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.statistics.Statistics;
import net.jqwik.api.statistics.StatisticsReport;
import org.junit.jupiter.api.Test;

class ShardCopyTest {
  /// Whatever is lost, late or twice, and whoever dies: a delta that got through makes the backup
  /// equal to the owner, and no place of a stream ever shows two payloads.
  @Property(tries = 2_000)
  @StatisticsReport(StatisticsReport.StatisticsReportMode.OFF)
  void neverLies(@ForAll long seed, @ForAll @IntRange(min = 1, max = 200) int steps)
      throws MalformedException {
    // Given
    var copies = new TwoCopies(new Random(seed));

    // When
    for (int i = 0; i < steps; i++) {
      copies.step();
    }

    // Then
    Statistics.label("all of it happened")
        .collect(copies.safe > 0 && copies.holes > 0 && copies.promotions > 0 && copies.unsafe > 0)
        .coverage(checker -> checker.check(true).percentage(share -> share > 20));
  }

  @Test
  void aBackupRefusesWhatHasAHoleBefore() throws HoleException {
    // Given
    var owner = new Shard(1, Samples.TITLE);
    Samples.append(owner, "a", Samples.draft("lost"));
    owner.apply(Samples.batch(2, Samples.append("a", Samples.draft("next"))), 0, Samples.LIMITS);
    ShardDelta delta = owner.delta();

    // When
    assertThatThrownBy(() -> Shard.of(delta)).isInstanceOf(HoleException.class);

    // Then
    assertThat(delta.base().sequence()).isEqualTo(1);
  }

  @Test
  void aBackupRefusesAnotherLifeThatCountsAlike() throws HoleException {
    // Given
    var owner = new Shard(1, Samples.TITLE);
    var backup = Shard.of(owner.delta());
    owner.apply(Samples.batch(1, Samples.append("a", Samples.draft("one"))), 0, Samples.LIMITS);
    backup.apply(Samples.batch(1, Samples.append("a", Samples.draft("two"))), 1, Samples.LIMITS);

    // When
    ShardDelta delta = owner.delta();

    // Then
    assertThat(backup.mark().sequence()).isEqualTo(delta.end().sequence());
    assertThatThrownBy(() -> backup.apply(delta)).isInstanceOf(HoleException.class);
  }

  @Test
  void anAckOfAnotherLifeIsNotBelieved() {
    // Given
    var dead = new Shard(1, Samples.TITLE);
    dead.apply(Samples.batch(1, Samples.append("a", Samples.draft("one"))), 0, Samples.LIMITS);
    var next = new Shard(2, Samples.TITLE);
    next.apply(Samples.batch(1, Samples.append("a", Samples.draft("two"))), 0, Samples.LIMITS);

    // When
    next.acknowledge(dead.mark());

    // Then
    assertThat(next.acked().sequence()).isZero();
  }
}
