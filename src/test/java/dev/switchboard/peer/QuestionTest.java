package dev.switchboard.peer;

import static dev.switchboard.peer.Nodes.QUESTIONS_MAX;
import static dev.switchboard.peer.Nodes.QUESTION_TIMEOUT;
import static dev.switchboard.peer.Nodes.SETTLED;
import static dev.switchboard.peer.Nodes.TICK;
import static dev.switchboard.peer.Nodes.WINDOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.peer.Nodes.Node;
import dev.switchboard.peer.PeerReply.Reason;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What alice asks bob: one reply to each question, whatever happens.
class QuestionTest {
  private Nodes nodes;
  private Node alice;
  private Node bob;

  @BeforeEach
  void bringInStep() {
    nodes = Nodes.inStep(2);
    alice = nodes.get(0);
    bob = nodes.get(1);
  }

  private static List<String> words(List<PeerReply> replies) {
    return replies.stream()
        .map(
            reply ->
                switch (reply) {
                  case PeerReply.Answered(byte[] answer) -> new String(answer);
                  case PeerReply.Unanswered(Reason reason) -> reason.name();
                })
        .toList();
  }

  @Test
  void anAnswerComesBack() {
    // When
    List<PeerReply> replies = alice.ask(bob, "who is there?");
    nodes.run(10);

    // Then
    assertThat(words(replies)).containsExactly("who is there?");
  }

  @Test
  void answersFindTheirQuestionsInWhateverOrderTheyCome() {
    // Given
    bob.answering = null;
    List<PeerReply> first = alice.ask(bob, "first");
    List<PeerReply> second = alice.ask(bob, "second");
    nodes.run(10);

    // When
    bob.unanswered.get(1).accept("to the second".getBytes());
    bob.unanswered.get(0).accept("to the first".getBytes());
    nodes.run(TICK);

    // Then
    assertThat(words(first)).containsExactly("to the first");
    assertThat(words(second)).containsExactly("to the second");
  }

  @Test
  void whatTheOtherFailedToAnswerHasFailed() {
    // Given
    bob.answering = _ -> null;

    // When
    List<PeerReply> replies = alice.ask(bob, "anything");
    nodes.run(10);

    // Then
    assertThat(words(replies)).containsExactly("FAILED");
  }

  @Test
  void whatIsNotAnsweredInTimeIsLateForGood() {
    // Given
    bob.answering = null;
    List<PeerReply> replies = alice.ask(bob, "anything");

    // When
    nodes.run(QUESTION_TIMEOUT - TICK);

    // Then
    assertThat(replies).isEmpty();

    // When
    nodes.run(2 * TICK);
    bob.unanswered.getFirst().accept("too late".getBytes());
    nodes.run(SETTLED);

    // Then
    assertThat(words(replies)).containsExactly("LATE");
  }

  @Test
  void aQuestionThatIsLostIsLate() {
    // Given
    nodes.cut(alice, bob);

    // When
    List<PeerReply> replies = alice.ask(bob, "anything");
    nodes.run(2 * QUESTION_TIMEOUT);

    // Then
    assertThat(words(replies)).containsExactly("LATE");
  }

  @Test
  void whoIsNoMemberIsGone() {
    // Given
    Node stranger = new Nodes(3).get(2);

    // Then
    assertThat(words(alice.ask(stranger, "anything"))).containsExactly("GONE");
  }

  @Test
  void whoIsNoLongerAMemberIsGone() {
    // Given
    bob.answering = null;
    List<PeerReply> replies = alice.ask(bob, "anything");
    nodes.run(10);

    // When
    alice.members();
    bob.unanswered.getFirst().accept("to nobody".getBytes());
    nodes.run(2 * QUESTION_TIMEOUT);

    // Then
    assertThat(words(replies)).containsExactly("GONE");
  }

