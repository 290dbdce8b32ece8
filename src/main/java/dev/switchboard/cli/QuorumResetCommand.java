package dev.switchboard.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.switchboard.config.ConfigException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `quorum-reset`: gives up the nodes without which too few are there to publish durably.
@Command(
    name = "quorum-reset",
    description = {
      "Lets the nodes that are there publish to streams again, when too many are gone for ever.",
      "All streams begin anew: what was kept is lost, and subscribers who come back are told so.",
      "Refused while most of the nodes are there. Until the others follow it takes up to 10 s.",
    },
    footer = {
      "%nExamples:",
      "  switchboard quorum-reset --accept-loss",
    })
public final class QuorumResetCommand implements Callable<Integer> {
  private final ConfigSource source;

  @Spec private CommandSpec spec;
  @Mixin private ApiOptions api;

  @Option(
      names = "--accept-loss",
      required = true,
      description = "Says that losing what streams kept is accepted; nothing happens without it.")
  private boolean accepted;

  /// @param source where the node's address and key come from
  public QuorumResetCommand(ConfigSource source) {
    this.source = source;
  }

  @Override
  public Integer call() throws ConfigException {
    api.client(source).call("quorum_reset", JsonNodeFactory.instance.objectNode());
    spec.commandLine().getOut().println("streams begin anew, with the nodes that are there");
    return 0;
  }
}
