package dev.switchboard.fuzz;

import dev.switchboard.testkit.Execution;
import java.util.Optional;

/// What one run of a target came to. Immutable.
///
/// @param executions how many inputs it was given
/// @param inputs how many of them reached something new and were kept
/// @param finding what went wrong; empty when nothing did
record FuzzResult(
    FuzzTarget target, long executions, long inputs, long seconds, Optional<String> finding) {
  /// Kinds of findings.
  enum Kind {
    /// Something was thrown that may not be, or a rule was broken.
    CRASH,
    /// It took too long.
    HANG,
    /// A buffer was not released.
    LEAK
  }

  /// What kind of finding it is, if there is one.
  Optional<Kind> kind() {
    return finding.map(
        text ->
            text.contains(Execution.HANG)
                ? Kind.HANG
                : text.contains(Execution.LEAK) ? Kind.LEAK : Kind.CRASH);
  }

  /// As a line of [FuzzLedger].
  String line() {
    return String.join(
        "\t",
        target.label(),
        Long.toString(executions),
        Long.toString(inputs),
        Long.toString(seconds),
        finding.orElse("").replaceAll("\\s+", " "));
  }

  /// The result in such a line.
  static FuzzResult of(String line) {
    String[] parts = line.split("\t", -1);
    return new FuzzResult(
        FuzzTarget.named(parts[0]).orElseThrow(),
        Long.parseLong(parts[1]),
        Long.parseLong(parts[2]),
        Long.parseLong(parts[3]),
        Optional.of(parts[4]).filter(text -> !text.isEmpty()));
  }
}
