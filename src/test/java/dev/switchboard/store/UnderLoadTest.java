package dev.switchboard.store;

import static dev.switchboard.store.StoreCluster.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.switchboard.protocol.Publication;
import dev.switchboard.store.StoreCluster.Host;
import dev.switchboard.stream.Appended;
import dev.switchboard.stream.Draft;
import dev.switchboard.stream.Position;
import dev.switchboard.stream.Query;
import dev.switchboard.stream.Retention;
import dev.switchboard.stream.Slice;
import dev.switchboard.stream.StreamException;
import dev.switchboard.stream.StreamException.Reason;
import dev.switchboard.testkit.AllowLog;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Members come and go while others publish, and everything is compared afterwards.
@AllowLog(logger = "com.hazelcast", containing = "")
@AllowLog(logger = "io.vertx", containing = "")
class UnderLoadTest {
  private static final Retention KEPT =
      new Retention(1_000_000, Duration.ofMinutes(5), Duration.ofHours(1));
  private static final int CHANNELS = 40;
  private static final int PAGE = 500;
  private static final int IN_FLIGHT = 64;

  /// What happens meanwhile.
  enum Event {
    KILL(cluster -> cluster.kill(cluster.host(2))),
    LEAVE(cluster -> cluster.stop(cluster.host(2))),
    JOIN(StoreCluster::start);

    private final Consumer<StoreCluster> happening;

    Event(Consumer<StoreCluster> happening) {
      this.happening = happening;
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatIsAckedIsThereOnceAndInItsPlace(Event event) throws InterruptedException {
    try (var cluster = StoreCluster.of(3)) {
      // Given
      List<Publisher> publishers =
          IntStream.range(0, 2).mapToObj(one -> new Publisher(one, cluster.host(one))).toList();
      publishers.forEach(Publisher::start);
      await().until(() -> publishers.stream().allMatch(one -> one.acked.size() > 2_000));

      // When
      event.happening.accept(cluster);
      cluster.awaitCopies();
      List<Integer> so = publishers.stream().map(one -> one.acked.size()).toList();
      await()
          .atMost(StoreCluster.PATIENCE)
          .until(
              () ->
                  publishers.stream()
                      .allMatch(one -> one.acked.size() > so.get(one.number) + 2_000));
      for (Publisher publisher : publishers) {
        publisher.finish();
      }

      // Then
      Map<String, List<Publication>> logs = new HashMap<>();
      IntStream.range(0, CHANNELS)
          .mapToObj(number -> "channel-" + number)
          .forEach(channel -> logs.put(channel, all(cluster.host(0), channel)));
      for (Publisher publisher : publishers) {
        publisher.assertIn(logs);
      }
      logs.values().forEach(UnderLoadTest::assertWhole);
    }
  }

  private static List<Publication> all(Host host, String channel) {
    List<Publication> all = new ArrayList<>();
    long since = 0;
    while (true) {
      Query next = new Query(PAGE, OptionalLong.of(since), false);
      Slice slice = get(host.streams().read(channel, next));
      if (slice.publications().isEmpty()) {
        return all;
      }
      all.addAll(slice.publications());
      since = slice.publications().getLast().offset();
    }
  }

  private static void assertWhole(List<Publication> log) {
    assertThat(log)
        .extracting(Publication::offset)
        .containsExactlyElementsOf(
            IntStream.rangeClosed(1, log.size()).mapToObj(Long::valueOf).toList());
    assertThat(log).extracting(UnderLoadTest::text).doesNotHaveDuplicates();
  }

  private static String text(Publication publication) {
    return new String(publication.data(), StandardCharsets.UTF_8);
  }

  /// Publishes as fast as it is answered, each with a key; what is doubtful it repeats.
  private static final class Publisher {
    private final int number;
    private final Host host;
    private final Map<String, Place> acked = new ConcurrentHashMap<>();
    private final Map<Reason, AtomicLong> failures = new ConcurrentHashMap<>();
    private final Semaphore room = new Semaphore(IN_FLIGHT);
    private final AtomicBoolean over = new AtomicBoolean();
    private final ConcurrentLinkedQueue<String> again = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Throwable> mistakes = new ConcurrentLinkedQueue<>();
    private final AtomicLong longest = new AtomicLong();
    private Thread thread;

    private record Place(String channel, Position position) {}

    Publisher(int number, Host host) {
      this.number = number;
      this.host = host;
    }

    void start() {
      thread = Thread.startVirtualThread(this::run);
    }

    private void run() {
      for (int count = 0; !over.get() || !again.isEmpty(); count++) {
        room.acquireUninterruptibly();
        String repeated = again.poll();
        publish(repeated == null ? number + ":" + count : repeated);
      }
    }

    private void publish(String text) {
      String channel = "channel-" + Math.floorMod(text.hashCode(), CHANNELS);
      long start = System.nanoTime();
      var publication = Publication.of(text.getBytes(StandardCharsets.UTF_8), null);
      Future<Appended> answer =
          host.streams().append(channel, new Draft(publication, text, 0, "", true), KEPT);
      answer.onComplete(
          done -> {
            longest.accumulateAndGet(System.nanoTime() - start, Math::max);
            if (done.succeeded()) {
              acked.put(text, new Place(channel, done.result().position()));
            } else if (done.cause() instanceof StreamException failure) {
              failures.computeIfAbsent(failure.reason(), _ -> new AtomicLong()).incrementAndGet();
              again.add(text);
            } else {
              mistakes.add(done.cause());
            }
            room.release();
          });
    }

    void finish() throws InterruptedException {
      over.set(true);
      thread.join();
      room.acquire(IN_FLIGHT);
    }

    void assertIn(Map<String, List<Publication>> logs) {
      assertThat(mistakes).as(toString()).isEmpty();
      Set<String> epochs = new HashSet<>();
      acked.forEach(
          (text, place) -> {
            epochs.add(place.channel() + place.position().epoch());
            List<Publication> log = logs.get(place.channel());
            int index = Math.toIntExact(place.position().offset()) - 1;
            assertThat(log.size()).isGreaterThan(index);
            assertThat(text(log.get(index))).isEqualTo(text);
          });
      assertThat(epochs).hasSize(CHANNELS);
    }

    @Override
    public String toString() {
      return "%d acked, %s failed, longest %d ms, repeated batches %.0f"
          .formatted(
              acked.size(),
              failures,
              longest.get() / 1_000_000,
              host.count("switchboard.stream.batches.repeated"));
    }
  }
}
