package dev.switchboard.quorum;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What is encoded is decoded, and nothing else is.
class RosterCodecTest {
  private static final Ballot BALLOT = new Ballot(3, -9);
  private static final Roster ROSTER =
      new Roster(-7, 4, List.of(new Seat(1, 2, 3, true), new Seat(-4, 5, 4, false)));

  static Stream<RosterMessage> messages() {
    return Stream.of(
        new RosterMessage.State(5, Optional.empty(), true),
        new RosterMessage.State(5, Optional.of(ROSTER), false),
        new RosterMessage.Prepare(ROSTER, BALLOT),
        new RosterMessage.Promise(1, 2, 3, BALLOT, Ballot.NONE, Optional.empty()),
        new RosterMessage.Promise(1, 2, 3, BALLOT, new Ballot(2, 8), Optional.of(ROSTER)),
        new RosterMessage.Accept(BALLOT, ROSTER),
        new RosterMessage.Accepted(1, 2, 3, BALLOT),
        new RosterMessage.Outbid(BALLOT));
  }

  @ParameterizedTest
  @MethodSource("messages")
  void aMessageComesBack(RosterMessage message) {
    assertThat(RosterCodec.decode(RosterCodec.encode(message))).contains(message);
  }

  @ParameterizedTest
  @MethodSource("messages")
  void whatIsCutShortIsNoMessage(RosterMessage message) {
    // Given
    byte[] bytes = RosterCodec.encode(message);

    // Then
    for (int length = 0; length < bytes.length; length++) {
      assertThat(RosterCodec.decode(Arrays.copyOf(bytes, length))).isEmpty();
    }
  }
}
