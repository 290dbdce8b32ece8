package dev.switchboard.attack;

import static dev.switchboard.testkit.Shorthand.of;
import static dev.switchboard.testkit.Siege.MIB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.switchboard.testkit.RawClient;
import dev.switchboard.testkit.Siege;
import io.vertx.core.json.JsonObject;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SendWhileClosingTest {
  private static final byte[] CLOSE = RawClient.frame(0x88, new byte[] {3, (byte) 0xe8});
  private static final byte[] COMMANDS =
      RawClient.frame(
          0x81,
          ("{\"id\":2,\"subscribe\":{\"channel\":\"race\"}}\n"
                  + "{\"id\":3,\"publish\":{\"channel\":\"race\",\"data\":1}}\n"
                  + "{\"id\":4,\"unsubscribe\":{\"channel\":\"race\"}}\n"
                  + "{\"id\":5,\"subscribe\":{\"channel\":\"race\"}}")
              .getBytes());

  @Test
  void everyInterleavingOfSendAndCloseLeavesNothingBehind() throws Exception {
    try (var siege = Siege.of();
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      // Given
      var over = new AtomicBoolean();
      Future<?> publishing =
          threads.submit(
              () -> {
                while (!over.get()) {
                  siege.node().publish("race", "1");
                  siege.node().api("send", of("user", "racer").put("data", 1).encode());
                }
              });
      Future<?> disconnecting =
          threads.submit(
              () -> {
                for (int n = 0; !over.get(); n++) {
                  JsonObject how = of("code", n % 2 == 0 ? 3_000 : 4_000);
                  siege
                      .node()
                      .api("disconnect", of("user", "racer").put("disconnect", how).encode());
                }
              });

      // When
      IntStream.range(0, 400).forEach(n -> race(siege, n));
      over.set(true);
      publishing.get();
      disconnecting.get();

      // Then
      await().until(() -> siege.node().metric("switchboard_connections") == 1);
      await().until(() -> siege.node().metric("switchboard_subscriptions") == 1);
      assertThat(siege.node().metric("switchboard_users")).isEqualTo(1);
      assertThat(siege.node().api("presence", "{\"channel\":\"race\"}"))
          .isEqualTo("{\"result\":{\"presence\":{}}}");
      siege.assertUnharmed();
      siege.assertGrownLess(4 * MIB);
      siege.assertDescriptorsBack();
    }
  }

  /// Opens a session and ends it in one of five ways while others send to it and close it.
  private static void race(Siege siege, int turn) {
    try (var client = RawClient.upgrade(siege.node())) {
      client.text("{\"id\":1,\"connect\":{\"token\":\"" + siege.node().token("racer") + "\"}}");
      client.trySend(COMMANDS);
      switch (turn % 5) {
        case 0 -> client.trySend(CLOSE);
        case 1 -> client.reset();
        case 2 -> client.trySend(RawClient.frame(0x83, new byte[0]));
        case 3 -> {
          client.trySend(CLOSE);
          client.trySend(COMMANDS);
          client.trySend(CLOSE);
        }
        default -> client.trySend(COMMANDS);
      }
    }
  }
}
