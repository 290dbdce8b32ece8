package dev.switchboard.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.switchboard.deflate.Deflation;
import dev.switchboard.metrics.GatewayMetrics;
import dev.switchboard.protocol.CloseCode;
import dev.switchboard.protocol.Encoding;
import dev.switchboard.testkit.ClientFrame;
import dev.switchboard.testkit.Execution;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/// Any bytes in any pieces on a WebSocket: the guard and the socket.
///
/// The first byte of an input chooses the encoding, whether the socket agreed to compression, and
/// whether what follows the second is taken as it is, or as frames that are put together here, with
/// masks and lengths that are right. The second byte chooses where the bytes are cut.
class GuardFuzzTest {
  private static final int PROTOBUF = 1;
  private static final int AS_IT_IS = 2;
  private static final int DEFLATES = 4;
  private static final int MESSAGE_MAX = 1_024;

  /// Small, so that a few bytes reach them; and the budget never fills up again.
  private static final SocketLimits LIMITS =
      new SocketLimits(
          MESSAGE_MAX, 8, 1 << 20, new RateLimit(0, 8), Duration.ofHours(1), Duration.ofHours(1));

  private static final int[] LONG_SIZES = {126, 127, 1_000, 1_023, 1_024, 1_025, 65_536};
  private static final int SHORT_SIZES = 256 - LONG_SIZES.length;
  private static final PooledByteBufAllocator POOL = PooledByteBufAllocator.DEFAULT;

  private static final int PIECES_MAX = 4_096;
  private static final Optional<Deflation> DEFLATION = Optional.of(new Deflation(16, 1));
  private static final SocketLoop.Output OUTPUT = new SocketLoop.Output(DEFLATION, false);

  private static VertxInternal vertx;
  private static GatewayMetrics metrics;

  @BeforeAll
  static void start() {
    vertx = (VertxInternal) Vertx.vertx();
    metrics = new GatewayMetrics(new SimpleMeterRegistry(), 1);
  }

  @AfterAll
  static void stop() {
    vertx.close().await();
  }

  @FuzzTest
  void bytesInPieces(byte[] input) throws Exception {
    Execution.watch(input, GuardFuzzTest::take);
  }

  /// Inputs to start from.
  static Map<String, byte[]> seeds() {
    ClientFrame half = ClientFrame.of(ClientFrame.TEXT, "gr\u00fc").more();
    ClientFrame rest = ClientFrame.of(ClientFrame.CONTINUATION, "\u00df");
    ClientFrame ping = ClientFrame.of(ClientFrame.PING, "still there?");
    byte[] bytes = {0, -1, 7};
    Map<String, byte[]> seeds = new LinkedHashMap<>();
    seeds.put("text", input(0, 0, ClientFrame.text("{}"), ClientFrame.close(1_000, "bye")));
    seeds.put("binary", input(PROTOBUF, 3, ClientFrame.of(ClientFrame.BINARY, bytes), ping));
    seeds.put("fragments", input(0, 1, half, ping, rest));
    seeds.put("half-a-letter", input(0, 0, ClientFrame.of(ClientFrame.TEXT, bytes)));
    seeds.put("wrong-kind", input(0, 2, ClientFrame.of(ClientFrame.BINARY, bytes), rest));
    seeds.put("without-a-mask", input(0, 0, ClientFrame.text("a").unmasked()));
    seeds.put("reserved-bits", input(0, 0, ClientFrame.text("a").rsv(4), ping));
    seeds.put("code-that-is-none", input(PROTOBUF, 0, ClientFrame.close(1_005, ""), ping));
    byte[] deflated = DEFLATION.orElseThrow().deflate("hello hello hello hello".getBytes(UTF_8), 0);
    ClientFrame squeezed = ClientFrame.of(ClientFrame.TEXT, deflated).rsv(4);
    seeds.put("deflated", input(DEFLATES, 3, squeezed, ClientFrame.text("{}"), ping));
    seeds.put("deflated-for-nobody", input(0, 3, squeezed));
    byte[] bomb = DEFLATION.orElseThrow().deflate(new byte[20_000], 0);
    seeds.put(
        "deflated-bomb",
        input(DEFLATES | PROTOBUF, 0, ClientFrame.of(ClientFrame.BINARY, bomb).rsv(4)));
    seeds.put("built-fragments", plan("0005 0102 6162 0001 63 8003 646566"));
    seeds.put("built-too-long", plan("0100 82fe 78"));
    seeds.put("built-pings", plan("0007 8900 8900 8901 61 8a00 8900 8900 8900 8900 8900"));
    return seeds;
  }

  private static byte[] plan(String hex) {
    return HexFormat.of().parseHex(hex.replace(" ", ""));
  }

  private static byte[] input(int choice, int cuts, ClientFrame... frames) {
    byte[] bytes = ClientFrame.bytes(frames);
    byte[] input = new byte[2 + bytes.length];
    input[0] = (byte) (choice | AS_IT_IS);
    input[1] = (byte) cuts;
    System.arraycopy(bytes, 0, input, 2, bytes.length);
    return input;
  }

  private static void take(byte[] input) {
    if (input.length < 2) {
      return;
    }
    Encoding encoding = (input[0] & PROTOBUF) == 0 ? Encoding.JSON : Encoding.PROTOBUF;
    byte[] rest = Arrays.copyOfRange(input, 2, input.length);
    byte[] bytes = (input[0] & AS_IT_IS) == 0 ? frames(rest) : rest;

    boolean deflates = (input[0] & DEFLATES) != 0;
    Talk whole = Talk.of(encoding, deflates, bytes, Integer.MAX_VALUE);
    // Each piece is a read of its own: 65,536 of them are no message that took long.
    int piece = Math.max(1 + (input[1] & 0xff), bytes.length / PIECES_MAX);
    Talk cut = Talk.of(encoding, deflates, bytes, piece);

    assertThat(cut).as("what comes in pieces means the same").isEqualTo(whole);
    whole.check(encoding);
  }

