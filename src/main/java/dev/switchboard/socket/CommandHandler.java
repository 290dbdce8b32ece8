package dev.switchboard.socket;

import dev.switchboard.auth.Capability.Right;
import dev.switchboard.auth.Permissions;
import dev.switchboard.auth.Permissions.Verdict;
import dev.switchboard.channel.Policies;
import dev.switchboard.channel.Subscription;
import dev.switchboard.feed.Feeds;
import dev.switchboard.metrics.GatewayMetrics.Fault;
import dev.switchboard.metrics.GatewayMetrics.Initiator;
import dev.switchboard.presence.PresencePage;
import dev.switchboard.protocol.ClientInfo;
import dev.switchboard.protocol.CloseCode;
import dev.switchboard.protocol.Command;
import dev.switchboard.protocol.ErrorCode;
import dev.switchboard.protocol.MalformedException;
import dev.switchboard.protocol.Reply;
import dev.switchboard.protocol.UnencodableException;
import dev.switchboard.routing.BusyException;
import dev.switchboard.routing.NoAnswerException;
import dev.switchboard.schema.UnfitException;
import dev.switchboard.session.Session;
import dev.switchboard.session.SessionListener;
import dev.switchboard.stream.StreamException;
import dev.switchboard.wire.Frame;
import dev.switchboard.wire.RateLimit;
import dev.switchboard.wire.Socket;
import dev.switchboard.wire.SocketLoop;
import io.vertx.core.Future;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Carries out the commands of one event loop's sessions: the one exhaustive switch.
///
/// Confined to that loop. A mistake is answered with an error, a breach with a close code, never
/// both; a fault of ours is logged here, once.
final class CommandHandler implements SessionListener {
  private static final Logger LOG = LoggerFactory.getLogger(CommandHandler.class);

  private final OwnerLoop owner;
  private final Gateway gateway;
  private final SubscribeHandler subscribing;
  private final PublishHandler publishing;
  private final RefreshHandler refreshing;
  private final BackendCalls backends;
  private final HeldCommands held;
  private final RateLimit rate;
  private final boolean insecure;
  private final int membersMax;

  /// @param nextTurn runs what it is given in a later turn of the loop
  CommandHandler(Gateway gateway, OwnerLoop owner, Executor nextTurn) {
    var client = gateway.config().client();
    this.owner = owner;
    this.gateway = gateway;
    this.backends = new BackendCalls(gateway, owner);
    this.subscribing = new SubscribeHandler(gateway, owner, backends);
    this.publishing = new PublishHandler(gateway, owner, backends);
    this.refreshing = new RefreshHandler(gateway, owner);
    this.held = new HeldCommands(client, this::handle, nextTurn);
    this.rate = new RateLimit(client.commandsPerSecond(), client.commandsBurst());
    this.insecure = client.insecure();
    this.membersMax = gateway.config().presence().membersMax();
  }

  /// The rate limiter's state of a session that has just been opened.
  long fullBudget() {
    return rate.full(SocketLoop.nowMillis());
  }

  @Override
  public void onMessage(Session session, byte[] message) {
    if (session.socket().framing().isUnidirectional()) {
      return;
    }
    try {
      List<Command> commands = session.socket().framing().codec().decode(message);
      handleAll(session, commands, message.length / commands.size());
    } catch (MalformedException unreadable) {
      session.close(CloseCode.BAD_REQUEST);
    }
  }

  /// The commands that must wait.
  HeldCommands held() {
    return held;
  }

  /// Carries out commands in order, for as long as the session is open; some may have to wait.
  ///
  /// @param bytes what each cost on the wire, on average
  void handleAll(Session session, List<Command> commands, int bytes) {
    // Of one message: to read the clock for each would cost more than the limit.
    int now = SocketLoop.nowMillis();
    for (Command command : commands) {
      if (!session.isOpen()) {
        return;
      }
      gateway.metrics().onCommand(command);
      if (command instanceof Command.Pong
          || withinRate(session, command, now) && !held.take(session, command, bytes)) {
        handle(session, command);
      }
    }
  }

