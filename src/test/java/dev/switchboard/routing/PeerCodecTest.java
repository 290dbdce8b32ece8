package dev.switchboard.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.UnknownFieldSet;
import dev.switchboard.auth.SubscriptionTerms;
import dev.switchboard.auth.SubscriptionTerms.Option;
import dev.switchboard.presence.Member;
import dev.switchboard.presence.PresencePage;
import dev.switchboard.protocol.ClientId;
import dev.switchboard.protocol.ClientIds;
import dev.switchboard.protocol.MalformedException;
import dev.switchboard.routing.proto.PeerAnswer;
import dev.switchboard.routing.proto.PeerDeliveries;
import dev.switchboard.routing.proto.PeerDelivery;
import dev.switchboard.routing.proto.PeerOrder;
import dev.switchboard.routing.proto.PeerQuestion;
import dev.switchboard.routing.proto.PeerUnsubscribe;
import dev.switchboard.stream.Position;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PeerCodecTest {
  private static final String CLIENT = new ClientId(1, 2, 3, 4).toString();

  private static Arbitrary<String> texts() {
    return Arbitraries.strings().withCharRange(' ', '~').withChars('ä', '日', '\n').ofMaxLength(12);
  }

  private static Arbitrary<byte[]> bytes() {
    return Arbitraries.bytes().array(byte[].class).ofMaxSize(20);
  }

  private static Arbitrary<byte[]> bytesOrNone() {
    return bytes().injectNull(0.3);
  }

  private static Arbitrary<Member> members() {
    return Combinators.combine(ClientIds.any(), texts(), bytesOrNone(), bytesOrNone())
        .as(Member::new);
  }

  private static Arbitrary<SubscriptionTerms> terms() {
    Arbitrary<Map<Option, Boolean>> overrides =
        Arbitraries.maps(Arbitraries.of(Option.class), Arbitraries.of(true, false));
    return Combinators.combine(bytesOrNone(), bytesOrNone(), Arbitraries.longs(), overrides)
        .as(SubscriptionTerms::new);
  }

  private static Arbitrary<Order> orders() {
    Arbitrary<Order> disconnects =
        Combinators.combine(
                Arbitraries.integers().between(3_000, 4_999),
                texts(),
                ClientIds.any().set().ofMaxSize(3).map(Set::copyOf))
            .as(Order.Disconnect::new);
    Arbitrary<Order> subscribes =
        Combinators.combine(
                texts(),
                terms(),
                Combinators.combine(texts(), Arbitraries.longs()).as(Position::new).optional())
            .as(Order.Subscribe::new);
    Arbitrary<Order> unsubscribes =
        Combinators.combine(texts(), Arbitraries.integers().between(2_000, 2_999), texts())
            .as(Order.Unsubscribe::new);
    Arbitrary<Order> refreshes =
        Combinators.combine(Arbitraries.of(true, false), Arbitraries.longs(), bytesOrNone())
            .as(Order.Refresh::new);
    return Arbitraries.oneOf(
        bytes().map(Order.Message::new), disconnects, unsubscribes, subscribes, refreshes);
  }

  @Provide
  Arbitrary<Question> questions() {
    Arbitrary<Recipient> recipients =
        Arbitraries.oneOf(
            ClientIds.any().map(Recipient.Client::new), texts().map(Recipient.User::new));
    Arbitrary<Boolean> flags = Arbitraries.of(true, false);
    return Arbitraries.oneOf(
        Combinators.combine(recipients, orders()).as(Question.Tell::new),
        Combinators.combine(
                texts(),
                flags,
                ClientIds.any().optional(),
                Arbitraries.integers().greaterOrEqual(1))
            .as(Question.Presence::new),
        Combinators.combine(texts(), flags).as(Question.PresenceStats::new),
        texts().map(Question.Channels::new),
        Arbitraries.create(Question.Overview::new));
  }

  private static Arbitrary<NodeView> views() {
    Arbitrary<Long> counts = Arbitraries.longs();
    Arbitrary<long[]> numbers = counts.array(long[].class).ofSize(5);
    return Combinators.combine(texts(), texts(), texts(), numbers, texts())
        .as(
            (uid, name, version, n, state) ->
                new NodeView(uid, name, version, n[0], n[1], n[2], n[3], n[4], state));
  }

  @Provide
  Arbitrary<Answer> answers() {
    var deliveries =
        Combinators.combine(
                texts(),
                Arbitraries.of(Delivery.Outcome.values()),
                Arbitraries.of(Delivery.Reason.values()).optional())
            .as(Delivery::new);
    var counts = Arbitraries.maps(texts(), Arbitraries.integers()).ofMaxSize(4);
    return Arbitraries.oneOf(
        deliveries.list().ofMaxSize(4).map(Answer.Deliveries::new),
        Combinators.combine(members().list().ofMaxSize(4), ClientIds.any().optional())
            .as((members, next) -> new Answer.Present(new PresencePage(members, next))),
        Combinators.combine(Arbitraries.integers(), Arbitraries.integers()).as(Answer.Counted::new),
        Arbitraries.create(Answer.NotKnown::new),
        counts.map(Answer.Users::new),
        counts.map(Answer.Channels::new),
        views().map(Answer.View::new));
  }

  @Property(tries = 500, edgeCases = EdgeCasesMode.NONE)
  void aQuestionComesBackFromItsBytes(@ForAll("questions") Question question)
      throws MalformedException {
    // When
    var back = PeerCodec.question(PeerCodec.encode(question));

    // Then
    assertThat(back).usingRecursiveComparison().isEqualTo(question);
  }

  @Property(tries = 500, edgeCases = EdgeCasesMode.NONE)
  void anAnswerComesBackFromItsBytes(@ForAll("answers") Answer answer) throws MalformedException {
    // When
    var back = PeerCodec.answer(PeerCodec.encode(answer));

    // Then
    assertThat(back).usingRecursiveComparison().isEqualTo(answer);
  }

  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  void aQuestionThatIsCutShortIsRefused(@ForAll("questions") Question question) {
    // Given
    byte[] whole = PeerCodec.encode(question);

    // Then
    for (int length = 0; length < whole.length; length++) {
      byte[] part = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> PeerCodec.question(part)).isInstanceOf(MalformedException.class);
    }
  }

  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  void anAnswerThatIsCutShortIsRefused(@ForAll("answers") Answer answer) {
    // Given
    byte[] whole = PeerCodec.encode(answer);

    // Then
    for (int length = 0; length < whole.length; length++) {
      byte[] part = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> PeerCodec.answer(part)).isInstanceOf(MalformedException.class);
    }
  }

  @Property(tries = 2_000)
  void whateverComesIsReadOrRefused(@ForAll byte[] bytes) {
    assertIsReadOrRefused(bytes);
  }

  private static void assertIsReadOrRefused(byte[] bytes) {
    for (Reader reader : List.<Reader>of(PeerCodec::question, PeerCodec::answer)) {
      try {
        assertThat(reader.read(bytes)).isNotNull();
      } catch (MalformedException refused) {
        assertThat(refused).hasMessageNotContaining("null");
      }
    }
  }

  private interface Reader {
    Object read(byte[] bytes) throws MalformedException;
  }

  @Test
  void absentAndEmptyBytesDiffer() throws MalformedException {
    // Given
    var absent = subscribe(null, new byte[0]);
    var empty = subscribe(new byte[0], null);

    // Then
    assertThat(orderBack(absent).terms().info()).isNull();
    assertThat(orderBack(absent).terms().data()).isEmpty();
    assertThat(orderBack(empty).terms().info()).isEmpty();
    assertThat(orderBack(empty).terms().data()).isNull();
  }

  private static Order.Subscribe subscribe(byte[] info, byte[] data) {
    return new Order.Subscribe(
        "a", new SubscriptionTerms(info, data, 0, Map.of()), Optional.empty());
  }

  private static Order.Subscribe orderBack(Order.Subscribe order) throws MalformedException {
    var question = new Question.Tell(new Recipient.User(""), order);
    var back = (Question.Tell) PeerCodec.question(PeerCodec.encode(question));
    return (Order.Subscribe) back.order();
  }

  @Test
  void wordsOfANewerVersionAreUnknownHere() throws MalformedException {
    // Given
    var delivery =
        PeerDelivery.newBuilder()
            .setClient(CLIENT)
            .setOutcome("TELEPORTED")
            .setReason("A_WHIM")
            .build();
    var deliveries = PeerDeliveries.newBuilder().addDeliveries(delivery);
    var answer = PeerAnswer.newBuilder().setDeliveries(deliveries).build();

    // When
    var back = (Answer.Deliveries) PeerCodec.answer(answer.toByteArray());

    // Then
    assertThat(back.deliveries())
        .containsExactly(new Delivery(CLIENT, Delivery.Outcome.UNKNOWN, Optional.empty()));
  }

  private static UnknownFieldSet newer() {
    var field = UnknownFieldSet.Field.newBuilder().addVarint(1).build();
    return UnknownFieldSet.newBuilder().addField(99, field).build();
  }

  @Test
  void kindsOfANewerVersionAreRefused() {
    // Given
    var question = PeerQuestion.newBuilder().setUnknownFields(newer()).build();
    var answer = PeerAnswer.newBuilder().setUnknownFields(newer()).build();
    var order = PeerOrder.newBuilder().setUser("alice").setUnknownFields(newer());
    var unknownOrder = PeerQuestion.newBuilder().setOrder(order).build();
    var nobody = PeerOrder.newBuilder().setUnsubscribe(PeerUnsubscribe.getDefaultInstance());
    var unknownRecipient = PeerQuestion.newBuilder().setOrder(nobody).build();

    // Then
    assertRefused(() -> PeerCodec.question(question.toByteArray()), "an unknown question");
    assertRefused(() -> PeerCodec.answer(answer.toByteArray()), "an unknown answer");
    assertRefused(() -> PeerCodec.question(unknownOrder.toByteArray()), "an unknown order");
    assertRefused(() -> PeerCodec.question(unknownRecipient.toByteArray()), "an order for nobody");
  }

  @Test
  void fieldsOfANewerVersionAreSkipped() throws MalformedException {
    // Given
    var question = PeerQuestion.newBuilder().setChannels("news").setUnknownFields(newer()).build();

    // Then
    assertThat(PeerCodec.question(question.toByteArray())).isEqualTo(new Question.Channels("news"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "bob", "AAAA", "!!!!!!!!!!!!!!!!!!!!!!!!!!!!"})
  void whatIsNoClientIdIsRefused(String client) {
    // Given
    var order =
        PeerOrder.newBuilder()
            .setClient(client)
            .setUnsubscribe(PeerUnsubscribe.getDefaultInstance());
    var question = PeerQuestion.newBuilder().setOrder(order).build();

    // Then
    assertRefused(() -> PeerCodec.question(question.toByteArray()), "no client id");
  }

  @Test
  void anUnsubscribeOfAnOlderNodeHasTheUsualCode() throws MalformedException {
    // Given
    var order = PeerOrder.newBuilder().setUser("bob");
    var unsubscribe = PeerUnsubscribe.newBuilder().setChannel("news").build();
    var question = PeerQuestion.newBuilder().setOrder(order.setUnsubscribe(unsubscribe)).build();

    // When
    var read = PeerCodec.question(question.toByteArray());

    // Then
    var expected = new Order.Unsubscribe("news", 2000, "server unsubscribe");
    assertThat(read).isEqualTo(new Question.Tell(new Recipient.User("bob"), expected));
  }

  private static void assertRefused(ThrowingCallable read, String message) {
    assertThatThrownBy(read).isInstanceOf(MalformedException.class).hasMessage(message);
  }
}
