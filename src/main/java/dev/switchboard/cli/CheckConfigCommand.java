package dev.switchboard.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.config.ConfigException;
import dev.switchboard.config.ConfigLoader;
import dev.switchboard.config.ConfigPrinter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `check-config`: everything that is wrong with a configuration, without starting anything.
@Command(
    name = "check-config",
    description = {
      "Lists every mistake in a configuration.",
      "Reads it as `serve` does: defaults, file, environment; exits with 2 on mistakes.",
    },
    footer = {
      "%nExamples:",
      "  switchboard check-config node.yaml",
      "  switchboard check-config node.yaml --print",
    })
public final class CheckConfigCommand implements Callable<Integer> {
  private final ConfigSource source;

  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "FILE",
      description =
          "File to check; default: $$SWITCHBOARD_CONFIG, else .switchboard/dev.yaml, else the"
              + " environment alone.")
  private Path file;

  @Option(
      names = "--print",
      description = "Print every key with the value in force, secrets as [hidden].")
  private boolean print;

  @Option(names = "--json", description = "Print problems and warnings as JSON.")
  private boolean json;

  /// @param source where a configuration is looked for
  public CheckConfigCommand(ConfigSource source) {
    this.source = source;
  }

  @Override
  public Integer call() throws ConfigException {
    Optional<Path> found = source.find(file);
    var out = spec.commandLine().getOut();
    ConfigLoader.Loaded loaded;
    try {
      loaded = source.load(found, List.of());
    } catch (ConfigException mistakes) {
      if (!json) {
        throw mistakes;
      }
      out.println(report(mistakes.problems(), List.of()));
      return 2;
    }
    if (json) {
      out.println(report(List.of(), loaded.warnings()));
    } else if (print) {
      warn(loaded.warnings());
      out.println(ConfigPrinter.toYaml(loaded.config()).stripTrailing());
    } else {
      warn(loaded.warnings());
      out.println(found.map(Path::toString).orElse("the environment") + ": no mistakes");
    }
    return 0;
  }

  private void warn(List<String> warnings) {
    warnings.forEach(line -> spec.commandLine().getErr().println("warning: " + line));
  }

  private static ObjectNode report(List<String> problems, List<String> warnings) {
    ObjectNode report = JsonNodeFactory.instance.objectNode().put("ok", problems.isEmpty());
    problems.forEach(report.putArray("problems")::add);
    warnings.forEach(report.putArray("warnings")::add);
    return report;
  }
}
