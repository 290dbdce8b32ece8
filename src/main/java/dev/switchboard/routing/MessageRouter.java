package dev.switchboard.routing;

import dev.switchboard.feed.StreamEnvelope;
import dev.switchboard.peer.PeerReply;
import dev.switchboard.presence.Attendance;
import dev.switchboard.presence.Presence;
import dev.switchboard.presence.PresenceDesk;
import dev.switchboard.presence.PresencePage;
import dev.switchboard.protocol.ClientId;
import dev.switchboard.protocol.Publication;
import dev.switchboard.protocol.Push;
import dev.switchboard.session.Envelope;
import dev.switchboard.tenure.GaveUp;
import dev.switchboard.tenure.GiveUp;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// The one door to every session and channel of the cluster. Safe on any thread.
///
/// Who owns a session is read off its id, who subscribes off the interest of the nodes; each node
/// is asked, or told, once. Messages from one thread reach each event loop, of whatever node, in
/// the order in which they were given to the router.
public final class MessageRouter {
  private final NodeIdentity node;
  private final Loops loops;
  private Optional<PeerVerticle> peers = Optional.empty();
  private RouteKey.Claims claims;
  private PresenceDesk presence;
  private volatile Function<GiveUp, Future<GaveUp>> holder =
      _ -> Future.failedFuture("the streams are not open yet");

  /// @param node who this node is
  /// @param claims where event loops say what they want to hear of, until it is connected
  /// @param ageMax after which a publication is worthless: `link.age_max`
  /// @param onLate run for each publication that an event loop took up too late; any thread
  public MessageRouter(
      NodeIdentity node, RouteKey.Claims claims, Duration ageMax, Runnable onLate) {
    this.node = node;
    this.claims = claims;
    this.loops = new Loops(node, ageMax, onLate);
  }

  /// Connects it to the other nodes; to be called before anybody else knows the router.
  public void connect(PeerVerticle verticle) {
    peers = Optional.of(verticle);
    claims = verticle;
    presence = verticle.presence();
  }

  /// Keeps who is on which channel on a loop of its own, as there are no other nodes; to be called
  /// before anybody else knows the router.
  public void standAlone(Context loop) {
    var members = new Presence(loops);
    var mailbox = new Mailbox(loop, members::endTurn);
    presence = new PresenceDesk(mailbox::post, members, _ -> 0);
  }

  /// Where event loops say who of their sessions is on a channel.
  public PresenceDesk presence() {
    return presence;
  }

  /// Gives up the nodes without which there is no majority: streams begin anew, with new epochs, on
  /// those that are there.
  ///
  /// @return whether it did; not while a majority is there, and never in no cluster
  public Future<Boolean> resetQuorum() {
    return peers.map(PeerVerticle::resetQuorum).orElse(Future.succeededFuture(false));
  }

  /// This node's event loops.
  Loops loops() {
    return loops;
  }

  /// The way of publications to other nodes, if this one is in a cluster.
  Optional<PeerPublications> publications() {
    return peers.map(PeerVerticle::publications);
  }

  /// Adds an event loop; called once by each WebSocket verticle before it accepts sockets.
  public void add(Inbox inbox) {
    loops.add(inbox);
  }

  /// Takes an event loop out when its verticle stops.
  public void remove(Inbox inbox) {
    loops.remove(inbox);
  }

  /// Begins another stay in the cluster: every session and every handshake of this node ends with
  /// 3011, and whoever comes after that gets an id of the new incarnation.
  ///
  /// @return completes when that is so on every event loop
  public Future<Void> renew(long incarnation) {
    return loops
        .gather(
            inbox -> {
              inbox.renew(incarnation);
              return Future.succeededFuture();
            })
        .onSuccess(_ -> node.renew(incarnation))
        .mapEmpty();
  }

  /// Asks to hear of a key, for the first on that loop who wants to; called on the inbox's loop.
  ///
  /// @param confirmed runs on that loop once every node that may send here knows; when not
  ///   clustered, before this returns. In vain after [#release]
  public void claim(RouteKey key, Inbox inbox, Runnable confirmed) {
    claims.claim(key, inbox, confirmed);
  }

  /// Gives up a claim after the last on that loop; called on the inbox's loop, once per claim.
  public void release(RouteKey key, Inbox inbox) {
    claims.release(key, inbox);
  }

