package dev.switchboard.routing;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.switchboard.auth.SubscriptionTerms;
import dev.switchboard.auth.SubscriptionTerms.Option;
import dev.switchboard.presence.Member;
import dev.switchboard.presence.PresencePage;
import dev.switchboard.protocol.ClientId;
import dev.switchboard.protocol.MalformedException;
import dev.switchboard.routing.proto.PeerAnswer;
import dev.switchboard.routing.proto.PeerChannels;
import dev.switchboard.routing.proto.PeerClientInfo;
import dev.switchboard.routing.proto.PeerCommands;
import dev.switchboard.routing.proto.PeerCounted;
import dev.switchboard.routing.proto.PeerDeliveries;
import dev.switchboard.routing.proto.PeerDelivery;
import dev.switchboard.routing.proto.PeerDisconnect;
import dev.switchboard.routing.proto.PeerInfoQuestion;
import dev.switchboard.routing.proto.PeerMessage;
import dev.switchboard.routing.proto.PeerNodeView;
import dev.switchboard.routing.proto.PeerNotKnown;
import dev.switchboard.routing.proto.PeerOrder;
import dev.switchboard.routing.proto.PeerPosition;
import dev.switchboard.routing.proto.PeerPresence;
import dev.switchboard.routing.proto.PeerPresenceQuestion;
import dev.switchboard.routing.proto.PeerQuestion;
import dev.switchboard.routing.proto.PeerRefresh;
import dev.switchboard.routing.proto.PeerStatsQuestion;
import dev.switchboard.routing.proto.PeerSubscribe;
import dev.switchboard.routing.proto.PeerUnsubscribe;
import dev.switchboard.routing.proto.PeerUsers;
import dev.switchboard.stream.Position;
import dev.switchboard.tenure.TenureCodec;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// The bytes in which nodes write questions and answers: `peer.proto`.
///
/// Pure functions. Fields are added and never renumbered, so neighbouring versions understand each
/// other; what a version does not know at all is malformed to it.
final class PeerCodec {
  private PeerCodec() {}

  static byte[] encode(Question question) {
    var message = PeerQuestion.newBuilder();
    switch (question) {
      case Question.Tell(var recipient, var order) -> message.setOrder(toProto(recipient, order));
      case Question.Presence presence -> message.setPresence(toProto(presence));
      case Question.PresenceStats(var channel, boolean own) ->
          message.setPresenceStats(PeerStatsQuestion.newBuilder().setChannel(channel).setOwn(own));
      case Question.Channels(var pattern) -> message.setChannels(pattern);
      case Question.Overview() -> message.setInfo(PeerInfoQuestion.getDefaultInstance());
      case Question.Release(var release) ->
          message.setRelease(ByteString.copyFrom(TenureCodec.encode(release)));
    }
    return message.build().toByteArray();
  }

  static Question question(byte[] bytes) throws MalformedException {
    try {
      PeerQuestion message = PeerQuestion.parseFrom(bytes);
      return switch (message.getQuestionCase()) {
        case ORDER -> new Question.Tell(recipient(message.getOrder()), order(message.getOrder()));
        case PRESENCE -> presence(message.getPresence());
        case PRESENCE_STATS ->
            new Question.PresenceStats(
                message.getPresenceStats().getChannel(), message.getPresenceStats().getOwn());
        case CHANNELS -> new Question.Channels(message.getChannels());
        case INFO -> new Question.Overview();
        case RELEASE ->
            TenureCodec.giveUp(message.getRelease().toByteArray())
                .map(Question.Release::new)
                .orElseThrow(() -> new MalformedException("a release cut short"));
        case QUESTION_NOT_SET -> throw new MalformedException("an unknown question");
      };
    } catch (InvalidProtocolBufferException broken) {
      throw malformed(broken);
    }
  }

  private static PeerPresenceQuestion toProto(Question.Presence question) {
    var message =
        PeerPresenceQuestion.newBuilder()
            .setChannel(question.channel())
            .setOwn(question.own())
            .setLimit(question.limit());
    question.after().ifPresent(id -> message.setAfter(id.toString()));
    return message.build();
  }

  private static Question presence(PeerPresenceQuestion message) throws MalformedException {
    if (message.getLimit() <= 0) {
      throw new MalformedException("a page of nobody");
    }
    return new Question.Presence(
        message.getChannel(), message.getOwn(), place(message.getAfter()), message.getLimit());
  }

  private static Optional<ClientId> place(String text) throws MalformedException {
    return text.isEmpty() ? Optional.empty() : Optional.of(clientId(text));
  }

