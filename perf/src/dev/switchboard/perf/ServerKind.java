package dev.switchboard.perf;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/// The servers that can be measured.
enum ServerKind {
  SWITCHBOARD,
  /// The gateway with permessage-deflate, and a client that wants it.
  SWITCHBOARD_DEFLATE,
  /// The gateway whose clients speak Protobuf.
  SWITCHBOARD_PROTOBUF,
  /// The gateway with a log of each channel, whose subscribers ask for patches.
  SWITCHBOARD_DELTA,
  BUN,
  WS,
  /// Socket.IO; in a cluster two of them with a Redis between them.
  SOCKETIO,
  NAIVE;

  /// As it is written on the command line and in tables.
  String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /// Whether it is the gateway, in whatever setting.
  boolean isGateway() {
    return switch (this) {
      case SWITCHBOARD, SWITCHBOARD_DEFLATE, SWITCHBOARD_PROTOBUF, SWITCHBOARD_DELTA -> true;
      case BUN, WS, SOCKETIO, NAIVE -> false;
    };
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