  private boolean withinRate(Session session, Command command, int nowMillis) {
    session.commandBudget(rate.take(session.commandBudget(), nowMillis));
    if (rate.allowed(session.commandBudget())) {
      return true;
    }
    if (rate.exhausted(session.commandBudget())) {
      session.close(CloseCode.TOO_MANY_REQUESTS);
    } else if (command.id() > 0) {
      refuse(session, command, ErrorCode.TOO_MANY_REQUESTS);
    }
    return false;
  }

  private void handle(Session session, Command command) {
    switch (command) {
      case Command.Connect _ -> session.close(CloseCode.BAD_REQUEST);
      case Command.Subscribe subscribe -> subscribing.onSubscribe(session, subscribe);
      case Command.Unsubscribe unsubscribe -> subscribing.onUnsubscribe(session, unsubscribe);
      case Command.SubRefresh refresh -> refreshing.onSubRefresh(session, refresh);
      case Command.Publish publish -> publishing.onPublish(session, publish);
      case Command.Presence presence -> onPresence(session, presence);
      case Command.PresenceStats stats -> onPresenceStats(session, stats);
      case Command.History history -> onHistory(session, history);
      case Command.Rpc rpc -> backends.onCall(session, rpc);
      case Command.Send _ -> session.close(CloseCode.NOT_AVAILABLE);
      case Command.Refresh refresh -> refreshing.onRefresh(session, refresh);
      case Command.Pong _ -> {
        if (!owner.sweep().onPong(session)) {
          session.close(CloseCode.BAD_REQUEST);
        }
      }
    }
  }

  /// Whether a right is granted whatever the channel's namespace says.
  boolean grants(Session session, Right right, Policies.Found.Policy policy) {
    return insecure || session.principal().may(right, policy.name().text());
  }

  private void onPresence(Session session, Command.Presence command) {
    ifAllowed(
        session,
        command,
        command.channel(),
        policy -> mayReadPresence(session, policy),
        _ ->
            answer(
                session,
                command,
                gateway.router().presence(command.channel(), Optional.empty(), membersMax),
                page -> present(command, page)));
  }

  /// All members or none: who gets a part would take the others for gone.
  private static Reply present(Command.Presence command, PresencePage page) {
    if (page.next().isPresent()) {
      return Reply.Error.of(command.id(), ErrorCode.LIMIT_EXCEEDED);
    }
    Map<String, ClientInfo> clients = new LinkedHashMap<>();
    page.members().forEach(member -> clients.put(member.id().toString(), member.info()));
    return new Reply.Presence(command.id(), clients);
  }

  private void onPresenceStats(Session session, Command.PresenceStats command) {
    ifAllowed(
        session,
        command,
        command.channel(),
        policy -> mayReadPresence(session, policy),
        _ ->
            answer(
                session,
                command,
                gateway.router().presenceStats(command.channel()),
                count -> new Reply.PresenceStats(command.id(), count.clients(), count.users())));
  }

  private Verdict mayReadPresence(Session session, Policies.Found.Policy policy) {
    boolean subscribed = session.subscriptions().find(policy.name().text()) != null;
    boolean granted = grants(session, Right.PRESENCE, policy);
    return Permissions.presence(session.principal(), policy.namespace(), subscribed, granted);
  }

  private void onHistory(Session session, Command.History command) {
    ifAllowed(
        session,
        command,
        command.channel(),
        policy -> mayReadHistory(session, policy),
        _ -> {
          var request = new HistoryRequest(command, gateway.replyBytesMax());
          if (!request.isLawful()) {
            refuse(session, command, ErrorCode.BAD_REQUEST);
          } else {
            answer(
                session,
                command,
                gateway.streams().read(command.channel(), request.query()),
                request::reply);
          }
        });
  }

  private Verdict mayReadHistory(Session session, Policies.Found.Policy policy) {
    boolean subscribed = session.subscriptions().find(policy.name().text()) != null;
    boolean granted = grants(session, Right.HISTORY, policy);
    return Permissions.history(session.principal(), policy.namespace(), subscribed, granted);
  }

