package dev.switchboard.attack;

import static dev.switchboard.testkit.Siege.MIB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.switchboard.testkit.RawClient;
import dev.switchboard.testkit.Siege;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SubscriptionFloodTest {
  private static final int CLIENTS = 10;

  private static byte[] frame(int from, int count, String prefix) {
    String commands =
        IntStream.range(from, from + count)
            .mapToObj(
                n -> "{\"id\":%d,\"subscribe\":{\"channel\":\"%s%d\"}}".formatted(n + 2, prefix, n))
            .collect(Collectors.joining("\n"));
    return RawClient.frame(0x81, commands.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void whoSubscribesWithoutEndIsStoppedByTheRate() {
    try (var siege = Siege.of("client.close_grace=5s")) {
      // Given
      List<RawClient> clients =
          IntStream.range(0, CLIENTS)
              .mapToObj(n -> RawClient.connect(siege.node(), "u" + n))
              .toList();
      byte[] flood = frame(0, 1_000, "c");

      // When
      clients.forEach(client -> client.trySend(flood));

      // Then
      assertThat(clients).extracting(RawClient::closeCode).containsOnly(3013);
      await().until(() -> siege.node().metric("switchboard_subscriptions") == 1);
      clients.forEach(RawClient::close);
      siege.assertUnharmed();
      siege.assertGrownLess(2 * MIB);
    }
  }

  @Test
  void evenWithoutARateNobodyHoldsMoreThanIsAllowed() {
    try (var siege =
        Siege.of("client.commands_per_second=1000000", "client.commands_burst=1000000")) {
      // Given
      List<RawClient> clients =
          IntStream.range(0, CLIENTS)
              .mapToObj(n -> RawClient.connect(siege.node(), "u" + n))
              .toList();

      // When
      clients.parallelStream()
          .forEach(
              client -> {
                for (int round = 0; round < 3; round++) {
                  client.send(frame(round * 1_000, 1_000, "unknown:"));
                  client.send(frame(10_000 + round * 1_000, 1_000, "c"));
                  await().until(client::drain);
                }
              });

      // Then
      await()
          .untilAsserted(
              () ->
                  assertThat(siege.node().metric("switchboard_subscriptions"))
                      .isEqualTo(CLIENTS * 128 + 1));
      siege.assertGrownLess(4 * MIB);
      clients.forEach(RawClient::close);
      await().until(() -> siege.node().metric("switchboard_channels") == 1);
      siege.assertUnharmed();
    }
  }
}
