package dev.switchboard.attack;

import static dev.switchboard.testkit.Siege.MIB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;

import dev.switchboard.testkit.RawClient;
import dev.switchboard.testkit.Siege;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SlowReaderTest {
  private static final int SLOW = 50;
  private static final int GOOD = 100;
  private static final int PUBLICATIONS_MAX = 150;
  private static final String LARGE = "\"" + "x".repeat(60_000) + "\"";

  @Test
  void readersThatStopAreCutAndNobodyElseMissesAnything() {
    try (var siege =
        Siege.of(
            "client.outbox_bytes_max=256KiB",
            "client.close_grace=300ms",
            "heartbeat.interval=50ms")) {
      // Given
      List<RawClient> slow = readers(siege, SLOW, true);
      List<RawClient> good = readers(siege, GOOD, false);

      // When
      var received = new AtomicInteger();
      try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        good.forEach(reader -> threads.submit(() -> readAll(reader, received)));
        for (int n = 1; n <= PUBLICATIONS_MAX && cut(siege) < SLOW; n++) {
          int all = n * GOOD;
          siege.node().publish("large", LARGE);
          // In step with the good readers, so that it is never for speed that one is closed.
          await()
              .pollInterval(Duration.ofMillis(1))
              .untilAtomic(received, greaterThanOrEqualTo(all));
        }
        siege.node().publish("large", "\"the end\"");
      }

      // Then
      await().until(() -> siege.node().metric("switchboard_sessions") == GOOD + 1);
      await().until(() -> siege.node().metric("switchboard_connections") == GOOD + 1);
      assertThat(cut(siege)).isEqualTo(SLOW);
      siege.assertUnharmed();
      slow.forEach(RawClient::close);
      good.forEach(RawClient::close);
      siege.assertDescriptorsBack();
      siege.assertGrownLess(4 * MIB);
    }
  }

  private static double cut(Siege siege) {
    return siege
        .node()
        .metric("switchboard_connections_closed_total{code=\"3008\",initiator=\"server\"}");
  }

  private static List<RawClient> readers(Siege siege, int count, boolean narrow) {
    return IntStream.range(0, count)
        .mapToObj(
            n -> {
              var client =
                  narrow ? RawClient.openNarrow(siege.node()) : RawClient.upgrade(siege.node());
              client.connected(siege.node(), "reader" + n);
              client.text("{\"id\":2,\"subscribe\":{\"channel\":\"large\"}}");
              assertThat(client.read().text()).isEqualTo("{\"id\":2,\"subscribe\":{}}");
              return client;
            })
        .toList();
  }

  private static void readAll(RawClient reader, AtomicInteger received) {
    for (int n = 0; n < PUBLICATIONS_MAX && reader.read().payload().length > 60_000; n++) {
      received.incrementAndGet();
    }
  }
}
