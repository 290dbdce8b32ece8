package dev.switchboard.perf;

import java.net.InetSocketAddress;
import java.nio.file.Path;
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
    Optional<Path> privateFiles) {}