  private static PeerOrder toProto(Recipient recipient, Order order) {
    var message = PeerOrder.newBuilder();
    switch (recipient) {
      case Recipient.Client(var id) -> message.setClient(id.toString());
      case Recipient.User(var user) -> message.setUser(user);
    }
    switch (order) {
      case Order.Message(var data) ->
          message.setMessage(PeerMessage.newBuilder().setData(ByteString.copyFrom(data)));
      case Order.Disconnect(int code, var reason, var spared) ->
          message.setDisconnect(
              PeerDisconnect.newBuilder()
                  .setCode(code)
                  .setReason(reason)
                  .addAllSpared(spared.stream().map(ClientId::toString).toList()));
      case Order.Unsubscribe(var channel, int code, var reason) ->
          message.setUnsubscribe(
              PeerUnsubscribe.newBuilder().setChannel(channel).setCode(code).setReason(reason));
      case Order.Subscribe subscribe -> message.setSubscribe(toProto(subscribe));
      case Order.Refresh(boolean expired, long expireAt, var info) -> {
        var refresh = PeerRefresh.newBuilder().setExpired(expired).setExpireAt(expireAt);
        optional(info).ifPresent(refresh::setInfo);
        message.setRefresh(refresh);
      }
      case Order.Commands(var secret, var commands) ->
          message.setCommands(
              PeerCommands.newBuilder()
                  .setSecret(secret)
                  .setMessage(ByteString.copyFrom(commands)));
    }
    return message.build();
  }

  private static PeerSubscribe toProto(Order.Subscribe order) {
    SubscriptionTerms terms = order.terms();
    var subscribe =
        PeerSubscribe.newBuilder().setChannel(order.channel()).setExpireAt(terms.expireAt());
    optional(terms.info()).ifPresent(subscribe::setInfo);
    optional(terms.data()).ifPresent(subscribe::setData);
    terms.overrides().forEach((option, on) -> subscribe.putOverrides(option.label(), on));
    order
        .since()
        .map(since -> PeerPosition.newBuilder().setEpoch(since.epoch()).setOffset(since.offset()))
        .ifPresent(subscribe::setSince);
    return subscribe.build();
  }

  private static Recipient recipient(PeerOrder order) throws MalformedException {
    return switch (order.getRecipientCase()) {
      case CLIENT -> new Recipient.Client(clientId(order.getClient()));
      case USER -> new Recipient.User(order.getUser());
      case RECIPIENT_NOT_SET -> throw new MalformedException("an order for nobody");
    };
  }

  private static Order order(PeerOrder order) throws MalformedException {
    return switch (order.getOrderCase()) {
      case MESSAGE -> new Order.Message(order.getMessage().getData().toByteArray());
      case DISCONNECT -> {
        PeerDisconnect message = order.getDisconnect();
        yield new Order.Disconnect(
            message.getCode(), message.getReason(), clientIds(message.getSparedList()));
      }
      case UNSUBSCRIBE -> unsubscribe(order.getUnsubscribe());
      case SUBSCRIBE -> subscribe(order.getSubscribe());
      case REFRESH -> {
        PeerRefresh message = order.getRefresh();
        yield new Order.Refresh(
            message.getExpired(),
            message.getExpireAt(),
            bytes(message.hasInfo(), message.getInfo()));
      }
      case COMMANDS -> {
        PeerCommands message = order.getCommands();
        yield new Order.Commands(message.getSecret(), message.getMessage().toByteArray());
      }
      case ORDER_NOT_SET -> throw new MalformedException("an unknown order");
    };
  }

  private static Order unsubscribe(PeerUnsubscribe message) {
    // A node of a version that knew one code only.
    return message.getCode() == 0
        ? Order.Unsubscribe.byServer(message.getChannel())
        : new Order.Unsubscribe(message.getChannel(), message.getCode(), message.getReason());
  }

  private static Order subscribe(PeerSubscribe message) {
    PeerPosition since = message.getSince();
    Map<Option, Boolean> overrides = new EnumMap<>(Option.class);
    for (Option option : Option.values()) {
      Boolean on = message.getOverridesMap().get(option.label());
      if (on != null) {
        overrides.put(option, on);
      }
    }
    return new Order.Subscribe(
        message.getChannel(),
        new SubscriptionTerms(
            bytes(message.hasInfo(), message.getInfo()),
            bytes(message.hasData(), message.getData()),
            message.getExpireAt(),
            overrides),
        message.hasSince()
            ? Optional.of(new Position(since.getEpoch(), since.getOffset()))
            : Optional.empty());
  }

  static byte[] encode(Answer answer) {
    var message = PeerAnswer.newBuilder();
    switch (answer) {
      case Answer.Deliveries(var deliveries) ->
          message.setDeliveries(
              PeerDeliveries.newBuilder()
                  .addAllDeliveries(deliveries.stream().map(PeerCodec::toProto).toList()));
      case Answer.Present(var page) -> message.setPresence(toProto(page));
      case Answer.Counted(int clients, int users) ->
          message.setCounted(PeerCounted.newBuilder().setClients(clients).setUsers(users));
      case Answer.NotKnown() -> message.setNotKnown(PeerNotKnown.getDefaultInstance());
      case Answer.Users(var sessions) ->
          message.setUsers(PeerUsers.newBuilder().putAllSessions(sessions));
      case Answer.Channels(var subscribers) ->
          message.setChannels(PeerChannels.newBuilder().putAllSubscribers(subscribers));
      case Answer.View(var view) -> message.setInfo(toProto(view));
      case Answer.Released(var word) ->
          message.setReleased(ByteString.copyFrom(TenureCodec.encode(word)));
    }
    return message.build().toByteArray();
  }

