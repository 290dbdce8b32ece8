package dev.switchboard.protocol;

/// What every command must hold, whichever encoding it came in.
final class CommandRules {
  private CommandRules() {}

  /// The command itself when it is complete.
  ///
  /// An empty token is left to the session for [Command.SubRefresh]: that one is an error reply.
  static Command checked(Command command) throws MalformedException {
    boolean complete =
        switch (command) {
          case Command.Pong _, Command.Send _ -> true;
          case Command.Connect connect -> connect.id() > 0;
          case Command.Rpc rpc -> rpc.id() > 0;
          case Command.Refresh refresh -> refresh.id() > 0 && !refresh.token().isEmpty();
          case Command.Subscribe subscribe -> named(subscribe, subscribe.channel());
          case Command.Unsubscribe unsubscribe -> named(unsubscribe, unsubscribe.channel());
          case Command.Publish publish -> named(publish, publish.channel());
          case Command.Presence presence -> named(presence, presence.channel());
          case Command.PresenceStats stats -> named(stats, stats.channel());
          case Command.History history -> named(history, history.channel());
          case Command.SubRefresh refresh -> named(refresh, refresh.channel());
        };
    if (!complete) {
      throw new MalformedException("command without id, channel or token");
    }
    return command;
  }

  private static boolean named(Command command, String channel) {
    return command.id() > 0 && !channel.isEmpty();
  }
}
