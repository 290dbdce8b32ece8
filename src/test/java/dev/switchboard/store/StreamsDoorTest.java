package dev.switchboard.store;

import static dev.switchboard.store.StoreCluster.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.switchboard.protocol.ClientInfo;
import dev.switchboard.protocol.Publication;
import dev.switchboard.stream.Appended;
import dev.switchboard.stream.Draft;
import dev.switchboard.stream.Position;
import dev.switchboard.stream.Query;
import dev.switchboard.stream.Retention;
import dev.switchboard.stream.Slice;
import dev.switchboard.stream.StreamException;
import dev.switchboard.stream.StreamException.Reason;
import dev.switchboard.testkit.AllowLog;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The door, whatever is behind it: one process, or two members.
@AllowLog(logger = "com.hazelcast", containing = "")
class StreamsDoorTest {
  private static final Retention KEPT =
      new Retention(100, Duration.ofMinutes(5), Duration.ofHours(1));
  private static final Query ALL = new Query(-1, OptionalLong.empty(), false);
  private static final Map<Behind, StoreCluster> CLUSTERS = new EnumMap<>(Behind.class);

  private final String channel = "news:" + UUID.randomUUID();

  /// What is behind the door.
  enum Behind {
    ONE_PROCESS,
    TWO_MEMBERS;

    StoreCluster cluster() {
      return CLUSTERS.computeIfAbsent(
          this, _ -> this == ONE_PROCESS ? StoreCluster.ofNone() : StoreCluster.of(2));
    }

    /// That of a node; in a cluster the first one, which owns about half of all channels.
    StoreCluster.Host host() {
      return cluster().host(0);
    }

    Streams streams() {
      return host().streams();
    }
  }

  @AfterAll
  static void stop() {
    CLUSTERS.values().forEach(StoreCluster::close);
    CLUSTERS.clear();
  }

  @ParameterizedTest
  @EnumSource
  void whatIsAppendedIsRead(Behind behind) {
    // Given
    var info =
        new ClientInfo("alice", "client", "{\"a\":1}".getBytes(StandardCharsets.UTF_8), null);
    var publication =
        new Publication("one".getBytes(StandardCharsets.UTF_8), info, 0, Map.of("k", "ü"), 77);
    Position first = get(behind.streams().append(channel, Draft.of(publication), KEPT)).position();
    Position second = get(append(behind, "two")).position();

    // When
    Slice slice = get(behind.streams().read(channel, ALL));

    // Then
    assertThat(second).isEqualTo(new Position(first.epoch(), 2)).isEqualTo(slice.top());
    assertThat(texts(slice)).containsExactly("one", "two");
    assertThat(slice.publications().getFirst())
        .usingRecursiveComparison()
        .isEqualTo(new Publication(publication.data(), info, 1, Map.of("k", "ü"), 77));
    assertThat(slice.publications().getLast().offset()).isEqualTo(2);
  }

  @ParameterizedTest
  @EnumSource
  void aPartIsRead(Behind behind) {
    // Given
    List.of("one", "two", "three").forEach(text -> get(append(behind, text)));

    // When
    Slice after = get(behind.streams().read(channel, new Query(1, OptionalLong.of(1), false)));
    Slice before = get(behind.streams().read(channel, new Query(5, OptionalLong.of(3), true)));
    Slice top = get(behind.streams().read(channel, Query.TOP));

    // Then
    assertThat(texts(after)).containsExactly("two");
    assertThat(texts(before)).containsExactly("two", "one");
    assertThat(texts(top)).isEmpty();
    assertThat(top.top().offset()).isEqualTo(3);
  }

  @ParameterizedTest
  @EnumSource
  void aChannelNeverPublishedToHasItsEpochAlready(Behind behind) {
    // Given
    Position before = get(behind.streams().read(channel, Query.TOP)).top();

    // When
    Position first = get(append(behind, "one")).position();

    // Then
    assertThat(before.offset()).isZero();
    assertThat(first).isEqualTo(new Position(before.epoch(), 1));
  }