  @Test
  void whoForgotTheQuestionIsGone() {
    // Given
    bob.answering = null;
    List<PeerReply> replies = alice.ask(bob, "anything");
    nodes.run(10);

    // When
    bob.members();
    bob.members(alice);
    nodes.run(SETTLED);

    // Then
    assertThat(words(replies)).containsExactly("GONE");
  }

  @Test
  void anAnswerToAForgottenQuestionAnswersNoOther() {
    // Given
    bob.answering = null;
    alice.ask(bob, "before");
    nodes.run(10);
    alice.members();
    alice.members(bob);
    nodes.run(SETTLED);
    List<PeerReply> replies = alice.ask(bob, "after");
    nodes.run(10);

    // When
    bob.unanswered.getFirst().accept("to what was before".getBytes());
    nodes.run(SETTLED);

    // Then
    assertThat(replies).isEmpty();

    // When
    bob.unanswered.getLast().accept("to what came after".getBytes());
    nodes.run(SETTLED);

    // Then
    assertThat(words(replies)).containsExactly("to what came after");
  }

  @Test
  void tooManyQuestionsAreBusyUntilSomeAreAnswered() {
    // Given
    bob.answering = null;
    for (int count = 0; count < QUESTIONS_MAX; count++) {
      assertThat(alice.ask(bob, "one of many")).isEmpty();
    }

    // Then
    assertThat(words(alice.ask(bob, "one too many"))).containsExactly("BUSY");

    // When
    nodes.run(10);
    bob.unanswered.getFirst().accept("answered".getBytes());
    nodes.run(TICK);

    // Then
    assertThat(alice.ask(bob, "one more")).isEmpty();
  }

  @Test
  void aQuestionWithoutRoomIsBusyAndAskedOfNobody() {
    // Given
    nodes.cut(alice, bob);
    String large = "x".repeat(WINDOW / 3);
    alice.ask(bob, large);
    alice.ask(bob, large);

    // When
    List<PeerReply> replies = alice.ask(bob, large);

    // Then
    assertThat(words(replies)).containsExactly("BUSY");

    // When
    bob.answering = null;
    nodes.heal();
    nodes.run(SETTLED);

    // Then
    assertThat(bob.unanswered).hasSize(2);
    assertThat(replies).hasSize(1);
  }

  @Test
  void anAnswerTooLargeForAnyWindowHasFailedAtOnce() {
    // Given
    bob.answering = _ -> new byte[WINDOW / 2];

    // When
    List<PeerReply> replies = alice.ask(bob, "everything");
    nodes.run(10);

    // Then
    assertThat(words(replies)).containsExactly("FAILED");
    assertThat(words(alice.ask(bob, "again"))).isEmpty();
  }

  @Test
  void answersThatFindNoRoomComeWhenThereIsSome() {
    // Given
    bob.answering = question -> (new String(question) + "x".repeat(WINDOW / 4)).getBytes();
    List<List<PeerReply>> replies = new ArrayList<>();

    // When
    for (int number = 0; number < QUESTIONS_MAX; number++) {
      replies.add(alice.ask(bob, number + " "));
    }
    nodes.run(SETTLED);

    // Then
    for (int number = 0; number < QUESTIONS_MAX; number++) {
      assertThat(words(replies.get(number))).hasSize(1).first().asString().startsWith(number + " ");
    }
    nodes.run(SETTLED);
    assertThat(bob.peers.windowsUsed()).isZero();
  }

  @Test
  void whoAsksFromWithinAReplyIsAnsweredToo() {
    // Given
    List<PeerReply> replies = new ArrayList<>();

    // When
    alice.peers.ask(
        bob.incarnation(),
        "first".getBytes(),
        false,
        reply -> {
          replies.add(reply);
          alice.peers.ask(bob.incarnation(), "second".getBytes(), true, replies::add);
        });
    alice.peers.flush();
    nodes.run(10);

    // Then
    assertThat(words(replies)).containsExactly("first", "second");
  }
}