  /// Carries out a command on a channel if its policy and `permission` let it.
  void ifAllowed(
      Session session,
      Command command,
      String channel,
      Function<Policies.Found.Policy, Verdict> permission,
      Consumer<Policies.Found.Policy> action) {
    switch (gateway.policies().find(channel)) {
      case Policies.Found.Refused(ErrorCode code) -> refuse(session, command, code);
      case Policies.Found.Policy policy -> {
        switch (permission.apply(policy)) {
          case Verdict.Allowed() -> action.accept(policy);
          case Verdict.Refused(ErrorCode code) -> refuse(session, command, code);
          case Verdict.Closed(CloseCode code) -> session.close(code);
        }
      }
    }
  }

  /// Replies with a result when it is there, or with error 100 when we failed.
  <T> void answer(Session session, Command command, Future<T> result, Function<T, Reply> toReply) {
    result
        .onSuccess(value -> answer(session, toReply.apply(value)))
        .onFailure(
            failure -> {
              switch (failure) {
                case BusyException _ -> refuse(session, command, ErrorCode.TOO_MANY_REQUESTS);
                case UnfitException unfit -> answer(session, unfit(command, unfit));
                // Of another node, whose fault it is; its links tell of it.
                case NoAnswerException _ -> refuse(session, command, ErrorCode.INTERNAL);
                case StreamException stream -> refuse(session, command, Feeds.codeOf(stream));
                default -> {
                  onFault(session, failure);
                  refuse(session, command, ErrorCode.INTERNAL);
                }
              }
            });
  }

  private static Reply unfit(Command command, UnfitException unfit) {
    var code = ErrorCode.BAD_REQUEST;
    String message = code.message() + ": " + unfit.getMessage();
    return new Reply.Error(command.id(), code.code(), message, code.temporary());
  }

  private void answer(Session session, Reply reply) {
    if (reply instanceof Reply.Error error) {
      gateway.metrics().onError(error.code());
    }
    reply(session, reply);
  }

  /// Goes on with a result that may be there already; what the client says meanwhile waits.
  ///
  /// @param result that does not fail
  <T> void whenDone(Session session, Future<T> result, Consumer<T> action) {
    if (result.isComplete()) {
      action.accept(result.result());
      return;
    }
    held.begin(session);
    result.onSuccess(
        value -> {
          if (session.isOpen()) {
            action.accept(value);
          }
          held.end(session);
        });
  }

  /// Something of ours failed.
  void onFault(Session session, Throwable failure) {
    LOG.atError().addKeyValue("sessionId", session.id()).setCause(failure).log("a command failed");
    gateway.metrics().onFault(Fault.COMMAND);
  }

  /// Answers a command with an error.
  void refuse(Session session, Command command, ErrorCode code) {
    gateway.metrics().onError(code.code());
    reply(session, Reply.Error.of(command.id(), code));
  }

  /// Sends a reply; 3506 when the socket's encoding cannot carry it.
  void reply(Session session, Reply reply) {
    send(session.socket(), reply);
  }

  /// Sends an error to a client that is not, and will never be, a session.
  void replyUnauthenticated(Socket socket, Reply.Error error) {
    gateway.metrics().onError(error.code());
    send(socket, error);
  }

  private static void send(Socket socket, Reply reply) {
    try {
      byte[] bytes = socket.framing().codec().encode(reply);
      socket.send(Frame.of(socket.framing(), bytes));
    } catch (UnencodableException notForThisEncoding) {
      socket.close(CloseCode.INAPPROPRIATE_PROTOCOL);
    }
  }

  @Override
  public void onExpired(Session session) {
    refreshing.onExpired(session);
  }

  @Override
  public void onExpired(Session session, Subscription<Session> subscription) {
    refreshing.onExpired(session, subscription);
  }

  @Override
  public void onClosed(Session session, int code, boolean byPeer) {
    held.drop(session);
    session.subscriptions().drain(owner.inbox()::remove);
    gateway
        .registrar()
        .ifPresent(
            registrar ->
                registrar.disconnected(
                    session.id(), session.principal().user(), code, CloseCode.reasonOf(code)));
    gateway.metrics().onClosed(code, byPeer ? Initiator.CLIENT : Initiator.SERVER);
    owner.accessLog().onClosed(session.id(), session.principal().user(), code, byPeer);
  }
}
