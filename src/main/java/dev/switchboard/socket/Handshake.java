package dev.switchboard.socket;

import dev.switchboard.auth.ConnectionGrant;
import dev.switchboard.auth.Permissions;
import dev.switchboard.auth.Principal;
import dev.switchboard.auth.TokenOutcome;
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
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// A socket whose client has not said who it is. Confined to its event loop.
///
/// It waits for the connect command, verifies the token and makes a [Session]; until then nothing
/// exists that could subscribe or publish. Beyond `client.stale_timeout` it is closed with 3502.
final class Handshake implements SocketListener {
  private final OwnerLoop owner;
  private Socket socket;
  private final Admission.Ticket ticket;
  private final String address;
  private boolean failed;

  /// @param address of the client, for the access log
  Handshake(OwnerLoop owner, Socket socket, Admission.Ticket ticket, String address) {
    this.owner = owner;
    this.socket = socket;
    this.ticket = ticket;
    this.address = address;
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
    long startedAt = System.nanoTime();
    try {
      List<Command> commands = socket.framing().codec().decode(message);
      if (!failed && commands.getFirst() instanceof Command.Connect connect) {
        onConnect(connect, commands.subList(1, commands.size()), startedAt);
      } else {
        socket.close(CloseCode.BAD_REQUEST);
      }
    } catch (MalformedException unreadable) {
      socket.close(CloseCode.BAD_REQUEST);
    }
  }

  private void onConnect(Command.Connect connect, List<Command> rest, long startedAt) {
    owner.gateway().metrics().onCommand(connect);
    if (connect.token().isEmpty()) {
      if (mayBeAnonymous()) {
        open(connect, new ConnectionGrant(Principal.ANONYMOUS, 0, List.of()), rest, startedAt);
      } else {
        socket.close(CloseCode.BAD_REQUEST);
      }
      return;
    }
    switch (owner.connectionTokens().verifyConnection(connect.token())) {
      case TokenOutcome.Granted<ConnectionGrant>(var grant) ->
          open(connect, grant, rest, startedAt);
      case TokenOutcome.Expired<ConnectionGrant>() -> fail(connect, ErrorCode.TOKEN_EXPIRED);
      case TokenOutcome.Refused<ConnectionGrant>(_) -> socket.close(CloseCode.INVALID_TOKEN);
    }
  }

  private boolean mayBeAnonymous() {
    var client = owner.gateway().config().client();
    return client.anonymous() || client.insecure();
  }

  private void open(
      Command.Connect connect, ConnectionGrant grant, List<Command> rest, long startedAt) {
    if (grant.principal().anonymous() && !mayBeAnonymous()) {
      socket.close(CloseCode.PERMISSION_DENIED);
      return;
    }
    var expiry = Expiry.of(grant.expireAt(), owner.gateway());
    if (expiry.passed()) {
      // Only a new token helps, and 109 is what makes an SDK ask for one.
      fail(connect, ErrorCode.TOKEN_EXPIRED);
      return;
    }
    if (asksForUnknown(connect)) {
      socket.close(CloseCode.BAD_REQUEST);
      return;
    }
    Optional<List<Policies.Found.Policy>> listened = listened(connect, grant.principal());
    if (listened.isEmpty()) {
      socket.close(CloseCode.PERMISSION_DENIED);
      return;
    }
    var limit = owner.gateway().config().client().channelsMax();
    if (grant.channels().size() + listened.get().size() > limit) {
      socket.close(CloseCode.CHANNEL_LIMIT);
      return;
    }
    var grants = ServerSubscriptions.find(owner.gateway(), grant);
    if (grants.isEmpty()) {
      fail(connect, ErrorCode.UNKNOWN_CHANNEL);
      return;
    }
    Session session = owner.sessions().open(end(), grant.principal());
    session.refresh(grant.principal(), expiry.at());
    session.commandBudget(owner.commands().fullBudget());
    owner.sweep().onOpened(session);
    owner.accessLog().onOpened(session.id(), grant.principal().user(), session.socket(), address);
    var granted =
        grants.get().with(listened.get()).addTo(session, owner.subscriptions(), connect.subs());
    Consumer<Map<String, Landing>> reply =
        landings -> {
          Map<String, Reply.Subscribe> results = new LinkedHashMap<>();
          landings.forEach(
              (channel, landing) ->
                  results.put(
                      channel,
                      Replies.subscribed(
                          0, new Expiry(0, 0), landing, session.subscriptions().find(channel))));
          owner.commands().reply(session, greeting(connect, session, expiry, results));
          owner.gateway().metrics().onHandshake(System.nanoTime() - startedAt);
        };
    var admission =
        owner
            .gateway()
            .registrar()
            .map(registrar -> registrar.connected(session.id(), grant.principal().user()));
    new Greeting(owner, session, admission, granted, reply).begin();
    // Of one frame, whose size is limited: not counted again if they must wait.
    owner.commands().handleAll(session, rest, 0);
  }

  /// Whether the client claims a position in a namespace there is not; others it may claim in vain.
  private boolean asksForUnknown(Command.Connect connect) {
    return connect.subs().keySet().stream()
        .map(owner.gateway().policies()::find)
        .anyMatch(new Policies.Found.Refused(ErrorCode.UNKNOWN_CHANNEL)::equals);
  }

  /// What a client that only listens may hear of what it asks for; empty when it may not hear of
  /// all. Others subscribe by commands.
  private Optional<List<Policies.Found.Policy>> listened(
      Command.Connect connect, Principal principal) {
    List<Policies.Found.Policy> listened = new ArrayList<>();
    if (socket.framing().isUnidirectional()) {
      for (Command.Subscribe wanted : connect.subs().values()) {
        if (!(owner.gateway().policies().find(wanted.channel())
                instanceof Policies.Found.Policy policy)
            || !mayListen(principal, policy, wanted.token())) {
          return Optional.empty();
        }
        listened.add(policy);
      }
    }
    return Optional.of(listened);
  }

  private boolean mayListen(Principal principal, Policies.Found.Policy policy, String token) {
    boolean insecure = owner.gateway().config().client().insecure();
    return (token.isEmpty()
            ? Permissions.subscribe(principal, policy.name(), policy.namespace(), insecure)
            : Permissions.subscribe(
                principal, policy.name(), "", owner.subscriptionTokens().verifySubscription(token)))
        .allowed();
  }

  private Reply greeting(
      Command.Connect connect,
      Session session,
      Expiry expiry,
      Map<String, Reply.Subscribe> subscribed) {
    var gateway = owner.gateway();
    Framing framing = session.socket().framing();
    long pingSeconds = gateway.config().client().pingInterval().toSeconds();
    return new Reply.Connect(
        connect.id(),
        session.id().toString(),
        gateway.node().version(),
        expiry.expires(),
        expiry.ttl(),
        null,
        subscribed,
        pingSeconds,
        pingSeconds > 0 && !framing.isUnidirectional(),
        framing.isEmulated() ? owner.secrets().secretOf(session.id()) : "",
        framing.isEmulated() ? gateway.node().uid() : "",
        0);
  }

  private void fail(Command.Connect connect, ErrorCode code) {
    if (socket.framing().isUnidirectional()) {
      // It asked for nothing that could be answered.
      owner.gateway().metrics().onError(code.code());
      socket.close(closeCodeOf(code));
      return;
    }
    failed = true;
    owner.commands().replyUnauthenticated(socket, Reply.Error.of(connect.id(), code));
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
