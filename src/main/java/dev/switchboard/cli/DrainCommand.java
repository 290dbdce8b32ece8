package dev.switchboard.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.switchboard.config.ConfigException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `drain`: makes one node leave as after SIGTERM, and shows how far it is.
@Command(
    name = "drain",
    description = {
      "Makes the node at --api leave: it takes no new sockets, closes its sessions with 3001 over",
      "node.drain_period so that their clients connect elsewhere, hands over what it keeps, and"
          + " its",
      "process exits with 0. Waits until it has gone.",
    },
    footer = {
      "%nExamples:",
      "  switchboard drain --api http://10.0.0.11:9000",
      "  switchboard drain --no-wait",
    })
public final class DrainCommand implements Callable<Integer> {
  private static final Duration INTERVAL = Duration.ofSeconds(1);

  private final ConfigSource source;

  @Spec private CommandSpec spec;
  @Mixin private ApiOptions api;

  @Option(names = "--no-wait", description = "Only begins; does not wait until it has gone.")
  private boolean impatient;

  /// @param source where the node's address and key come from
  public DrainCommand(ConfigSource source) {
    this.source = source;
  }

  @Override
  public Integer call() throws ConfigException, InterruptedException {
    ApiClient client = api.client(source);
    PrintWriter out = spec.commandLine().getOut();
    JsonNode progress = client.call("drain", JsonNodeFactory.instance.objectNode());
    String node = progress.path("node").asText();
    print(out, progress);
    while (!impatient) {
      Thread.sleep(INTERVAL);
      try {
        progress = client.call("drain", JsonNodeFactory.instance.objectNode());
      } catch (FailedException gone) {
        out.println(node + " has gone");
        return 0;
      }
      print(out, progress);
    }
    return 0;
  }

  private static void print(PrintWriter out, JsonNode progress) {
    out.printf(
        "%s is %s: %,d sessions left%n",
        progress.path("node").asText(),
        progress.path("state").asText(),
        progress.path("sessions").asInt());
    out.flush();
  }
}
