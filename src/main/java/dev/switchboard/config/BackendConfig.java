package dev.switchboard.config;

import java.time.Duration;
import java.util.List;

/// Back ends that are asked, and how they are kept from doing harm; the section `backend`.
///
/// @param connectionsMax to one of them
/// @param pendingMax calls that may wait for one of them
/// @param failuresMax in a row, after which it is left alone for `pause`
public record BackendConfig(
    Duration timeout,
    int connectionsMax,
    int pendingMax,
    int failuresMax,
    Duration pause,
    List<Endpoint> endpoints) {
  /// A back end that is asked over HTTP.
  public record Endpoint(String name, String url) {}

  /// Calls from clients; the section `rpc`.
  ///
  /// @param enabled whether clients may call at all
  /// @param backend of methods without a namespace; empty for none
  public record Rpc(boolean enabled, String backend, List<RpcNamespace> namespaces) {}

  /// Methods that begin with a name and a colon, and who answers them.
  public record RpcNamespace(String name, String backend) {}
}
