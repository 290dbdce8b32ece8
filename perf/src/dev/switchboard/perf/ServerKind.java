package dev.switchboard.perf;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/// The servers that can be measured.
enum ServerKind {
  SWITCHBOARD,
  BUN,
  WS,
  NAIVE;

  /// As it is written on the command line and in tables.
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// The kind of that label.
  static ServerKind of(String label) {
    return Arrays.stream(values())
        .filter(kind -> kind.label().equals(label))
        .findFirst()
        .orElseThrow(
            () ->
                PerfException.usage(
                    "no server '"
                        + label
                        + "', there are "
                        + Arrays.stream(values())
                            .map(ServerKind::label)
                            .collect(Collectors.joining(", "))));
  }
}
