package dev.switchboard.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AcceptPaceTest {
  private static final int STORM = 50;

  private final MultiThreadIoEventLoopGroup acceptor =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final MultiThreadIoEventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final AtomicInteger accepted = new AtomicInteger();
  private final AtomicInteger served = new AtomicInteger();
  private final List<SocketChannel> clients = new ArrayList<>();
  private final CountDownLatch busy = new CountDownLatch(1);
  private Channel listening;

  @BeforeEach
  void listen() throws IOException {
    listening =
        new ServerBootstrap()
            .group(acceptor, loops)
            .channel(NioServerSocketChannel.class)
            .handler(
                new ChannelInboundHandlerAdapter() {
                  @Override
                  public void channelRead(ChannelHandlerContext context, Object connection) {
                    accepted.incrementAndGet();
                    context.fireChannelRead(connection);
                  }
                })
            .childHandler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel connection) {
                    AcceptPace.keep(connection);
                    served.incrementAndGet();
                  }
                })
            .bind(new InetSocketAddress("127.0.0.1", 0))
            .syncUninterruptibly()
            .channel();
    connect();
    await().until(() -> !listening.config().isAutoRead());
  }

  @AfterEach
  void stop() throws IOException {
    busy.countDown();
    for (SocketChannel client : clients) {
      client.close();
    }
    acceptor.shutdownGracefully(0, 0, TimeUnit.SECONDS).syncUninterruptibly();
    loops.shutdownGracefully(0, 0, TimeUnit.SECONDS).syncUninterruptibly();
  }

  private void connect() throws IOException {
    clients.add(SocketChannel.open(listening.localAddress()));
  }

  @Test
  void nobodyIsAcceptedWhomNoLoopGetsAroundTo() throws IOException {
    // Given
    loops.execute(
        () -> {
          try {
            busy.await();
          } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
          }
        });

    // When
    for (int i = 0; i < STORM; i++) {
      connect();
    }

    // Then
    await().until(() -> accepted.get() > 1);
    await()
        .during(Duration.ofMillis(300))
        .atMost(Duration.ofSeconds(5))
        .until(() -> accepted.get() <= 1 + AcceptPace.ACCEPTS);
    busy.countDown();
    await().until(() -> served.get() == 1 + STORM);
    assertThat(accepted).hasValue(1 + STORM);
  }

  @Test
  void anAcceptThatFailedIsNotTriedAgainAtOnce() {
    // Given
    var reads = new AtomicInteger();
    var failing =
        new EmbeddedChannel(
            new ChannelOutboundHandlerAdapter() {
              @Override
              public void read(ChannelHandlerContext context) {
                reads.incrementAndGet();
              }
            },
            new AcceptPace());
    failing.config().setAutoRead(false);
    reads.set(0);

    // When
    failing.pipeline().fireChannelReadComplete();

    // Then
    assertThat(reads).hasValue(0);
    failing.advanceTimeBy(1, TimeUnit.SECONDS);
    failing.runScheduledPendingTasks();
    assertThat(reads).hasValue(1);
  }
}