  /// Publishes to a channel, at most once per subscriber.
  ///
  /// @return completes when every event loop of this node has handed it to its subscribers, and the
  ///   other nodes' messages are on their way, so whoever subscribes after that never gets it;
  ///   fails with [BusyException], and has failed when this returns, if too much is under way: then
  ///   nobody gets it
  public Future<Void> publish(String channel, Publication publication) {
    long acceptedAt = System.nanoTime();
    var push = new Push.Publish(channel, publication);
    if (peers.isPresent()) {
      try {
        peers.get().publications().publish(push, acceptedAt);
      } catch (BusyException busy) {
        return Future.failedFuture(busy);
      }
    }
    return loops.publish(new Envelope(push, acceptedAt));
  }

  /// Tells subscribers of a publication that the channel's stream holds.
  ///
  /// Where it does not get to, because a node is slow or was away, the receiver finds it in the
  /// log.
  public void tell(StreamEnvelope envelope) {
    peers.ifPresent(others -> others.publications().publish(envelope));
    loops.deliver(envelope);
  }

  /// Whether this node does not know at the moment who is interested in what: whoever publishes
  /// should come back later.
  public boolean resynchronising() {
    return peers.isPresent() && peers.get().resynchronising();
  }

  /// Has an order carried out for every session of the recipient, on whatever node.
  ///
  /// @return one delivery per session, or a single one that says nobody is there
  public Future<List<Delivery>> tell(Recipient recipient, Order order) {
    var question = new Question.Tell(recipient, order);
    return switch (recipient) {
      case Recipient.Client client when client.id().incarnation() != node.incarnation() ->
          tellOwner(client, question);
      case Recipient.Client _ ->
          loops
              .answer(question)
              .map(answer -> deliveries(recipient, List.of(new NodeAnswer.Given(answer))));
      case Recipient.User(var user) -> {
        var key = new RouteKey.User(user);
        var others = peers.map(verticle -> verticle.interested(key)).orElse(List.of());
        yield ask(question, others).map(answers -> deliveries(recipient, answers));
      }
    };
  }

  private Future<List<Delivery>> tellOwner(
      Recipient.Client recipient, Question.OfSessions question) {
    if (peers.isEmpty()) {
      return Future.succeededFuture(List.of(nobody(recipient)));
    }
    return Loops.onCaller(peers.get().questions().ask(recipient.id().incarnation(), question))
        .map(answer -> deliveries(recipient, List.of(answer)));
  }

  private static List<Delivery> deliveries(Recipient recipient, List<NodeAnswer> answers) {
    List<Delivery> all = new ArrayList<>();
    for (NodeAnswer answer : answers) {
      switch (answer) {
        case NodeAnswer.Given(var given) -> all.addAll(((Answer.Deliveries) given).deliveries());
        case NodeAnswer.Missing(var reason) ->
            Delivery.unanswered(recipient.text(), reason).ifPresent(all::add);
      }
    }
    return all.isEmpty() ? List.of(nobody(recipient)) : all;
  }

  private static Delivery nobody(Recipient recipient) {
    return Delivery.of(
        recipient.text(),
        switch (recipient) {
          case Recipient.Client _ -> Delivery.Outcome.UNKNOWN;
          case Recipient.User _ -> Delivery.Outcome.OFFLINE;
        });
  }

  /// Who is on the channel, on all nodes.
  ///
  /// @param after where the last page ended; empty for the first one
  /// @param limit of the page, above 0
  public Future<PresencePage> presence(String channel, Optional<ClientId> after, int limit) {
    return known(new Question.Presence(channel, false, after, limit))
        .compose(
            answer ->
                answer instanceof Answer.Present(var page)
                    ? Future.succeededFuture(page)
                    : gathered(new Question.Presence(channel, true, after, limit)));
  }

  private Future<PresencePage> gathered(Question.Presence question) {
    return askAll(question, interested(question.channel()), Answer.Present.class)
        .map(
            answers ->
                PresencePage.of(
                    answers.stream().map(Answer.Present::page).toList(), question.limit()));
  }

  /// How many clients and distinct users are on the channel, on all nodes.
  public Future<PresenceCount> presenceStats(String channel) {
    return known(new Question.PresenceStats(channel, false))
        .compose(
            answer ->
                answer instanceof Answer.Counted(int clients, int users)
                    ? Future.succeededFuture(new PresenceCount(clients, users))
                    : counted(channel));
  }

  private Future<PresenceCount> counted(String channel) {
    return askAll(
            new Question.PresenceStats(channel, true), interested(channel), Answer.Users.class)
        .map(
            answers -> {
              var all = Loops.added(answers.stream().map(Answer.Users::sessions).toList());
              long clients = all.values().stream().mapToLong(Integer::longValue).sum();
              return new PresenceCount(clients, all.size());
            });
  }

  /// The answer of this node or of another one that knows all members, if there is one.
  private Future<Answer> known(Question.OfPresence question) {
    List<Long> others = new ArrayList<>(interested(question.channel()));
    Collections.shuffle(others);
    return answer(question).compose(answer -> orElse(answer, question, others));
  }

