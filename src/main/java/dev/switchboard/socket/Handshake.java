package dev.switchboard.socket;

import dev.switchboard.auth.ConnectionGrant;
import dev.switchboard.auth.TokenOutcome;
import dev.switchboard.backend.Call;
import dev.switchboard.backend.Verdict;
import dev.switchboard.channel.Policies;
import dev.switchboard.door.Admission;
import dev.switchboard.feed.Landing;
import dev.switchboard.metrics.GatewayMetrics.Initiator;
import dev.switchboard.protocol.CloseCode;
import dev.switchboard.protocol.Command;
import dev.switchboard.protocol.ErrorCode;
import dev.switchboard.protocol.MalformedException;
import dev.switchboard.protocol.Reply;
import dev.switchboard.session.Session;
import dev.switchboard.wire.Framing;
import dev.switchboard.wire.Socket;
import dev.switchboard.wire.SocketListener;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/// A socket whose client has not said who it is. Confined to its event loop.
///
/// It waits for the connect command, verifies the token, or asks a back end where clients may come
/// without one, and makes a [Session]; until then nothing exists that could subscribe or publish.
/// Beyond `client.stale_timeout` it is closed with 3502.
final class Handshake implements SocketListener {
  private final OwnerLoop owner;
  private final Admission.Ticket ticket;
  private final String address;
  private final Map<String, String> headers;
  private Socket socket;
  // What came while a back end was asked; empty before and after.
  private Optional<List<byte[]>> held = Optional.empty();
  private long heldBytes;
  private boolean failed;

  /// @param address of the client, for the access log
  /// @param headers of its request that back ends are told
  Handshake(
      OwnerLoop owner,
      Socket socket,
      Admission.Ticket ticket,
      String address,
      Map<String, String> headers) {
    this.owner = owner;
    this.socket = socket;
    this.ticket = ticket;
    this.address = address;
    this.headers = headers;
  }

  /// The time for a connect command is over.
  void onLate() {
    close(CloseCode.STALE);
  }

  /// Ends the handshake, unless it has ended.
  void close(CloseCode code) {
    if (socket != null) {
      socket.close(code);
    }
  }

  /// Lets go of the socket, which may be gone long before this leaves the queue of deadlines.
  private Socket end() {
    Socket last = socket;
    socket = null;
    held = Optional.empty();
    ticket.giveBack();
    return last;
  }

  @Override
  public void onClosed(int code, boolean byPeer) {
    end();
    owner.gateway().metrics().onClosed(code, byPeer ? Initiator.CLIENT : Initiator.SERVER);
  }

  @Override
  public void onMessage(byte[] message) {
    if (held.isPresent()) {
      hold(message);
      return;
    }
    long startedAt = System.nanoTime();
    try {
      List<Command> commands = socket.framing().codec().decode(message);
      if (!failed && commands.getFirst() instanceof Command.Connect connect) {
        var rest = commands.subList(1, commands.size());
        onConnect(new Attempt(connect, rest, startedAt));
      } else {
        socket.close(CloseCode.BAD_REQUEST);
      }
    } catch (MalformedException unreadable) {
      socket.close(CloseCode.BAD_REQUEST);
    }
  }

  /// Keeps what came too early; bounded as the commands of a session are that have to wait.
  private void hold(byte[] message) {
    var client = owner.gateway().config().client();
    held.get().add(message);
    heldBytes += message.length;
    if (held.get().size() > client.commandsBurst() || heldBytes > client.messageBytesMax()) {
      socket.close(CloseCode.TOO_MANY_REQUESTS);
    }
  }

  /// A connect command and what came with it.
  ///
  /// @param rest the commands behind it in its frame
  private record Attempt(Command.Connect connect, List<Command> rest, long startedAt) {}

  private void onConnect(Attempt attempt) {
    Command.Connect connect = attempt.connect();
    var client = owner.gateway().config().client();
    owner.gateway().metrics().onCommand(connect);
    if (!connect.token().isEmpty()) {
      byToken(attempt);
    } else if (client.connectProxy().enabled()) {
      byBackend(attempt, client.connectProxy().name());
    } else if (mayBeAnonymous()) {
      open(attempt, ConnectionGrant.ANONYMOUS);
    } else {
      socket.close(CloseCode.BAD_REQUEST);
    }
  }

