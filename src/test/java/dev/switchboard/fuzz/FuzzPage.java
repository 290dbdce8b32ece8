package dev.switchboard.fuzz;

import dev.switchboard.faults.Sheet;
import dev.switchboard.fuzz.FuzzResult.Kind;
import dev.switchboard.testkit.Execution;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/// What the runs of a campaign came to, as a page of `perf/results`.
record FuzzPage(List<FuzzResult> results) {
  /// Writes it; a second page of the same day gets a number.
  Path write() {
    return Sheet.write("fuzz", text());
  }

  private String text() {
    return """
    ## Method

    `scripts/fuzz`, in %d runs of a target: Jazzer gives inputs to the methods named, instruments
    `dev.switchboard` to see what they reach, and goes on from those that reach something new and
    from the corpus in `src/test/resources`. Beside exceptions, the rules that a target states are
    checked: what was read is written and read again as the same, what comes in pieces means the
    same, no token without the right signature is taken. An execution that takes over %d ms is done
    up to eight times more and is a hang if it takes so much processor time each time. On a
    WebSocket every buffer must be released at the end of an execution; Netty's leak detector is
    paranoid.

    ## Results

    %,d executions; %d crashes, %d hangs over %d ms, %d leaks.

    | target | what | executions | new inputs | crashes | hangs | leaks |
    |---|---|---:|---:|---:|---:|---:|
    %s
    %s\
    """
        .formatted(
            results.size(),
            Execution.MILLIS_MAX,
            results.stream().mapToLong(FuzzResult::executions).sum(),
            count(results, Kind.CRASH),
            count(results, Kind.HANG),
            Execution.MILLIS_MAX,
            count(results, Kind.LEAK),
            Arrays.stream(FuzzTarget.values()).map(this::row).collect(Collectors.joining("\n")),
            findings());
  }

  private String row(FuzzTarget target) {
    List<FuzzResult> of = results.stream().filter(one -> one.target() == target).toList();
    String type = target.type().replaceFirst(".*\\.", "");
    return "| %s | `%s` | %,d | %,d | %d | %d | %d |"
        .formatted(
            target.label(),
            type,
            of.stream().mapToLong(FuzzResult::executions).sum(),
            of.stream().mapToLong(FuzzResult::inputs).sum(),
            count(of, Kind.CRASH),
            count(of, Kind.HANG),
            count(of, Kind.LEAK));
  }

  private static long count(List<FuzzResult> results, Kind kind) {
    return results.stream().filter(one -> one.kind().filter(kind::equals).isPresent()).count();
  }

  private String findings() {
    return results.stream()
        .flatMap(
            one -> one.finding().map(text -> "\n* " + one.target().label() + ": " + text).stream())
        .collect(Collectors.joining());
  }
}