  private Future<Answer> orElse(Answer answer, Question.OfPresence question, List<Long> others) {
    if (!(answer instanceof Answer.NotKnown) || others.isEmpty()) {
      return Future.succeededFuture(answer);
    }
    return peers
        .orElseThrow()
        .questions()
        .ask(others.removeLast(), question)
        .map(other -> other instanceof NodeAnswer.Given(var given) ? given : answer)
        .compose(next -> orElse(next, question, others));
  }

  /// Answers for this node.
  Future<Answer> answer(Question question) {
    return switch (question) {
      case Question.OfSessions ofSessions -> loops.answer(ofSessions);
      case Question.Presence(var channel, boolean own, var after, int limit) ->
          look(channel, own, members -> new Answer.Present(members.page(after, limit)));
      case Question.PresenceStats(var channel, boolean own) ->
          look(channel, own, members -> own ? users(members) : counted(members));
      case Question.Release(var release) -> holder.apply(release).map(Answer.Released::new);
    };
  }

  private Future<Answer> look(String channel, boolean own, Function<Attendance, Answer> look) {
    Promise<Answer> answer = Promise.promise();
    presence.look(
        channel, own, look, found -> answer.complete(found.orElseGet(Answer.NotKnown::new)));
    return Loops.onCaller(answer.future());
  }

  private static Answer users(Attendance members) {
    return new Answer.Users(Map.copyOf(members.sessions()));
  }

  private static Answer counted(Attendance members) {
    return new Answer.Counted(members.size(), members.users());
  }

  /// From now on these streams answer who wants to go on with a shard. Any thread.
  public void release(Function<GiveUp, Future<GaveUp>> streams) {
    holder = streams;
  }

  /// Clients and distinct users on a channel.
  public record PresenceCount(long clients, long users) {}

  /// Channels with a subscriber on any node, with their number of subscribers.
  ///
  /// @param pattern a glob over whole names; empty matches all
  public Future<Map<String, Integer>> channels(String pattern) {
    return askAll(new Question.Channels(pattern), members(), Answer.Channels.class)
        .map(answers -> Loops.added(answers.stream().map(Answer.Channels::subscribers).toList()));
  }

  /// Every node as it is now, this one first; without those that do not answer.
  public Future<List<NodeView>> info() {
    return ask(new Question.Overview(), members())
        .map(
            answers ->
                answers.stream()
                    .filter(NodeAnswer.Given.class::isInstance)
                    .map(NodeAnswer.Given.class::cast)
                    .map(given -> ((Answer.View) given.answer()).view())
                    .toList());
  }

  /// Which routes this node has and knows of; empty when it is in no cluster.
  public Future<Optional<RoutesView>> routes() {
    return peers
        .map(verticle -> verticle.routes().map(Optional::of))
        .orElse(Future.succeededFuture(Optional.empty()));
  }

  /// Whether a node is in the cluster, as far as this one knows; it is so itself.
  public boolean isMember(long incarnation) {
    return incarnation == node.incarnation() || members().contains(incarnation);
  }

  private List<Long> members() {
    return peers.map(PeerVerticle::members).orElse(List.of());
  }

  private List<Long> interested(String channel) {
    return peers.map(others -> others.interested(new RouteKey.Channel(channel))).orElse(List.of());
  }

  /// Asks this node and others, all of which must answer but those that left.
  private <A extends Answer> Future<List<A>> askAll(
      Question question, List<Long> others, Class<A> kind) {
    return ask(question, others)
        .map(
            answers -> {
              List<A> all = new ArrayList<>();
              for (NodeAnswer answer : answers) {
                switch (answer) {
                  case NodeAnswer.Given(var given) -> all.add(kind.cast(given));
                  case NodeAnswer.Missing(var reason) -> require(reason);
                }
              }
              return all;
            });
  }

  private static void require(PeerReply.Reason reason) {
    switch (reason) {
      // Its sessions went with it.
      case GONE -> {}
      case BUSY -> throw new BusyException("too many questions to another node");
      case FAILED, LATE -> throw new NoAnswerException();
    }
  }

  /// Asks this node and others; the result completes on the caller's context.
  private Future<List<NodeAnswer>> ask(Question question, List<Long> others) {
    List<Future<NodeAnswer>> answers = new ArrayList<>();
    answers.add(answer(question).map(NodeAnswer.Given::new));
    peers.ifPresent(
        verticle ->
            others.forEach(other -> answers.add(verticle.questions().ask(other, question))));
    return Loops.onCaller(Future.all(answers).map(done -> done.<NodeAnswer>list()));
  }
}
