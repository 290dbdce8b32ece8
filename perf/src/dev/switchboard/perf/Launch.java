package dev.switchboard.perf;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;

/// How one server is started and reached.
///
/// @param command without pinning, which [ServerProcess] adds
/// @param environment added to that of this process
/// @param ready whether the server takes connections at this moment
/// @param members how many servers of its cluster it sees at this moment
/// @param api of servers that have one
/// @param privateFiles deleted when the server has stopped: they hold secrets
record Launch(
    ServerKind kind,
    List<String> command,
    Map<String, String> environment,
    InetSocketAddress clients,
    BooleanSupplier ready,
    IntSupplier members,
    Dialect dialect,
    Optional<HttpApi> api,
    Optional<Path> privateFiles) {
  /// The same with more in its environment.
  Launch with(Map<String, String> more) {
    Map<String, String> all = new HashMap<>(environment);
    all.putAll(more);
    return new Launch(kind, command, all, clients, ready, members, dialect, api, privateFiles);
  }

  /// The same under another name.
  Launch as(ServerKind other) {
    return new Launch(
        other, command, environment, clients, ready, members, dialect, api, privateFiles);
  }
}