  @ParameterizedTest
  @EnumSource
  void aKeySeenBeforeIsNotKeptAgain(Behind behind) {
    // Given
    Draft draft = new Draft(publication("one"), "key", 0, "", true);
    Appended first = get(behind.streams().append(channel, draft, KEPT));

    // When
    Appended again = get(behind.streams().append(channel, draft, KEPT));

    // Then
    assertThat(again).isEqualTo(new Appended.Repeated(first.position()));
    assertThat(texts(get(behind.streams().read(channel, ALL)))).containsExactly("one");
  }

  @ParameterizedTest
  @EnumSource
  void anOlderVersionIsNotKept(Behind behind) {
    // Given
    get(behind.streams().append(channel, new Draft(publication("new"), "", 2, "v", true), KEPT));

    // When
    Appended older =
        get(
            behind
                .streams()
                .append(channel, new Draft(publication("old"), "", 1, "v", true), KEPT));

    // Then
    assertThat(older).isInstanceOf(Appended.Outdated.class);
    assertThat(texts(get(behind.streams().read(channel, ALL)))).containsExactly("new");
  }

  @ParameterizedTest
  @EnumSource
  void whatIsRemovedIsForgottenButForItsPlace(Behind behind) {
    // Given
    Position end = get(append(behind, "one")).position();

    // When
    get(behind.streams().remove(channel));

    // Then
    Slice slice = get(behind.streams().read(channel, ALL));
    assertThat(slice).isEqualTo(new Slice(end, List.of()));
  }

  @ParameterizedTest
  @EnumSource
  void answersComeOnTheCallersContext(Behind behind) {
    // Given
    Vertx vertx = behind.host().vertx();
    Context caller = vertx.getOrCreateContext();
    Promise<List<Context>> seen = Promise.promise();

    // When
    caller.runOnContext(
        _ ->
            append(behind, "one")
                .map(_ -> Vertx.currentContext())
                .compose(
                    first ->
                        behind
                            .streams()
                            .read(channel, ALL)
                            .map(_ -> List.of(first, Vertx.currentContext())))
                .onComplete(seen));

    // Then
    assertThat(get(seen.future())).containsExactly(caller, caller);
  }

  @ParameterizedTest
  @EnumSource
  void draftsOfOneThreadKeepTheirOrder(Behind behind) throws InterruptedException {
    // Given
    var retention = new Retention(2_000, Duration.ofMinutes(5), Duration.ofHours(1));
    Streams streams = behind.streams();
    List<Future<Appended>> answers = Collections.synchronizedList(new ArrayList<>());
    var start = new CountDownLatch(1);
    List<Thread> threads =
        IntStream.range(0, 4)
            .mapToObj(
                thread ->
                    Thread.startVirtualThread(
                        () -> {
                          awaitZero(start);
                          for (int count = 0; count < 250; count++) {
                            Draft draft = Draft.of(publication(thread + ":" + count));
                            answers.add(streams.append(channel, draft, retention));
                          }
                        }))
            .toList();

    // When
    start.countDown();
    for (Thread thread : threads) {
      thread.join();
    }
    answers.forEach(StoreCluster::get);

    // Then
    Slice all = get(behind.streams().read(channel, ALL));
    assertThat(all.publications())
        .extracting(Publication::offset)
        .containsExactlyElementsOf(
            IntStream.rangeClosed(1, 1_000).mapToObj(Long::valueOf).toList());
    for (int thread = 0; thread < 4; thread++) {
      String from = thread + ":";
      assertThat(texts(all).stream().filter(text -> text.startsWith(from)))
          .containsExactlyElementsOf(
              IntStream.range(0, 250).mapToObj(count -> from + count).toList());
    }
  }

  @ParameterizedTest
  @EnumSource
  void whoAsksForTooMuchAtOnceIsToldSo(Behind behind) {
    // Given
    var large = new Publication(new byte[100_000], null, 0, Map.of(), 0);
    List<Future<Appended>> answers = new ArrayList<>();

    // When
    for (int count = 0; count < 100; count++) {
      answers.add(behind.streams().append(channel, Draft.of(large), KEPT));
    }
    get(Future.join(answers).otherwiseEmpty());

    // Then
    assertThat(answers.stream().filter(Future::failed).map(Future::cause))
        .isNotEmpty()
        .allSatisfy(
            failure -> assertThat(((StreamException) failure).reason()).isEqualTo(Reason.FULL));
    long kept = answers.stream().filter(Future::succeeded).count();
    assertThat(get(behind.streams().read(channel, Query.TOP)).top().offset()).isEqualTo(kept);
    assertThat(kept).isGreaterThanOrEqualTo(9);
  }

