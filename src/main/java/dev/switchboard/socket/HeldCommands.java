package dev.switchboard.socket;

import dev.switchboard.config.GatewayConfig;
import dev.switchboard.protocol.CloseCode;
import dev.switchboard.protocol.Command;
import dev.switchboard.session.Session;
import java.util.ArrayDeque;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;

/// Commands of sessions that wait until the cluster knows of them. Confined to one event loop.
///
/// What a client says while its connect or a subscribe is pending is carried out after it, because
/// the effects of commands come in their order. Subscribes alone do not wait for each other: who
/// asks for a hundred channels waits once. What waits is bounded by `client.commands_burst` and
/// `client.message_bytes_max`; beyond them 3013. On a node without peers nothing is ever held.
final class HeldCommands {
  private final Map<Session, Waiting> waiting = new IdentityHashMap<>();
  private final BiConsumer<Session, Command> handler;
  private final Executor nextTurn;
  private final int commandsMax;
  private final int bytesMax;

  private static final class Waiting {
    private final ArrayDeque<Command> commands = new ArrayDeque<>();
    private int pending;
    private long bytes;
  }

  /// @param handler carries a command out
  /// @param nextTurn runs what it is given in a later turn of this loop
  HeldCommands(
      GatewayConfig.Client client, BiConsumer<Session, Command> handler, Executor nextTurn) {
    this.handler = handler;
    this.nextTurn = nextTurn;
    this.commandsMax = client.commandsBurst();
    this.bytesMax = client.messageBytesMax();
  }

  /// One more thing of the session is pending.
  void begin(Session session) {
    waiting.computeIfAbsent(session, _ -> new Waiting()).pending++;
  }

  /// One thing of the session is pending no more.
  void end(Session session) {
    Waiting held = waiting.get(session);
    if (held == null || --held.pending > 0) {
      return;
    }
    if (held.commands.isEmpty()) {
      waiting.remove(session);
    } else {
      // Not now: others who wait for the same must have their replies before this client acts.
      nextTurn.execute(() -> resume(session));
    }
  }

  /// The session is over.
  void drop(Session session) {
    if (!waiting.isEmpty()) {
      waiting.remove(session);
    }
  }

  /// Takes a command if it must wait.
  ///
  /// @param bytes what it cost on the wire
  /// @return whether it was taken
  boolean take(Session session, Command command, int bytes) {
    Waiting held = waiting.isEmpty() ? null : waiting.get(session);
    if (held == null || held.commands.isEmpty() && mayPass(session, command)) {
      return false;
    }
    held.commands.add(command);
    held.bytes += bytes;
    if (held.commands.size() > commandsMax || held.bytes > bytesMax) {
      session.close(CloseCode.TOO_MANY_REQUESTS);
    }
    return true;
  }

  private static boolean mayPass(Session session, Command command) {
    return session.isGreeted() && command instanceof Command.Subscribe;
  }

  private void resume(Session session) {
    Waiting held = waiting.get(session);
    while (held != null
        && session.isOpen()
        && !held.commands.isEmpty()
        && (held.pending == 0 || mayPass(session, held.commands.peek()))) {
      handler.accept(session, held.commands.poll());
    }
    if (held != null && held.pending == 0) {
      waiting.remove(session);
    }
  }
}
