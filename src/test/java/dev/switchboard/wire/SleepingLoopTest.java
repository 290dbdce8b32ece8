package dev.switchboard.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.protocol.CloseCode;
import dev.switchboard.protocol.Encoding;
import dev.switchboard.testkit.EchoPeer.Ending;
import dev.switchboard.testkit.EchoServer;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// What a loop sends that slept in the middle of a turn.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SleepingLoopTest {
  private static final Duration AGE_MAX = Duration.ofMillis(300);
  private static final Frame FRAME = Frame.of(Framing.WEBSOCKET_JSON, "{}".getBytes());

  private final EchoServer server =
      EchoServer.start(
          // Which have a pipeline to sleep in.
          EchoServer.Driver.CHANNELS,
          new SocketLimits(
              65_536, 64, 1 << 20, new RateLimit(100, 100), Duration.ofSeconds(5), AGE_MAX));

  @AfterAll
  void stop() {
    server.close();
  }

  private static void sleep() {
    long from = System.nanoTime();
    while (System.nanoTime() - from <= AGE_MAX.toNanos()) {
      Thread.onSpinWait();
    }
  }

  @Test
  void whatItHadToSendIsTooOld() {
    try (var peer = server.open(Encoding.JSON);
        var idle = server.open(Encoding.JSON)) {
      // When
      server.onLoop(
          () -> {
            peer.socket().send(FRAME);
            sleep();
            return null;
          });

      // Then
      assertThat(peer.raw().read().closeCode()).isEqualTo(CloseCode.FORCE_RECONNECT.code());
      assertThat(peer.ending()).isEqualTo(new Ending(CloseCode.FORCE_RECONNECT.code(), false));
      idle.expectAlive();
    }
  }

  @Test
  void whatIsLeftOfAFlushInWhichItSleptIsTooOld() {
    try (var first = server.open(Encoding.JSON);
        var second = server.open(Encoding.JSON)) {
      // Given
      first.channel().pipeline().addFirst(new SleepingOnce());

      // When
      server.onLoop(
          () -> {
            first.socket().send(FRAME);
            second.socket().send(FRAME);
            return null;
          });

      // Then
      assertThat(second.raw().read().closeCode()).isEqualTo(CloseCode.FORCE_RECONNECT.code());
      assertThat(second.ending().code()).isEqualTo(CloseCode.FORCE_RECONNECT.code());
      assertThat(new String(first.raw().read().payload()))
          .as("was in hand already")
          .isEqualTo("{}");
    }
  }

  private static final class SleepingOnce extends ChannelOutboundHandlerAdapter {
    @Override
    public void write(ChannelHandlerContext context, Object bytes, ChannelPromise written) {
      context.pipeline().remove(this);
      sleep();
      context.write(bytes, written);
    }
  }

  @Test
  void aSocketThatWasSayingGoodByeIsGone() {
    try (var peer = server.open(Encoding.JSON)) {
      // When
      server.onLoop(
          () -> {
            peer.socket().send(FRAME);
            peer.socket().close(CloseCode.SHUTDOWN);
            sleep();
            return null;
          });

      // Then
      assertThat(peer.raw().expectEnd()).as("an end in good order").isFalse();
    }
  }
}
