package dev.switchboard.door;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.switchboard.config.NodeConfig;
import dev.switchboard.metrics.Rejection;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PressureTest {
  private static NodeConfig limits(int heapPercent) {
    return new NodeConfig(
        "",
        1,
        NodeConfig.Transport.NIO,
        false,
        0,
        200,
        Duration.ZERO,
        heapPercent,
        100,
        100,
        100,
        Duration.ZERO);
  }

  @ParameterizedTest
  @CsvSource({
    "90, 0.89, 700, 1000,",
    "90, 0.91, 700, 1000, MEMORY",
    "0, 1.00, 700, 1000,",
    "90, 0.10, 801, 1000, DESCRIPTORS",
    "90, 0.10, 800, 1000,",
    "90, 0.10, -1, -1,"
  })
  void itSaysWhatIsShort(int percent, double heap, long open, long most, Rejection reason) {
    // Given
    var pressure = new Pressure(limits(percent), () -> heap, () -> open, most);

    // When
    pressure.look();

    // Then
    assertThat(pressure.found()).isEqualTo(Optional.ofNullable(reason));
  }

  @Test
  void itsLooksEndWithItsDeployment() {
    // Given
    var vertx = Vertx.vertx();
    var looks = new AtomicInteger();
    var pressure =
        new Pressure(
            limits(0),
            () -> 0,
            () -> {
              assertThat(Context.isOnWorkerThread()).isTrue();
              return looks.incrementAndGet();
            },
            1000);

    // When
    String id = pressure.deploy(vertx).await();
    await().until(() -> looks.get() > 1);
    vertx.undeploy(id).await();

    // Then
    int before = looks.get();
    await()
        .during(Duration.ofMillis(1_500))
        .atMost(Duration.ofSeconds(5))
        .until(() -> looks.get() == before);
    vertx.close().await();
  }
}
