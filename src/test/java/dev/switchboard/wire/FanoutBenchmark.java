package dev.switchboard.wire;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.switchboard.protocol.Encoding;
import dev.switchboard.protocol.Publication;
import dev.switchboard.protocol.Push;
import dev.switchboard.protocol.UnencodableException;
import dev.switchboard.session.Envelope;
import io.netty.buffer.PooledByteBufAllocator;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/// What 1,000 subscribers are told in a loop turn, put together once and shared by all.
@State(Scope.Thread)
public class FanoutBenchmark {
  private static final int SUBSCRIBERS = 1_000;

  @Param Encoding encoding;

  /// Publications in the turn.
  @Param({"1", "4"})
  int publications;

  private final Batch[] pending = new Batch[SUBSCRIBERS];
  private Framing framing;
  private Push push;

  @Setup
  public void setUp() {
    framing = Framing.webSocket(encoding);
    byte[] data = ("\"" + "x".repeat(126) + "\"").getBytes(US_ASCII);
    push = new Push.Publish("chat:room-1", Publication.of(data, null));
  }

  @Benchmark
  public int assemble() throws UnencodableException {
    Batch root = Batch.root();
    for (int publication = 0; publication < publications; publication++) {
      var envelope = new Envelope(push, 0);
      for (int index = 0; index < SUBSCRIBERS; index++) {
        Batch before = publication == 0 ? root : pending[index];
        pending[index] = before.plus(envelope.frame(framing));
      }
    }
    int bytes = 0;
    for (Batch batch : pending) {
      bytes += batch.joined(PooledByteBufAllocator.DEFAULT).readableBytes();
    }
    pending[0].release();
    return bytes;
  }
}
