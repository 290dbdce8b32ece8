package dev.switchboard.routing;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.switchboard.link.BadLinkMessageException;
import dev.switchboard.link.LinkCodec;
import dev.switchboard.link.LinkMessage;
import dev.switchboard.link.LinkMessage.Entry;
import dev.switchboard.peer.Peers;
import dev.switchboard.protocol.ClientInfo;
import dev.switchboard.protocol.Publication;
import dev.switchboard.protocol.Push;
import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/// Publications of a loop turn on their way into one signed message for a peer, and out of it.
@State(Scope.Thread)
public class LinkBenchmark {
  private static final long HASH = 0x1234_5678_9abc_def0L;

  /// Publications in the message.
  @Param({"1", "16", "256"})
  int publications;

  private final LinkCodec codec = new LinkCodec(new byte[] {1, 2, 3});
  private final LinkMessage.Header header =
      new LinkMessage.Header(1, 2, 3, 4, 5, new LinkMessage.Beat(6, 7, 8, 9));
  private Push.Publish push;
  private byte[] written;

  @Setup
  public void setUp() {
    byte[] data = ("\"" + "x".repeat(126) + "\"").getBytes(US_ASCII);
    var info = new ClientInfo("alice", "c".repeat(36), null, null);
    push = new Push.Publish("chat:room-1", Publication.of(data, info));
    written = write();
  }

  @Benchmark
  public byte[] write() {
    List<Entry> entries = new ArrayList<>();
    for (int index = 0; index < publications; index++) {
      entries.add(new Entry(index, Peers.publication(HASH, PublicationCodec.encode(push))));
    }
    return codec.encode(new LinkMessage.Batch(header, 1, 0, false, entries));
  }

  @Benchmark
  public LinkMessage read() throws BadLinkMessageException {
    return codec.decode(written);
  }
}
