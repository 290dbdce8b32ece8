package dev.switchboard.events;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.lifecycle.Note;
import dev.switchboard.lifecycle.Note.Cap;
import dev.switchboard.lifecycle.Noted;
import dev.switchboard.protocol.ClientId;
import dev.switchboard.store.Rolls.Taken;
import dev.switchboard.stream.Position;
import dev.switchboard.stream.StreamException;
import dev.switchboard.stream.StreamException.Reason;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BacklogTest {
  private static final ClientId ANN = new ClientId(1, 0, 0, 7);
  private static final ClientId BOB = new ClientId(1, 0, 1, 7);
  private static final Note CONNECTED = connected(ANN);
  private static final Note SUBSCRIBED = new Note.Subscribed(ANN, "a", 0);
  private static final Note UNSUBSCRIBED = new Note.Unsubscribed(ANN, "a", 0);
  private static final Note DISCONNECTED = new Note.Disconnected(ANN, 3000, "", 0);

  private final List<Note> put = new ArrayList<>();
  private final List<Promise<Taken>> answers = new ArrayList<>();
  private final Backlog backlog =
      new Backlog(
          note -> {
            put.add(note);
            Promise<Taken> answer = Promise.promise();
            answers.add(answer);
            return answer.future();
          });

  @Test
  void notesOfOneSubjectGoOneAfterTheOther() {
    // Given
    backlog.add(CONNECTED);
    backlog.add(SUBSCRIBED);
    backlog.add(connected(BOB));

    // When
    take(0);

    // Then
    assertThat(put).containsExactly(CONNECTED, connected(BOB), SUBSCRIBED);
    assertThat(backlog.size()).isEqualTo(2);
  }

  @Test
  void whatFailedIsPutAgainBeforeWhatFollows() {
    // Given
    Future<Taken> told = backlog.add(CONNECTED);
    backlog.add(SUBSCRIBED);
    fail(0, Reason.INDETERMINATE);

    // When
    int retried = backlog.retry();
    take(1);
    take(2);

    // Then
    assertThat(retried).isEqualTo(1);
    assertThat(put).containsExactly(CONNECTED, CONNECTED, SUBSCRIBED);
    assertThat(told.succeeded()).isTrue();
    assertThat(backlog.size()).isZero();
  }

  @Test
  void aSessionThatNobodyHeardOfLeavesNothing() {
    // Given
    Future<Taken> told = backlog.add(CONNECTED);
    backlog.add(SUBSCRIBED);
    fail(0, Reason.NO_QUORUM);

    // When
    backlog.add(DISCONNECTED);

    // Then
    assertThat(told.failed()).isTrue();
    assertThat(backlog.size()).isZero();
    assertThat(backlog.retry()).isZero();
  }

  @Test
  void aSessionThatMayHaveBeenHeardOfGetsItsEnd() {
    // Given
    backlog.add(CONNECTED);
    fail(0, Reason.INDETERMINATE);
    backlog.retry();
    fail(1, Reason.NO_QUORUM);

    // When
    backlog.add(DISCONNECTED);
    backlog.retry();
    take(2);

    // Then
    assertThat(put).containsExactly(CONNECTED, CONNECTED, CONNECTED, DISCONNECTED);
  }

  @Test
  void aSessionWhoseClientHasItsReplyIsToldInTheEnd() {
    // Given
    backlog.add(CONNECTED);
    fail(0, Reason.NO_QUORUM);
    backlog.insist(ANN);

    // When
    backlog.add(DISCONNECTED);
    backlog.retry();
    take(1);

    // Then
    assertThat(put).containsExactly(CONNECTED, CONNECTED, DISCONNECTED);
  }

  @Test
  void aSessionUnderWayGetsItsEnd() {
    // Given
    backlog.add(CONNECTED);

    // When
    backlog.add(DISCONNECTED);
    take(0);

    // Then
    assertThat(put).containsExactly(CONNECTED, DISCONNECTED);
  }

  @Test
  void whatIsSaidAgainIsNeverCancelledOut() {
    // Given
    backlog.addAgain(CONNECTED);
    fail(0, Reason.NO_QUORUM);

    // When
    backlog.add(DISCONNECTED);

    // Then
    assertThat(backlog.size()).isEqualTo(2);
  }

  @Test
  void aSubscriptionThatNobodyHeardOfLeavesNothing() {
    // Given
    backlog.add(CONNECTED);
    backlog.add(SUBSCRIBED);

    // When
    backlog.add(UNSUBSCRIBED);
    take(0);

    // Then
    assertThat(put).containsExactly(CONNECTED);
    assertThat(backlog.size()).isZero();
  }

  @Test
  void anotherChannelsSubscriptionStays() {
    // Given
    backlog.add(CONNECTED);
    backlog.add(SUBSCRIBED);

    // When
    backlog.add(new Note.Unsubscribed(ANN, "b", 0));

    // Then
    assertThat(backlog.size()).isEqualTo(3);
  }

  /// As a door does that has no room.
  @Test
  void whatFailsAtOnceIsTriedAgainLater() {
    // Given
    var full = new StreamException(Reason.FULL, "in this test");
    var closed = new Backlog(_ -> Future.failedFuture(full));
    closed.add(connected(ANN));
    closed.add(connected(BOB));

    // When
    int retried = closed.retry() + closed.retry();

    // Then
    assertThat(retried).isEqualTo(4);
    assertThat(closed.size()).isEqualTo(2);
  }

  @Test
  void aSessionThatEndsWhileItsBeginningIsRefusedLeavesNothing() {
    // Given
    backlog.add(CONNECTED);
    backlog.add(SUBSCRIBED);
    backlog.add(DISCONNECTED);

    // When
    fail(0, Reason.NO_QUORUM);

    // Then
    assertThat(backlog.size()).isZero();
    assertThat(backlog.retry()).isZero();
  }

  @Test
  void aChannelThatCameAndWentLeavesNothing() {
    // Given
    backlog.add(new Note.Occupied("a", 1, 0));
    fail(0, Reason.FULL);

    // When
    backlog.add(new Note.Vacated("a", 1, 0));

    // Then
    assertThat(backlog.size()).isZero();
    assertThat(backlog.retry()).isZero();
  }

  private void take(int index) {
    answers.get(index).complete(new Taken(new Position("e", 1), Noted.DONE));
  }

  private void fail(int index, Reason reason) {
    answers.get(index).fail(new StreamException(reason, "in this test"));
  }

  private static Note connected(ClientId client) {
    return new Note.Connected(client, "ann", 0, Cap.NONE);
  }
}
