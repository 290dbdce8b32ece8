package dev.switchboard.socket;

import dev.switchboard.backend.BackendException;
import dev.switchboard.backend.Backends;
import dev.switchboard.backend.Call;
import dev.switchboard.backend.Verdict;
import dev.switchboard.protocol.Command;
import dev.switchboard.protocol.ErrorCode;
import dev.switchboard.protocol.Reply;
import dev.switchboard.session.Session;
import dev.switchboard.wire.Framing;
import io.vertx.core.Future;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// Asks back ends about what one event loop's sessions want, and tells these what they said.
/// Confined to that loop.
final class BackendCalls {
  private final Gateway gateway;
  private final OwnerLoop owner;

  BackendCalls(Gateway gateway, OwnerLoop owner) {
    this.gateway = gateway;
    this.owner = owner;
  }

  /// A client as back ends know it.
  static Call.Caller caller(Session session) {
    Framing framing = session.socket().framing();
    var principal = session.principal();
    return new Call.Caller(
        session.id().toString(),
        principal.user(),
        framing.label(),
        framing.encoding().label(),
        session.headers(),
        principal.meta());
  }

  /// A client that is nobody yet.
  static Call.Caller stranger(Framing framing, Map<String, String> headers) {
    return new Call.Caller("", "", framing.label(), framing.encoding().label(), headers, null);
  }

  /// A payload as it came; empty when there was none.
  static byte[] payload(byte[] data) {
    return data == null ? new byte[0] : data;
  }

  void onCall(Session session, Command.Rpc command) {
    Backends backends = gateway.backends();
    Optional<String> backend = backends.of(command.method());
    if (!backends.callsAreOn()) {
      owner.commands().refuse(session, command, ErrorCode.NOT_AVAILABLE);
    } else if (backend.isEmpty()) {
      owner.commands().refuse(session, command, ErrorCode.METHOD_NOT_FOUND);
    } else {
      var call = new Call.Rpc(caller(session), command.method(), payload(command.data()));
      follow(
          session,
          command,
          backends.ask(backend.get(), call),
          data -> owner.commands().reply(session, new Reply.Rpc(command.id(), data)));
    }
  }

  /// Asks whether a command may be carried out; what its client says meanwhile waits.
  ///
  /// @param granted carries it out
  <R> void ask(
      Session session, Command command, String backend, Call<R> call, Consumer<R> granted) {
    HeldCommands held = owner.commands().held();
    held.begin(session);
    Future<Verdict<R>> asked = gateway.backends().ask(backend, call);
    follow(session, command, asked, granted);
    asked.onComplete(_ -> held.end(session));
  }

  private <R> void follow(
      Session session, Command command, Future<Verdict<R>> asked, Consumer<R> granted) {
    asked
        .onSuccess(
            verdict -> {
              if (session.isOpen()) {
                conclude(session, command, verdict, granted);
              }
            })
        .onFailure(failure -> owner.commands().refuse(session, command, codeOf(failure)));
  }

  private <R> void conclude(
      Session session, Command command, Verdict<R> verdict, Consumer<R> granted) {
    switch (verdict) {
      case Verdict.Answered<R>(var result) -> granted.accept(result);
      case Verdict.Refused<R>(int code, var message, boolean temporary) -> {
        gateway.metrics().onError(code);
        owner.commands().reply(session, new Reply.Error(command.id(), code, message, temporary));
      }
      case Verdict.Closed<R>(int code, var reason) -> session.close(code, reason);
    }
  }

  /// What a client is told when there was no verdict.
  static ErrorCode codeOf(Throwable failure) {
    return switch (((BackendException) failure).reason()) {
      case BUSY -> ErrorCode.TOO_MANY_REQUESTS;
      case FAILED, RESTING -> ErrorCode.INTERNAL;
    };
  }
}