  static Answer answer(byte[] bytes) throws MalformedException {
    try {
      PeerAnswer message = PeerAnswer.parseFrom(bytes);
      return switch (message.getAnswerCase()) {
        case DELIVERIES ->
            new Answer.Deliveries(
                message.getDeliveries().getDeliveriesList().stream()
                    .map(PeerCodec::delivery)
                    .toList());
        case PRESENCE -> new Answer.Present(page(message.getPresence()));
        case COUNTED ->
            new Answer.Counted(message.getCounted().getClients(), message.getCounted().getUsers());
        case NOT_KNOWN -> new Answer.NotKnown();
        case USERS -> new Answer.Users(message.getUsers().getSessionsMap());
        case CHANNELS -> new Answer.Channels(message.getChannels().getSubscribersMap());
        case INFO -> new Answer.View(view(message.getInfo()));
        case RELEASED ->
            TenureCodec.gaveUp(message.getReleased().toByteArray())
                .map(Answer.Released::new)
                .orElseThrow(() -> new MalformedException("a word cut short"));
        case ANSWER_NOT_SET -> throw new MalformedException("an unknown answer");
      };
    } catch (InvalidProtocolBufferException broken) {
      throw malformed(broken);
    }
  }

  private static PeerDelivery toProto(Delivery delivery) {
    return PeerDelivery.newBuilder()
        .setClient(delivery.client())
        .setOutcome(delivery.outcome().name())
        .setReason(delivery.reason().map(Delivery.Reason::name).orElse(""))
        .build();
  }

  private static Delivery delivery(PeerDelivery message) {
    // A word of a newer version says no more than that it is unknown here.
    var outcome =
        find(Delivery.Outcome.values(), message.getOutcome()).orElse(Delivery.Outcome.UNKNOWN);
    return new Delivery(
        message.getClient(), outcome, find(Delivery.Reason.values(), message.getReason()));
  }

  private static <E extends Enum<E>> Optional<E> find(E[] values, String name) {
    for (E value : values) {
      if (value.name().equals(name)) {
        return Optional.of(value);
      }
    }
    return Optional.empty();
  }

  private static PeerPresence toProto(PresencePage page) {
    var message = PeerPresence.newBuilder();
    page.members().forEach(member -> message.addClients(toProto(member)));
    page.next().ifPresent(id -> message.setNext(id.toString()));
    return message.build();
  }

  private static PresencePage page(PeerPresence message) throws MalformedException {
    List<Member> members = new ArrayList<>();
    for (PeerClientInfo client : message.getClientsList()) {
      members.add(member(client));
    }
    return new PresencePage(members, place(message.getNext()));
  }

  private static PeerClientInfo toProto(Member member) {
    var message =
        PeerClientInfo.newBuilder().setUser(member.user()).setClient(member.id().toString());
    optional(member.connInfo()).ifPresent(message::setConnInfo);
    optional(member.chanInfo()).ifPresent(message::setChanInfo);
    return message.build();
  }

  private static Member member(PeerClientInfo message) throws MalformedException {
    return new Member(
        clientId(message.getClient()),
        message.getUser(),
        bytes(message.hasConnInfo(), message.getConnInfo()),
        bytes(message.hasChanInfo(), message.getChanInfo()));
  }

  private static PeerNodeView toProto(NodeView view) {
    return PeerNodeView.newBuilder()
        .setUid(view.uid())
        .setName(view.name())
        .setVersion(view.version())
        .setClients(view.clients())
        .setUsers(view.users())
        .setChannels(view.channels())
        .setSubscriptions(view.subscriptions())
        .setUptimeSeconds(view.uptimeSeconds())
        .setState(view.state())
        .build();
  }

  private static NodeView view(PeerNodeView message) {
    return new NodeView(
        message.getUid(),
        message.getName(),
        message.getVersion(),
        message.getClients(),
        message.getUsers(),
        message.getChannels(),
        message.getSubscriptions(),
        message.getUptimeSeconds(),
        message.getState());
  }

  private static Set<ClientId> clientIds(List<String> texts) {
    return texts.stream()
        .flatMap(text -> ClientId.parse(text).stream())
        .collect(Collectors.toUnmodifiableSet());
  }

  private static ClientId clientId(String text) throws MalformedException {
    return ClientId.parse(text).orElseThrow(() -> new MalformedException("no client id"));
  }

  private static Optional<ByteString> optional(byte[] bytes) {
    return Optional.ofNullable(bytes).map(ByteString::copyFrom);
  }

  private static byte[] bytes(boolean present, ByteString bytes) {
    return present ? bytes.toByteArray() : null;
  }

  private static MalformedException malformed(InvalidProtocolBufferException cause) {
    return new MalformedException("not protobuf: " + cause.getMessage());
  }
}
