package dev.switchboard.simulation;

import dev.switchboard.link.BadLinkMessageException;
import dev.switchboard.link.Item;
import dev.switchboard.link.LinkCodec;
import dev.switchboard.link.LinkMessage;
import dev.switchboard.link.LinkMessage.Batch;
import dev.switchboard.link.LinkMessage.Entry;
import dev.switchboard.link.LinkMessage.Header;
import dev.switchboard.peer.Peers;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/// A planted bug, put before a node's links: takes publications in again that came before.
///
/// It looks at what arrives as a link would that does not compare sequences.
final class Doubler {
  private static final Item EMPTY = Peers.publication(0, new byte[0]);

  private final LinkCodec codec;
  private final Consumer<byte[]> again;
  private final Map<Stream, Long> received = new HashMap<>();

  Doubler(LinkCodec codec, Consumer<byte[]> again) {
    this.codec = codec;
    this.again = again;
  }

  /// What one pair of links exchanges.
  private record Stream(long from, long generation, long peerGeneration) {}

  void look(byte[] bytes) {
    LinkMessage message;
    try {
      message = codec.decode(bytes);
    } catch (BadLinkMessageException damaged) {
      return;
    }
    if (message instanceof Batch batch) {
      Header header = batch.header();
      var stream = new Stream(header.from(), header.generation(), header.peerGeneration());
      long before = received.getOrDefault(stream, 0L);
      if (batch.last() <= before) {
        batch.entries().forEach(this::takeAgain);
      } else if (batch.sequence() == before + 1) {
        received.put(stream, batch.last());
      }
    }
  }

  private void takeAgain(Entry entry) {
    byte[] bytes = entry.item().bytes();
    if (entry.item().ageing() && bytes[0] == EMPTY.bytes()[0]) {
      again.accept(Arrays.copyOfRange(bytes, EMPTY.bytes().length, bytes.length));
    }
  }
}
