package dev.switchboard.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.switchboard.faults.KeptStreams.Lie;
import dev.switchboard.faults.referee.Fact;
import dev.switchboard.faults.referee.Rule;
import dev.switchboard.faults.referee.Total;
import dev.switchboard.faults.referee.Transcript;
import dev.switchboard.faults.referee.Verdict;
import dev.switchboard.stream.Position;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Authors, readings and judgement, with streams that answer as nodes do.
class ArchiveTest {
  private static final int RATE = 400;
  private static final int ENOUGH = 320;

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final KeptStreams streams = new KeptStreams();
  @TempDir private Path folder;
  private Archive archive;

  @BeforeEach
  void open() {
    SequencedMap<String, NodeApi> nodes = new LinkedHashMap<>();
    nodes.put("node-1", streams.api(http, 0));
    nodes.put("node-2", streams.api(http, 1));
    archive = new Archive(nodes, List.of("room"), RATE, folder);
  }

  @AfterEach
  void close() {
    archive.close();
    streams.close();
    http.close();
  }

  private Verdict publish(long enough) {
    var node = streams.api(http, 0);
    archive.resume();
    await().until(() -> node.top("kept:room").filter(top -> top.offset() >= enough).isPresent());
    archive.pause();
    return archive.judge(Scenario.KILL9_ONE);
  }

  @Test
  void whatIsKeptIsFoundPageByPage() throws IOException {
    // When
    var verdict = publish(ENOUGH);

    // Then
    assertThat(Archive.offered(streams.api(http, 0))).isTrue();
    assertThat(verdict.total(Total.ACKED)).isGreaterThanOrEqualTo(ENOUGH);
    assertThat(verdict.total(Total.REPEATS)).isPositive();
    assertThat(verdict.score(Rule.HOLE).chances()).isGreaterThanOrEqualTo(2 * ENOUGH);
    assertThat(verdict.failures()).containsExactly("the referee saw no receipts");
    archive.close();
    assertThat(Transcript.judge(folder.resolve(Transcript.FILE)).scores())
        .isEqualTo(verdict.scores());
  }

  @Test
  void whoHasNotGotAllIsNotLevel() {
    // Given
    publish(10);
    var top = streams.api(http, 1).top("kept:room").orElseThrow();
    archive.hear(
        new Fact.Subscribed(
            1, "ada", "kept:room", new Position("abcdefgh", top.offset() - 1), false, false));

    // When
    boolean early = archive.caughtUp();
    archive.hear(new Fact.Received(2, "ada", "kept:room", top, "whatever"));

    // Then
    assertThat(early).isFalse();
    assertThat(archive.caughtUp()).isTrue();
  }

  @Test
  void whatWasAcknowledgedAndForgottenIsLost() {
    // Given
    publish(10);
    streams.lie(Lie.FORGETS);
    int before = streams.forgotten();
    archive.resume();
    await().until(() -> streams.forgotten() > before);
    archive.pause();

    // When
    var verdict = archive.judge(Scenario.KILL9_ONE);

    // Then
    assertThat(verdict.score(Rule.LOST).breaches()).isPositive();
  }

  @Test
  void aRepeatThatIsKeptAgainIsFound() {
    // Given
    streams.lie(Lie.REPEATS);

    // When
    var verdict = publish(ENOUGH);

    // Then
    assertThat(verdict.score(Rule.KEY).breaches()).isPositive();
  }

  @Test
  void whatIsNotAnsweredIsRepeatedElsewhere() {
    // Given
    streams.lie(Lie.SILENT);

    // When
    var verdict = publish(20);

    // Then
    assertThat(verdict.total(Total.UNANSWERED)).isGreaterThanOrEqualTo(20);
    assertThat(verdict.total(Total.ACKED)).isEqualTo(verdict.total(Total.KEYS));
    assertThat(verdict.score(Rule.KEY).breaches()).isZero();
  }

  @Test
  void whatIsRefusedIsAnExplicitError() {
    // Given
    streams.lie(Lie.REFUSES);
    archive.resume();
    await().until(() -> streams.refused() > 0);
    archive.pause();

    // When
    var verdict = archive.judge(Scenario.KILL9_ONE);

    // Then
    assertThat(verdict.total(Total.ACKED)).isZero();
    assertThat(verdict.total(Total.REFUSED)).isPositive();
    assertThat(verdict.score(Rule.LOST).breaches()).isZero();
  }
}
