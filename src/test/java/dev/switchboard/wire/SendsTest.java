package dev.switchboard.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.switchboard.protocol.CloseCode;
import dev.switchboard.protocol.Encoding;
import dev.switchboard.testkit.EchoPeer;
import dev.switchboard.testkit.EchoServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// Sockets whose sends share a system call get what they would have got alone.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SendsTest {
  private static final int PEERS = 20;
  private static final int CHUNK_BYTES = 60_000;

  private final EchoServer server = EchoServer.startBatching();
  private final List<EchoPeer> peers = new ArrayList<>();

  @BeforeAll
  static void thereIsARing() {
    Optional<Sends> sends = Sends.open();
    assumeThat(sends).as("io_uring").isPresent();
    sends.get().close();
  }

  @AfterEach
  void leave() {
    peers.forEach(EchoPeer::close);
    peers.clear();
  }

  @AfterAll
  void stop() {
    server.close();
  }

  private void open(int count) {
    Stream.generate(() -> server.open(Encoding.PROTOBUF)).limit(count).forEach(peers::add);
  }

  private static Frame frame(int number, int size) {
    return Frame.of(Framing.WEBSOCKET_PROTOBUF, payload(number, size));
  }

  private static byte[] payload(int number, int size) {
    byte[] payload = new byte[size];
    new Random(number).nextBytes(payload);
    return payload;
  }

  /// Sends to some peers within one turn of the loop.
  private void send(List<EchoPeer> to, Frame... frames) {
    server.onLoop(
        () -> {
          for (EchoPeer peer : to) {
            for (Frame frame : frames) {
              peer.socket().send(frame);
            }
          }
          return null;
        });
  }

  @Test
  void everybodyGetsAllInItsOrder() {
    // Given
    open(PEERS);

    // When
    for (int turn = 0; turn < 50; turn++) {
      send(peers.subList(0, PEERS - turn % 7), frame(turn, 1 + 37 * turn), frame(-turn, 130));
    }

    // Then
    for (int index = 0; index < PEERS; index++) {
      for (int turn = 0; turn < 50; turn++) {
        if (index < PEERS - turn % 7) {
          assertThat(peers.get(index).raw().read().payload())
              .isEqualTo(payload(turn, 1 + 37 * turn));
          assertThat(peers.get(index).raw().read().payload()).isEqualTo(payload(-turn, 130));
        }
      }
    }
  }

  @Test
  void whatTheKernelDoesNotTakeAtOnceComesLater() {
    // Given
    open(PEERS - 1);
    var slow = server.connect(Encoding.PROTOBUF, 4_096);
    slow.raw().upgrade(slow.path());
    peers.add(slow);
    int sent = 0;

    // When
    while (server.<Boolean>onLoop(() -> slow.socket().isFlushed())) {
      send(peers, frame(sent, CHUNK_BYTES));
      for (EchoPeer peer : peers.subList(0, PEERS - 1)) {
        assertThat(peer.raw().read().payload()).isEqualTo(payload(sent, CHUNK_BYTES));
      }
      sent++;
    }
    send(peers, frame(sent, 10));
    sent++;

    // Then
    assertThat(sent).as("more than one chunk fits nowhere").isGreaterThan(2);
    for (int number = 0; number < sent - 1; number++) {
      assertThat(slow.raw().read().payload()).isEqualTo(payload(number, CHUNK_BYTES));
    }
    assertThat(slow.raw().read().payload()).isEqualTo(payload(sent - 1, 10));
  }

  @Test
  void whoIsGoneHarmsNobody() {
    // Given
    open(PEERS);
    EchoPeer gone = peers.removeFirst();
    List<EchoPeer> all = new ArrayList<>(peers);
    all.addFirst(gone);

    // When
    gone.raw().reset();
    for (int turn = 0; turn < 3; turn++) {
      send(all, frame(turn, 100));
    }

    // Then
    for (EchoPeer peer : peers) {
      for (int turn = 0; turn < 3; turn++) {
        assertThat(peer.raw().read().payload()).isEqualTo(payload(turn, 100));
      }
    }
    assertThat(gone.ending().code()).isEqualTo(CloseCode.ABNORMAL.code());
  }

  @Test
  void moreSocketsThanOneSubmissionTakes() {
    // Given
    open(Sends.CAPACITY + PEERS);

    // When
    send(peers, frame(1, 10), frame(2, 20));

    // Then
    for (EchoPeer peer : peers) {
      assertThat(peer.raw().read().payload()).isEqualTo(payload(1, 10));
      assertThat(peer.raw().read().payload()).isEqualTo(payload(2, 20));
    }
  }
}