  private void byToken(Attempt attempt) {
    Future<TokenOutcome<ConnectionGrant>> outcome =
        owner.tokens().connection(attempt.connect().token());
    if (!outcome.isComplete()) {
      held = Optional.of(new ArrayList<>());
    }
    outcome.onSuccess(
        known -> {
          if (isOpen()) {
            conclude(attempt, known);
          }
        });
  }

  private boolean isOpen() {
    return socket != null && socket.isOpen();
  }

  private void conclude(Attempt attempt, TokenOutcome<ConnectionGrant> outcome) {
    switch (outcome) {
      case TokenOutcome.Granted<ConnectionGrant>(var grant) -> {
        if (grant.principal().anonymous() && !mayBeAnonymous()) {
          socket.close(CloseCode.PERMISSION_DENIED);
        } else {
          openAndGoOn(attempt, grant);
        }
      }
      case TokenOutcome.Expired<ConnectionGrant>() ->
          fail(attempt.connect(), ErrorCode.TOKEN_EXPIRED);
      case TokenOutcome.Unknown<ConnectionGrant>() -> fail(attempt.connect(), ErrorCode.INTERNAL);
      case TokenOutcome.Refused<ConnectionGrant>(_) -> socket.close(CloseCode.INVALID_TOKEN);
    }
  }

  /// Opens the session and has it carry out what came while somebody decided.
  private void openAndGoOn(Attempt attempt, ConnectionGrant grant) {
    List<byte[]> early = held.orElse(List.of());
    open(attempt, grant).ifPresent(session -> early.forEach(session::onMessage));
  }

  private void byBackend(Attempt attempt, String backend) {
    Command.Connect connect = attempt.connect();
    held = Optional.of(new ArrayList<>());
    var call =
        new Call.Connect(
            BackendCalls.stranger(socket.framing(), told(connect)),
            connect.name(),
            connect.version(),
            BackendCalls.payload(connect.data()),
            List.copyOf(connect.subs().keySet()));
    owner
        .gateway()
        .backends()
        .ask(backend, call)
        .onComplete(
            answer -> {
              if (isOpen()) {
                if (answer.succeeded()) {
                  conclude(attempt, answer.result());
                } else {
                  fail(connect, BackendCalls.codeOf(answer.cause()));
                }
              }
            });
  }

  private void conclude(Attempt attempt, Verdict<ConnectionGrant> verdict) {
    switch (verdict) {
      case Verdict.Answered<ConnectionGrant>(var grant) -> openAndGoOn(attempt, grant);
      case Verdict.Refused<ConnectionGrant>(int code, var message, boolean temporary) ->
          fail(
              new Reply.Error(attempt.connect().id(), code, message, temporary),
              CloseCode.INTERNAL_ERROR);
      case Verdict.Closed<ConnectionGrant>(int code, var reason) -> socket.close(code, reason);
    }
  }

  /// Headers that back ends are told.
  private Map<String, String> told(Command.Connect connect) {
    return owner.headers().with(headers, connect.headers());
  }

  private boolean mayBeAnonymous() {
    var client = owner.gateway().config().client();
    return client.anonymous() || client.insecure();
  }

