package dev.switchboard.faults;

import dev.switchboard.faults.referee.Transcript;
import dev.switchboard.faults.referee.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `scripts/faults check`: lets the referee read kept transcripts again.
@Command(
    name = "check",
    mixinStandardHelpOptions = true,
    description = {
      "Judges streams of earlier runs again, from facts.jsonl files in a folder",
      "and below; exits with 1 when one of them is not well."
    })
final class FaultsCheck implements Callable<Integer> {
  @Parameters(paramLabel = "DIR", description = "Such as target/faults.")
  private Path folder;

  private FaultsCheck() {}

  @Override
  public Integer call() throws IOException {
    List<Path> files = Transcript.below(folder);
    boolean well = !files.isEmpty();
    for (Path file : files) {
      Verdict verdict = Transcript.judge(file);
      List<String> failures = verdict.failures();
      System.out.printf("%s: %s%n", file, failures.isEmpty() ? "well" : failures);
      System.out.println(verdict.text());
      well &= failures.isEmpty();
    }
    if (files.isEmpty()) {
      System.err.println("switchboard: no " + Transcript.FILE + " in " + folder + " or below");
    }
    return well ? 0 : 1;
  }
}
