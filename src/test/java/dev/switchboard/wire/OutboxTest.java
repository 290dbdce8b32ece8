package dev.switchboard.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OutboxTest {
  private final Vertx vertx = Vertx.vertx();
  private final ContextInternal context = (ContextInternal) vertx.getOrCreateContext();
  private final Outbox outbox =
      new Outbox(context, PooledByteBufAllocator.DEFAULT, Duration.ofSeconds(2), Optional.empty());

  @AfterEach
  void stop() {
    vertx.close().await();
  }

  @Test
  void bytesAskedForBetweenFlushesAreReleasedToo() {
    // Given
    var asked = new CompletableFuture<ByteBuf>();

    // When
    context.runOnContext(
        _ -> {
          Batch batch = outbox.root(Framing.WEBSOCKET_JSON, false).plus(frame(100));
          asked.complete(outbox.bytes(batch));
        });

    // Then
    await().until(() -> asked.join().refCnt() == 0);
  }

  @Test
  void socketsOfEachKindShareABatchWhoeverIsBetweenThem() {
    // Given
    Batch plain = outbox.root(Framing.WEBSOCKET_JSON, false).plus(frame(1));
    Frame other = frame(2);
    Batch deflating = outbox.root(Framing.WEBSOCKET_JSON, true).plus(other);
    outbox.root(Framing.WEBSOCKET_PROTOBUF, false).plus(frame(3));

    // When
    Batch again = outbox.root(Framing.WEBSOCKET_JSON, true).plus(other);

    // Then
    assertThat(again).isSameAs(deflating).isNotSameAs(plain);
  }

  private static Frame frame(int size) {
    return Frame.of(Framing.WEBSOCKET_JSON, new byte[size]);
  }

  @Test
  void actionsRunOnceAndInTheirOrderAfterTheTurn() {
    // Given
    List<String> said = new CopyOnWriteArrayList<>();

    // When
    context.runOnContext(
        _ -> {
          outbox.afterFlush(() -> said.add("first"));
          outbox.afterFlush(
              () -> {
                said.add("second");
                outbox.afterFlush(() -> said.add("of the next flush"));
              });
          said.add("turn");
        });

    // Then
    await().until(() -> said.size() == 4);
    assertThat(new ArrayList<>(said))
        .containsExactly("turn", "first", "second", "of the next flush");
  }
}
