package dev.switchboard.config;

import dev.switchboard.config.GatewayConfig.Namespace;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// Back ends that are asked, and how they are kept from doing harm; the section `backend`.
///
/// @param httpHeaders of a client's first request that they are told
/// @param emulatedHeaders that a client may say in its connect command instead
/// @param connectionsMax to one of them
/// @param pendingMax calls that may wait for one of them
/// @param failuresMax in a row, after which it is left alone for `pause`
public record BackendConfig(
    Duration timeout,
    List<String> httpHeaders,
    List<String> emulatedHeaders,
    int connectionsMax,
    int pendingMax,
    int failuresMax,
    Duration pause,
    List<Endpoint> endpoints) {
  /// Bytes of the reason of a close: what a close frame has room for (RFC 6455, 5.5).
  public static final int REASON_BYTES_MAX = 123;

  private static final int ERROR_MIN = 400;
  private static final int ERROR_MAX = 1_999;
  private static final int CLOSE_MIN = 4_000;
  private static final int CLOSE_MAX = 4_999;

  /// The back ends that a configuration wants asked, each with the first key that names it.
  public static Map<String, String> wanted(GatewayConfig config) {
    return BackendRules.names(config);
  }

  /// Whether an application may call an error so: 400 to 1999.
  public static boolean isError(int code) {
    return code >= ERROR_MIN && code <= ERROR_MAX;
  }

  /// Whether an application may end a connection with it: 4000 to 4999.
  public static boolean isClose(int code) {
    return code >= CLOSE_MIN && code <= CLOSE_MAX;
  }

  /// A back end that is asked over HTTP.
  ///
  /// @param headers that every request to it has
  /// @param statuses of its answers that mean something to clients; all others but 200 are failures
  public record Endpoint(String name, String url, List<Header> headers, List<Status> statuses) {}

  /// What a status of HTTP means to a client.
  ///
  /// @param code of an error, or with which the client has to go
  /// @param message of the error, or the reason of the close
  /// @param temporary whether an error may pass
  public record Status(int status, int code, String message, boolean temporary) {}

  /// A header of HTTP.
  public record Header(String name, Secret value) {}

  /// A back end that is asked, if it is on.
  public record Proxy(boolean enabled, String name) {
    /// Decides about subscriptions without a token.
    public static Proxy ofSubscribe(Namespace namespace) {
      return new Proxy(namespace.subscribeProxyEnabled(), namespace.subscribeProxyName());
    }

    /// Decides about publications of clients.
    public static Proxy ofPublish(Namespace namespace) {
      return new Proxy(namespace.publishProxyEnabled(), namespace.publishProxyName());
    }

    /// Is asked when a subscription's time is over, instead of the client.
    public static Proxy ofSubRefresh(Namespace namespace) {
      return new Proxy(namespace.subRefreshProxyEnabled(), namespace.subRefreshProxyName());
    }
  }

  /// Calls from clients; the section `rpc`.
  ///
  /// @param enabled whether clients may call at all
  /// @param backend of methods without a namespace; empty for none
  public record Rpc(boolean enabled, String backend, List<RpcNamespace> namespaces) {}

  /// Methods that begin with a name and a colon, and who answers them.
  public record RpcNamespace(String name, String backend) {}
}
