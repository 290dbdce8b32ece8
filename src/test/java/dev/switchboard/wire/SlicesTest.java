package dev.switchboard.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.testkit.AllowLog;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SlicesTest {
  private static final int WORKS = 100;
  private static final long WORK_NANOS = 200_000;

  private final MultiThreadIoEventLoopGroup group =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final EventLoop loop = group.next();
  private final List<Integer> done = new ArrayList<>();

  @AfterEach
  void stop() {
    group.shutdownGracefully(0, 0, TimeUnit.SECONDS).syncUninterruptibly();
  }

  private void work(int number) {
    long begun = System.nanoTime();
    while (System.nanoTime() - begun < WORK_NANOS) {
      Thread.onSpinWait();
    }
    done.add(number);
  }

  @Test
  void othersHaveTheirTurnInBetween() throws Exception {
    // Given
    var slices = new Slices(loop);
    var over = new CountDownLatch(1);
    List<Integer> doneAtTurn = new ArrayList<>();

    // When
    loop.execute(
        () -> {
          IntStream.range(0, WORKS).forEach(number -> slices.add(() -> work(number)));
          slices.add(over::countDown);
          assertThat(slices.areEnough()).isTrue();
          var _ = loop.schedule(() -> doneAtTurn.add(done.size()), 1, TimeUnit.NANOSECONDS);
        });

    // Then
    assertThat(over.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(done).isEqualTo(IntStream.range(0, WORKS).boxed().toList());
    assertThat(doneAtTurn.getFirst()).isLessThan(WORKS / 2);
  }

  @Test
  @AllowLog(logger = "io.netty.util.concurrent.AbstractEventExecutor", containing = "A task")
  void aFailureStopsNothing() throws Exception {
    // Given
    var slices = new Slices(loop);
    var over = new CountDownLatch(1);

    // When
    loop.execute(
        () -> {
          slices.add(
              () -> {
                throw new IllegalStateException("expected");
              });
          slices.add(over::countDown);
        });

    // Then
    assertThat(over.await(10, TimeUnit.SECONDS)).isTrue();
  }
}
