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

/// Hands calls of one event loop's sessions on to back ends, and their answers back. Confined to
/// that loop.
final class CallHandler {
  private final Gateway gateway;
  private final OwnerLoop owner;

  CallHandler(Gateway gateway, OwnerLoop owner) {
    this.gateway = gateway;
    this.owner = owner;
  }

  void onCall(Session session, Command.Rpc command) {
    Backends backends = gateway.backends();
    if (!backends.callsAreOn()) {
      owner.commands().refuse(session, command, ErrorCode.NOT_AVAILABLE);
    } else if (!backends.knows(command.method())) {
      owner.commands().refuse(session, command, ErrorCode.METHOD_NOT_FOUND);
    } else {
      backends
          .call(call(session, command))
          .onSuccess(verdict -> conclude(session, command, verdict))
          .onFailure(failure -> fail(session, command, (BackendException) failure));
    }
  }

  private static Call call(Session session, Command.Rpc command) {
    Framing framing = session.socket().framing();
    var caller =
        new Call.Caller(
            session.id().toString(),
            session.principal().user(),
            framing.label(),
            framing.encoding().label());
    byte[] data = command.data() == null ? new byte[0] : command.data();
    return new Call(caller, command.method(), data);
  }

  private void conclude(Session session, Command.Rpc command, Verdict verdict) {
    switch (verdict) {
      case Verdict.Answered(var data) ->
          owner.commands().reply(session, new Reply.Rpc(command.id(), data));
      case Verdict.Refused(int code, var message, boolean temporary) -> {
        gateway.metrics().onError(code);
        owner.commands().reply(session, new Reply.Error(command.id(), code, message, temporary));
      }
      case Verdict.Closed(int code, var reason) -> session.close(code, reason);
    }
  }

  private void fail(Session session, Command.Rpc command, BackendException failure) {
    ErrorCode code =
        switch (failure.reason()) {
          case BUSY -> ErrorCode.TOO_MANY_REQUESTS;
          case FAILED, RESTING -> ErrorCode.INTERNAL;
        };
    owner.commands().refuse(session, command, code);
  }
}
