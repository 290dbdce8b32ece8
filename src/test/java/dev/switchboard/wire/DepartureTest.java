package dev.switchboard.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.switchboard.protocol.CloseCode;
import dev.switchboard.protocol.Encoding;
import dev.switchboard.testkit.ClientFrame;
import dev.switchboard.testkit.EchoPeer;
import dev.switchboard.testkit.EchoServer;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Very many clients that are gone between two looks of their event loop.
class DepartureTest {
  private static final int PEERS = 300;

  @ParameterizedTest
  @EnumSource(EchoServer.Driver.class)
  void everyEndIsSeen(EchoServer.Driver driver) {
    try (var server = EchoServer.start(driver)) {
      // Given
      List<EchoPeer> gone = Stream.generate(() -> server.open(Encoding.JSON)).limit(PEERS).toList();
      var staying = server.open(Encoding.JSON);

      // When
      server.onLoop(
          () -> {
            gone.forEach(peer -> peer.raw().reset());
            return null;
          });

      // Then
      for (EchoPeer peer : gone) {
        assertThat(peer.ending().code()).isEqualTo(CloseCode.ABNORMAL.code());
      }
      await().until(() -> server.openSockets() == 1);
      staying.expectAlive().close();
    }
  }

  @ParameterizedTest
  @EnumSource(EchoServer.Driver.class)
  void whatWasSaidBeforeTheEndIsHeard(EchoServer.Driver driver) {
    try (var server = EchoServer.start(driver)) {
      // Given
      List<EchoPeer> gone = Stream.generate(() -> server.open(Encoding.JSON)).limit(PEERS).toList();

      // When
      server.onLoop(
          () -> {
            for (EchoPeer peer : gone) {
              peer.send(ClientFrame.close(4_000, "")).raw().close();
            }
            return null;
          });

      // Then
      for (EchoPeer peer : gone) {
        assertThat(peer.ending().code()).isEqualTo(4_000);
      }
      await().until(() -> server.openSockets() == 0);
    }
  }
}