  /// Frames of pairs of bytes, the first of a header and a choice of size, and of what follows.
  private static byte[] frames(byte[] plan) {
    var out = new ByteArrayOutputStream();
    for (int at = 0; at + 1 < plan.length; ) {
      int first = plan[at++] & 0xff;
      int choice = plan[at++] & 0xff;
      int size = choice < SHORT_SIZES ? choice : LONG_SIZES[choice - SHORT_SIZES];
      byte[] payload = Arrays.copyOfRange(plan, at, at + Math.min(size, plan.length - at));
      at += payload.length;
      out.writeBytes(header(first, size));
      out.writeBytes(Arrays.copyOf(payload, size));
    }
    return out.toByteArray();
  }

  /// With a mask of zeros, so that a payload stands there as it is.
  private static byte[] header(int first, int size) {
    ByteBuffer header = ByteBuffer.allocate(14).put((byte) first);
    if (size < 126) {
      header.put((byte) (0x80 | size));
    } else if (size < 65_536) {
      header.put((byte) 0xfe).putShort((short) size);
    } else {
      header.put((byte) 0xff).putLong(size);
    }
    return Arrays.copyOf(header.array(), header.position() + 4);
  }

  /// What a socket told its listener and its client.
  ///
  /// @param ends a code for each time it said that it is over
  /// @param answers all bytes that went out
  private record Talk(List<ByteBuffer> messages, List<Integer> ends, ByteBuffer answers) {
    /// @param piece how many bytes come at once
    static Talk of(Encoding encoding, boolean deflates, byte[] bytes, int piece) {
      long pinned = POOL.pinnedDirectMemory() + POOL.pinnedHeapMemory();
      // Counts every byte, so the leak detector need not write down where each came from.
      var allocator = new UnpooledByteBufAllocator(false, true);
      var messages = new ArrayList<ByteBuffer>();
      var ends = new ArrayList<Integer>();
      var answers = new ByteArrayOutputStream();
      var channel = new EmbeddedChannel();
      channel.config().setAllocator(allocator);
      Socket socket = open(channel, encoding, deflates);
      socket.listener(
          new SocketListener() {
            @Override
            public void onMessage(byte[] message) {
              messages.add(ByteBuffer.wrap(message));
              socket.send(Frame.of(socket.framing(), message));
            }

            @Override
            public void onClosed(int code, boolean byPeer) {
              ends.add(byPeer ? -code : code);
            }
          });
      for (int at = 0; at < bytes.length && channel.isOpen(); at += piece) {
        int length = Math.min(piece, bytes.length - at);
        channel.writeInbound(allocator.buffer(length).writeBytes(bytes, at, length));
        read(channel, answers);
        if (piece == Integer.MAX_VALUE) {
          break;
        }
      }
      channel.finish();
      channel.runPendingTasks();
      read(channel, answers);
      channel.releaseInbound();
      long kept = allocator.metric().usedDirectMemory() + allocator.metric().usedHeapMemory();
      long pinnedNow = POOL.pinnedDirectMemory() + POOL.pinnedHeapMemory();
      if (kept != 0 || pinnedNow != pinned) {
        throw new AssertionError(Execution.LEAK + kept + " and " + (pinnedNow - pinned));
      }
      return new Talk(messages, ends, ByteBuffer.wrap(answers.toByteArray()));
    }

    private static Socket open(EmbeddedChannel channel, Encoding encoding, boolean deflates) {
      ContextInternal context = vertx.contextBuilder().withEventLoop(channel.eventLoop()).build();
      var loop = new SocketLoop(context, LIMITS, OUTPUT, metrics, () -> {});
      var socket = new Socket(loop, Framing.webSocket(encoding), deflates);
      channel.pipeline().addLast(new FrameHandler(loop, socket));
      return socket;
    }

    private static void read(EmbeddedChannel channel, ByteArrayOutputStream answers) {
      for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
        byte[] bytes = new byte[out.readableBytes()];
        out.readBytes(bytes);
        answers.writeBytes(bytes);
        out.release();
      }
    }

    /// What holds whatever came.
    void check(Encoding encoding) {
      assertThat(ends).hasSize(1).doesNotContain(CloseCode.INTERNAL_ERROR.code());
      for (ByteBuffer message : messages) {
        assertThat(message.remaining()).isLessThanOrEqualTo(MESSAGE_MAX);
        assertThat(encoding == Encoding.PROTOBUF || isText(message)).isTrue();
      }
      checkAnswers();
    }

    private static boolean isText(ByteBuffer bytes) {
      try {
        UTF_8.newDecoder().decode(bytes.duplicate());
        return true;
      } catch (CharacterCodingException broken) {
        return false;
      }
    }

    /// Whole frames, none of them masked, and nothing behind a close frame.
    private void checkAnswers() {
      ByteBuffer left = answers.duplicate();
      int echoes = 0;
      boolean closed = false;
      while (left.hasRemaining()) {
        assertThat(closed).as("something follows a close frame").isFalse();
        int first = left.get() & 0xff;
        int size = left.get();
        size = size == 126 ? left.getShort() & 0xffff : size;
        assertThat(first).isIn(0x81, 0x82, 0xc1, 0xc2, 0x88, 0x8a);
        assertThat(size).isBetween(0, left.remaining());
        left.position(left.position() + size);
        echoes += first != 0x88 && first != 0x8a ? 1 : 0;
        closed = first == 0x88;
      }
      assertThat(echoes).isLessThanOrEqualTo(messages.size());
    }
  }
}