  /// Opens the session; none when the client is told why not.
  private Optional<Session> open(Attempt attempt, ConnectionGrant grant) {
    Command.Connect connect = attempt.connect();
    var client = owner.gateway().config().client();
    var expiry = Expiry.of(grant.expireAt(), owner.gateway());
    if (expiry.passed()) {
      // Only a new token helps, and 109 is what makes an SDK ask for one.
      fail(connect, ErrorCode.TOKEN_EXPIRED);
      return Optional.empty();
    }
    if (asksForUnknown(connect)) {
      socket.close(CloseCode.BAD_REQUEST);
      return Optional.empty();
    }
    Optional<List<ServerSubscriptions.Wanted>> listened =
        socket.framing().isUnidirectional()
            ? ServerSubscriptions.listened(owner, connect, grant.principal())
            : Optional.of(List.of());
    if (listened.isEmpty()) {
      socket.close(CloseCode.PERMISSION_DENIED);
      return Optional.empty();
    }
    if (grant.subscriptions().size() + listened.get().size() > client.channelsMax()) {
      socket.close(CloseCode.CHANNEL_LIMIT);
      return Optional.empty();
    }
    var wanted = ServerSubscriptions.find(owner.gateway(), grant);
    if (wanted.isEmpty()) {
      fail(connect, ErrorCode.UNKNOWN_CHANNEL);
      return Optional.empty();
    }
    Session session = owner.sessions().open(end(), grant.principal());
    session.refresh(grant.principal(), expiry.at());
    session.headers(told(connect));
    session.commandBudget(owner.commands().fullBudget());
    owner.sweep().onOpened(session);
    owner.accessLog().onOpened(session.id(), grant.principal().user(), session.socket(), address);
    var granted =
        wanted.get().with(listened.get()).addTo(session, owner.subscriptions(), connect.subs());
    var greeting = greeting(connect, session, grant.data(), expiry.toldTo(client.refreshProxy()));
    Consumer<Map<String, Landing>> reply =
        landings -> {
          owner.commands().reply(session, greeting.apply(results(granted, landings)));
          owner.gateway().metrics().onHandshake(System.nanoTime() - attempt.startedAt());
        };
    var admission =
        owner
            .gateway()
            .registrar()
            .map(registrar -> registrar.connected(session.id(), grant.principal().user()));
    new Greeting(owner, session, admission, granted, reply).begin();
    // Of one frame, whose size is limited: not counted again if they must wait.
    owner.commands().handleAll(session, attempt.rest(), 0);
    return Optional.of(session);
  }

  private static Map<String, Reply.Subscribe> results(
      List<ServerSubscriptions.Granted> granted, Map<String, Landing> landings) {
    Map<String, Reply.Subscribe> results = new LinkedHashMap<>();
    for (var each : granted) {
      String channel = each.subscription().channel();
      results.put(
          channel,
          Replies.subscribed(
              0, Expiry.NEVER, landings.get(channel), each.subscription(), each.data()));
    }
    return results;
  }

  /// Whether the client claims a position in a namespace there is not; others it may claim in vain.
  private boolean asksForUnknown(Command.Connect connect) {
    return connect.subs().keySet().stream()
        .map(owner.gateway().policies()::find)
        .anyMatch(new Policies.Found.Refused(ErrorCode.UNKNOWN_CHANNEL)::equals);
  }

  /// The reply to a connect, but for its subscriptions.
  private Function<Map<String, Reply.Subscribe>, Reply> greeting(
      Command.Connect connect, Session session, byte[] data, Expiry told) {
    var gateway = owner.gateway();
    Framing framing = session.socket().framing();
    long pingSeconds = gateway.config().client().pingInterval().toSeconds();
    return subscribed ->
        new Reply.Connect(
            connect.id(),
            session.id().toString(),
            gateway.node().version(),
            told.expires(),
            told.ttl(),
            data,
            subscribed,
            pingSeconds,
            pingSeconds > 0 && !framing.isUnidirectional(),
            framing.isEmulated() ? owner.secrets().secretOf(session.id()) : "",
            framing.isEmulated() ? gateway.node().uid() : "",
            0);
  }

  private void fail(Command.Connect connect, ErrorCode code) {
    fail(Reply.Error.of(connect.id(), code), closeCodeOf(code));
  }

  /// @param instead for a client that asked for nothing that could be answered
  private void fail(Reply.Error error, CloseCode instead) {
    held = Optional.empty();
    if (socket.framing().isUnidirectional()) {
      owner.gateway().metrics().onError(error.code());
      socket.close(instead);
      return;
    }
    failed = true;
    owner.commands().replyUnauthenticated(socket, error);
  }

  /// What ends a connection that cannot be answered with an error.
  private static CloseCode closeCodeOf(ErrorCode code) {
    return switch (code) {
      case TOKEN_EXPIRED -> CloseCode.CONNECTION_EXPIRED;
      case TOO_MANY_REQUESTS -> CloseCode.TOO_MANY_REQUESTS;
      case PERMISSION_DENIED -> CloseCode.PERMISSION_DENIED;
      case INTERNAL,
          UNAUTHORIZED,
          UNKNOWN_CHANNEL,
          METHOD_NOT_FOUND,
          ALREADY_SUBSCRIBED,
          LIMIT_EXCEEDED,
          BAD_REQUEST,
          NOT_AVAILABLE,
          EXPIRED,
          UNRECOVERABLE_POSITION,
          CONCURRENT_PAGINATION ->
          CloseCode.INTERNAL_ERROR;
    };
  }
}
