package dev.switchboard;

import dev.switchboard.cli.CheckConfigCommand;
import dev.switchboard.cli.ConfigSource;
import dev.switchboard.cli.DrainCommand;
import dev.switchboard.cli.FailedException;
import dev.switchboard.cli.HistoryCommand;
import dev.switchboard.cli.PublishCommand;
import dev.switchboard.cli.QuorumResetCommand;
import dev.switchboard.cli.SessionCommand;
import dev.switchboard.cli.TokenCommand;
import dev.switchboard.cli.ViewCommand;
import dev.switchboard.config.ConfigException;
import dev.switchboard.logging.Logging;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/// The main class: the commands there are, and what each kind of failure exits with.
@Command(
    name = "switchboard",
    versionProvider = Switchboard.Version.class,
    mixinStandardHelpOptions = true,
    scope = CommandLine.ScopeType.INHERIT,
    synopsisSubcommandLabel = "COMMAND",
    description = "A self-hosted real-time gateway: WebSocket in, any node out.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:it worked",
      "1:it failed: no node, wrong key, refused, nobody there",
      "2:wrong usage or configuration",
    })
public final class Switchboard implements Runnable {
  private static final int FAILED = 1;
  private static final int WRONG = 2;

  @Spec private CommandSpec spec;

  private Switchboard() {}

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "which command? One of " + String.join(", ", spec.subcommands().keySet()));
  }

  /// Runs one command and exits with its code.
  public static void main(String[] arguments) {
    Logging.routeVertx();
    System.exit(commandLine(ConfigSource.ofProcess()).execute(arguments));
  }

  /// The whole command line.
  ///
  /// @param source where commands look for a configuration
  static CommandLine commandLine(ConfigSource source) {
    return new CommandLine(new Switchboard())
        .addSubcommand(new ServeCommand(source))
        .addSubcommand(new TokenCommand(source))
        .addSubcommand(new PublishCommand(source))
        .addSubcommand(new HistoryCommand.Show(source))
        .addSubcommand(new HistoryCommand.Remove(source))
        .addSubcommand(new SessionCommand.Send(source))
        .addSubcommand(new SessionCommand.Subscribe(source))
        .addSubcommand(new SessionCommand.Unsubscribe(source))
        .addSubcommand(new SessionCommand.Refresh(source))
        .addSubcommand(new SessionCommand.Disconnect(source))
        .addSubcommand(new ViewCommand.Nodes(source))
        .addSubcommand(new ViewCommand.Channels(source))
        .addSubcommand(new ViewCommand.Users(source))
        .addSubcommand(new QuorumResetCommand(source))
        .addSubcommand(new DrainCommand(source))
        .addSubcommand(new CheckConfigCommand(source))
        .setParameterExceptionHandler(Switchboard::onWrongUsage)
        .setExecutionExceptionHandler(Switchboard::onFailure);
  }

  private static int onWrongUsage(ParameterException wrong, String[] arguments) {
    CommandLine command = wrong.getCommandLine();
    PrintWriter err = command.getErr();
    err.println("switchboard: " + wrong.getMessage());
    CommandLine.UnmatchedArgumentException.printSuggestions(wrong, err);
    err.println("Try `" + command.getCommandSpec().qualifiedName() + " --help`.");
    return WRONG;
  }

  private static int onFailure(Exception failure, CommandLine command, ParseResult parsed) {
    PrintWriter err = command.getErr();
    switch (failure) {
      case FailedException failed -> err.println("switchboard: " + failed.getMessage());
      case ConfigException mistakes -> {
        mistakes.problems().forEach(problem -> err.println("switchboard: " + problem));
        return WRONG;
      }
      default -> {
        err.println("switchboard: this is a fault of ours: " + failure);
        failure.printStackTrace(err);
      }
    }
    return FAILED;
  }

  /// What `--version` prints.
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {
        "Switchboard " + Node.VERSION, "Java " + Runtime.version(),
      };
    }
  }
}