  @ParameterizedTest
  @EnumSource
  void withoutAMajorityNothingIsKept(Behind behind) {
    // Given
    get(append(behind, "one"));
    behind.cluster().hosts().forEach(host -> host.quorum().set(false));

    // When
    var refused = assertThatThrownBy(() -> get(append(behind, "two")));
    behind.cluster().hosts().forEach(host -> host.quorum().set(true));

    // Then
    refused
        .isInstanceOf(StreamException.class)
        .extracting(failure -> ((StreamException) failure).reason())
        .isEqualTo(Reason.NO_QUORUM);
    assertThat(texts(get(behind.streams().read(channel, ALL)))).containsExactly("one");
  }

  @ParameterizedTest
  @EnumSource
  void whatIsTooOldIsSweptAway(Behind behind) {
    // Given
    double before = held(behind);
    var brief = new Retention(10, Duration.ofSeconds(10), Duration.ofSeconds(20));
    Position old = get(behind.streams().append(channel, draft("one"), brief)).position();
    await().until(() -> held(behind) > before);

    // When
    behind.cluster().hosts().forEach(host -> host.clock().jump(Duration.ofSeconds(60)));
    for (int tick = 0; tick < 2 * 1_024 / 8; tick++) {
      behind.cluster().hosts().forEach(host -> host.streams().onTick());
    }

    // Then
    await().until(() -> held(behind) <= before);
    assertThat(get(behind.streams().read(channel, Query.TOP)).top().epoch())
        .isNotEqualTo(old.epoch());
  }

  private static void awaitZero(CountDownLatch start) {
    try {
      start.await();
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    }
  }

  @ParameterizedTest
  @EnumSource
  void equalReadsShareAnAnswerThatIsYoungerThanAllOfThem(Behind behind) {
    // Given
    double shared = behind.host().count("switchboard.stream.reads", "outcome", "shared");
    List<Future<Slice>> reads = new ArrayList<>();
    List<Future<Appended>> appends = new ArrayList<>();

    // When
    for (int count = 0; count < 200; count++) {
      Future<Slice> behindIt =
          append(behind, "any").compose(_ -> behind.streams().read(channel, Query.TOP));
      appends.add(append(behind, "other"));
      reads.add(behind.streams().read(channel, Query.TOP));
      reads.add(behindIt);
    }
    get(Future.all(reads));
    get(Future.all(appends));

    // Then
    assertThat(behind.host().count("switchboard.stream.reads", "outcome", "shared"))
        .isGreaterThan(shared);
  }

  @ParameterizedTest
  @EnumSource
  void aReadShowsWhatWasAnsweredBeforeIt(Behind behind) {
    for (int count = 1; count <= 100; count++) {
      // Given
      Future<Slice> earlier = behind.streams().read(channel, Query.TOP);
      long appended = get(append(behind, "any")).position().offset();

      // When
      Slice later = get(behind.streams().read(channel, Query.TOP));

      // Then
      assertThat(later.top().offset()).isEqualTo(appended);
      get(earlier);
    }
  }

  private static double held(Behind behind) {
    return behind.cluster().hosts().stream()
        .mapToDouble(host -> host.registry().get("switchboard.streams").gauge().value())
        .sum();
  }

  private Future<Appended> append(Behind behind, String text) {
    return behind.streams().append(channel, draft(text), KEPT);
  }

  private static Draft draft(String text) {
    return Draft.of(publication(text));
  }

  private static Publication publication(String text) {
    return Publication.of(text.getBytes(StandardCharsets.UTF_8), null);
  }

  private static List<String> texts(Slice slice) {
    return slice.publications().stream()
        .map(one -> new String(one.data(), StandardCharsets.UTF_8))
        .toList();
  }
}
