package dev.switchboard.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.switchboard.faults.KeptStreams.Lie;
import dev.switchboard.faults.referee.Fact;
import dev.switchboard.faults.referee.Rule;
import dev.switchboard.faults.referee.Total;
import dev.switchboard.faults.referee.Transcript;
import dev.switchboard.faults.referee.Verdict;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Many keys at once and who reads them, with streams that answer as nodes do.
class ScribesTest {
  private static final int KEYS = 300;
  private static final List<String> CHANNELS = List.of("kept:a", "kept:b", "kept:c");
  private static final Duration LATER = Duration.ofMillis(100);

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final KeptStreams streams = new KeptStreams();
  @TempDir private Path folder;

  @AfterEach
  void close() {
    streams.close();
    http.close();
  }

  private Verdict publish(Lie lie) throws IOException {
    streams.lie(lie);
    var insist = lie == Lie.REFUSES ? Duration.ofMillis(100) : Duration.ofSeconds(10);
    var order = new Scribes.Order(KEYS, 32, 20_000, insist, LATER);
    SequencedMap<String, NodeApi> nodes = new LinkedHashMap<>();
    nodes.put("node-1", streams.api(http, 0));
    nodes.put("node-2", streams.api(http, 1));
    var minutes = new Minutes(folder);
    try (minutes;
        var scribes = new Scribes(List.copyOf(nodes.values()), CHANNELS, order, minutes);
        var follower = new Follower(nodes, CHANNELS, minutes)) {
      scribes.start();
      follower.start();
      await().until(scribes::finished);
      // Only where all is kept.
      await().until(() -> lie != Lie.NONE || follower.read() >= KEYS);
      assertThat(scribes.acked() + scribes.givenUp()).isEqualTo(KEYS);
      assertThat(scribes.repeats()).isEqualTo(KEYS / 10);
      for (String channel : CHANNELS) {
        nodes.forEach((name, node) -> node.read(name, channel).ifPresent(minutes));
      }
      minutes.accept(new Fact.Rest(1, "test", false));
    }
    return Transcript.judge(minutes.file());
  }

  @Test
  void everyKeyIsKeptOnce() throws IOException {
    // When
    var verdict = publish(Lie.NONE);

    // Then
    assertThat(verdict.failures(List.of(Total.RESTS, Total.ACKED, Total.REPEATS))).isEmpty();
    assertThat(verdict.total(Total.KEYS)).isEqualTo(KEYS);
    assertThat(verdict.total(Total.ACKED)).isEqualTo(KEYS);
    assertThat(verdict.score(Rule.PAYLOAD).chances()).isEqualTo(KEYS);
  }

  @Test
  void aRepeatThatIsKeptAgainIsFound() throws IOException {
    assertThat(publish(Lie.REPEATS).score(Rule.KEY).breaches()).isGreaterThanOrEqualTo(KEYS / 10);
  }

  @Test
  void whatIsForgottenIsFound() throws IOException {
    assertThat(publish(Lie.FORGETS).failures()).isNotEmpty();
  }

  @Test
  void silenceIsNoSecondEntry() throws IOException {
    // When
    var verdict = publish(Lie.SILENT);

    // Then
    assertThat(verdict.total(Total.UNANSWERED)).isPositive();
    assertThat(verdict.total(Total.ACKED)).isEqualTo(KEYS);
    assertThat(verdict.score(Rule.KEY).breaches()).isZero();
  }

  @Test
  void whoGivesUpHasAnError() throws IOException {
    // When
    var verdict = publish(Lie.REFUSES);

    // Then
    assertThat(verdict.total(Total.GIVEN_UP)).isEqualTo(KEYS);
    assertThat(verdict.total(Total.GIVEN_UP_KEPT)).isZero();
    assertThat(verdict.total(Total.REFUSED)).isGreaterThan(KEYS);
  }
}
