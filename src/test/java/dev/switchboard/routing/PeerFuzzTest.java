package dev.switchboard.routing;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.switchboard.auth.SubscriptionTerms;
import dev.switchboard.auth.SubscriptionTerms.Option;
import dev.switchboard.presence.Member;
import dev.switchboard.presence.PresencePage;
import dev.switchboard.protocol.ClientId;
import dev.switchboard.protocol.ClientInfo;
import dev.switchboard.protocol.MalformedException;
import dev.switchboard.protocol.Publication;
import dev.switchboard.protocol.Push;
import dev.switchboard.stream.Position;
import dev.switchboard.tenure.Copy;
import dev.switchboard.tenure.GaveUp;
import dev.switchboard.tenure.GiveUp;
import dev.switchboard.tenure.Title;
import dev.switchboard.testkit.Execution;
import dev.switchboard.testkit.Retelling;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// Any bytes as what another node asks, answers and publishes: the first byte says as which.
class PeerFuzzTest {
  private static final int QUESTION = 0;
  private static final int ANSWER = 1;
  private static final int PUBLICATION = 2;
  private static final ClientId ID = new ClientId(1, 2, 3, 4);
  private static final byte[] JSON = "{\"a\":[1,null]}".getBytes(UTF_8);

  @FuzzTest
  void words(byte[] input) throws Exception {
    Execution.watch(input, PeerFuzzTest::take);
  }

  private static void take(byte[] input) throws Exception {
    byte[] rest = input.length == 0 ? input : Arrays.copyOfRange(input, 1, input.length);
    switch (input.length == 0 ? QUESTION : input[0] & 3) {
      case QUESTION ->
          Retelling.check(rest, PeerCodec::question, PeerCodec::encode, MalformedException.class);
      case ANSWER ->
          Retelling.check(rest, PeerCodec::answer, PeerCodec::encode, MalformedException.class);
      default ->
          Retelling.check(
              rest,
              PublicationCodec::decode,
              read -> PublicationCodec.encode(read.push(), read.epoch(), read.deltas()),
              MalformedException.class);
    }
  }

  /// Inputs to start from.
  static Map<String, byte[]> seeds() {
    Map<String, byte[]> seeds = new TreeMap<>();
    questions().forEach((name, one) -> seeds.put(name, input(QUESTION, PeerCodec.encode(one))));
    answers().forEach((name, one) -> seeds.put(name, input(ANSWER, PeerCodec.encode(one))));
    seeds.putAll(publications());
    return seeds;
  }

  private static byte[] input(int kind, byte[] bytes) {
    byte[] input = new byte[1 + bytes.length];
    input[0] = (byte) kind;
    System.arraycopy(bytes, 0, input, 1, bytes.length);
    return input;
  }

  private static Order subscribe() {
    var terms = new SubscriptionTerms(JSON, null, 9, Map.of(Option.PRESENCE, false));
    return new Order.Subscribe("news", terms, Optional.of(new Position("e", 7)));
  }

  private static Map<String, Question> questions() {
    var ada = new Recipient.User("ada");
    var client = new Recipient.Client(ID);
    var copy = new Copy(-7, new Title(-1, 2, 3, 4, -5, 6), 8);
    return Map.of(
        "tell-message", new Question.Tell(ada, new Order.Message(JSON)),
        "tell-disconnect", new Question.Tell(ada, new Order.Disconnect(4_000, "again", Set.of(ID))),
        "tell-unsubscribe", new Question.Tell(client, Order.Unsubscribe.byServer("news")),
        "tell-subscribe", new Question.Tell(client, subscribe()),
        "tell-refresh", new Question.Tell(ada, new Order.Refresh(true, 7, JSON)),
        "tell-commands", new Question.Tell(client, new Order.Commands("secret", JSON)),
        "who", new Question.Presence("news", true, Optional.of(ID), 100),
        "how-many", new Question.PresenceStats("news", false),
        "channels", new Question.Channels("a*"),
        "release", new Question.Release(new GiveUp(1, copy, 4, GiveUp.Plea.GIVE)));
  }

  private static Map<String, Answer> answers() {
    var delivery = Delivery.dropped(ID.toString(), Delivery.Reason.BUSY);
    var member = new Member(ID, "ada", JSON, null);
    return Map.of(
        "deliveries", new Answer.Deliveries(List.of(delivery)),
        "present", new Answer.Present(new PresencePage(List.of(member), Optional.of(ID))),
        "counted", new Answer.Counted(7, 3),
        "not-known", new Answer.NotKnown(),
        "users", new Answer.Users(Map.of("ada", 2)),
        "subscribers", new Answer.Channels(Map.of("news", 2)),
        "view", new Answer.View(new NodeView("f", "first", "1", 1, 2, 3, 4, 5, "serving")),
        "released", new Answer.Released(new GaveUp(1, -2, 3, 4, 5, 6, true, false)));
  }

  private static Map<String, byte[]> publications() {
    var info = new ClientInfo("ada", ID.toString(), JSON, JSON);
    var whole = new Publication(JSON, info, 7, new TreeMap<>(Map.of("a", "1", "b", "\u00fc")), 9);
    var bare = Publication.of(new byte[] {0, -1}, null);
    return Map.of(
        "publication-bare",
        input(PUBLICATION, PublicationCodec.encode(new Push.Publish("news", bare))),
        "publication-whole",
        input(PUBLICATION, PublicationCodec.encode(new Push.Publish("news", whole), "e", true)));
  }
}
