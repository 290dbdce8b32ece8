package dev.switchboard.cost;

import static org.assertj.core.api.Assumptions.assumeThatCode;

import dev.switchboard.ring.SendRing;
import dev.switchboard.testkit.RawClient;
import dev.switchboard.testkit.TestNode;
import io.netty.util.concurrent.EventExecutor;
import io.vertx.core.internal.VertxInternal;
import java.util.List;
import java.util.stream.IntStream;

/// Subscribers of one channel on a node with one event loop, and somebody who publishes.
///
/// In step: who publishes waits until all have it, so each publication is a loop turn of its own.
final class Crowd implements AutoCloseable {
  private static final String CHANNEL = "crowd";
  private static final String DATA = "\"" + "x".repeat(126) + "\"";

  private final TestNode node;
  private final RawClient publisher;
  private final List<RawClient> subscribers;

  /// Left out with its test where the kernel has no ring: then sends go one by one.
  Crowd(int size) {
    assumeThatCode(() -> new SendRing(1).close()).as("io_uring").doesNotThrowAnyException();
    node =
        TestNode.start(
            "node.event_loops=1",
            "node.transport=epoll",
            "node.batch_sends=true",
            "client.commands_per_second=1000000",
            "client.commands_burst=1000000");
    publisher = RawClient.connect(node, "publisher");
    subscribers = IntStream.range(0, size).mapToObj(this::subscriber).toList();
  }

  private RawClient subscriber(int number) {
    RawClient client = RawClient.connect(node, "subscriber-" + number);
    client.text("{\"id\":2,\"subscribe\":{\"channel\":\"" + CHANNEL + "\"}}");
    await(client, "{\"id\":2,\"subscribe\":{");
    return client;
  }

  /// The threads of the node that serve sockets.
  Iterable<EventExecutor> loops() {
    return ((VertxInternal) node.node().vertx()).nettyEventLoopGroup();
  }

  /// Publishes, and waits until it is answered and everybody has it.
  void publish() {
    publisher.text(
        "{\"id\":3,\"publish\":{\"channel\":\"" + CHANNEL + "\",\"data\":" + DATA + "}}");
    await(publisher, "{\"id\":3,\"publish\":{");
    subscribers.forEach(client -> await(client, "{\"push\":{"));
  }

  private static void await(RawClient client, String start) {
    String next = client.read().text();
    while (!next.startsWith(start)) {
      if (!next.startsWith("{}")) {
        throw new AssertionError("not " + start + " but " + next);
      }
      next = client.read().text();
    }
  }

  @Override
  public void close() {
    publisher.close();
    subscribers.forEach(RawClient::close);
    node.close();
  }
}
