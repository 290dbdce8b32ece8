package dev.switchboard.config;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// The whole configuration as one immutable tree; keys are the component names in snake_case.
///
/// Defaults and the explanation of every key live in `conf/switchboard.yaml`, which is packed into
/// the jar: there are none here. [ConfigLoader] fills the tree or lists every mistake.
public record GatewayConfig(
    NodeConfig node,
    NodeConfig.Rebalance rebalance,
    Http http,
    Tls tls,
    Internal internal,
    Client client,
    User user,
    Token token,
    Token subscriptionToken,
    Channel channel,
    Schemas schemas,
    BackendConfig.Rpc rpc,
    BackendConfig backend,
    Api api,
    History history,
    Presence presence,
    EventsConfig events,
    Stream stream,
    Link link,
    Cluster cluster,
    Bus bus,
    Heartbeat heartbeat,
    Metrics metrics,
    Log log) {
  /// Event loops of a node that other nodes can tell apart: one bit each.
  public static final int CLUSTER_LOOPS_MAX = 64;

  /// The client port.
  ///
  /// @param acceptBacklog connections the kernel may hold before they are accepted
  /// @param trustedProxies CIDR blocks whose X-Forwarded-For is believed
  /// @param proxyProtocol whether those say with the PROXY protocol who connects
  public record Http(
      String host,
      int port,
      int acceptBacklog,
      List<String> trustedProxies,
      boolean proxyProtocol,
      Endpoint websocket,
      Endpoint httpStream,
      Endpoint sse,
      String emulationPath,
      Endpoint uniWebsocket,
      Endpoint uniHttpStream,
      Endpoint uniSse,
      PermessageDeflate permessageDeflate) {}

  /// Compression of both WebSocket endpoints (RFC 7692).
  ///
  /// @param messageBytesMin shorter messages to clients go as they are
  /// @param level 1, the fastest, to 9, the smallest
  public record PermessageDeflate(boolean enabled, int messageBytesMin, int level) {}

  /// One transport of the client port.
  public record Endpoint(boolean enabled, String path) {
    /// Whether a request for this path is for this transport.
    public boolean serves(String requested) {
      return enabled && path.equals(requested);
    }
  }

  /// TLS of the client port; on when a certificate is named.
  ///
  /// @param reloadInterval how often the PEM files are looked at for a change
  public record Tls(
      String certificateFile,
      String keyFile,
      TlsEngine engine,
      Duration reloadInterval,
      Duration handshakeTimeout) {
    /// Whether the client port speaks `wss`.
    public boolean enabled() {
      return !certificateFile.isEmpty();
    }
  }

  /// Which TLS implementation encrypts.
  public enum TlsEngine {
    AUTO,
    JDK,
    BORINGSSL
  }

  /// The internal port: API, health, metrics, console.
  public record Internal(String host, int port, boolean console) {}

  /// What one client may do; the limits of a socket.
  ///
  /// @param insecure connect without a token, every permission granted; for tests
  /// @param anonymous whether a client without a token may connect as the anonymous user
  /// @param connectProxy decides about clients without a token instead
  /// @param refreshProxy is asked when a session's time is over, instead of the client
  /// @param allowedOrigins exact origins (scheme, host, port) besides the node's own host
  public record Client(
      boolean insecure,
      boolean anonymous,
      BackendConfig.Proxy connectProxy,
      BackendConfig.Proxy refreshProxy,
      List<String> allowedOrigins,
      Duration handshakeTimeout,
      Duration staleTimeout,
      Duration pingInterval,
      Duration pongTimeout,
      Duration closeGrace,
      Duration expiredGrace,
      Duration ageMax,
      int messageBytesMax,
      int fragmentsMax,
      int outboxBytesMax,
      int channelsMax,
      int channelNameBytesMax,
      int wildcardSegmentsMax,
      int filterNodesMax,
      int commandsPerSecond,
      int commandsBurst,
      int controlFramesPerSecond,
      int controlFramesBurst) {}

  /// What one user may hold in the whole cluster.
  public record User(
      int connectionsMax,
      Excess connectionsExcess,
      String personalChannelNamespace,
      boolean personalChannel) {}

  /// Which connection goes when a user has one too many.
  public enum Excess {
    /// The new one is refused.
    REFUSE_NEW,
    /// The oldest one is closed.
    CLOSE_OLDEST
  }

  /// Who may sign tokens, and what a token must say.
  ///
  /// @param hmacSecret shared secret for HS256, HS384 and HS512; empty for none
  /// @param keys public keys for the other algorithms
  /// @param jwksUrl of a JSON Web Key Set with more keys; empty for none
  /// @param userClaim claim that holds the user id
  public record Token(
      Secret hmacSecret,
      String hmacAlgorithm,
      List<Key> keys,
      String jwksUrl,
      Duration jwksRefresh,
      String audience,
      String issuer,
      boolean requireExp,
      boolean requireAud,
      String userClaim,
      Duration skew,
      int bytesMax) {
    /// Whether any key is configured.
    public boolean hasKeys() {
      return !hmacSecret.isEmpty() || !keys.isEmpty() || !jwksUrl.isEmpty();
    }
  }

  /// One verification key.
  ///
  /// @param id the exact `kid`; may be empty when it is the only key
  /// @param algorithm the one algorithm this key verifies, such as ES256
  /// @param pem public key in PEM, or the shared secret for an HS algorithm
  public record Key(String id, String algorithm, Secret pem) {}

  /// Channels without a namespace and the namespaces there are.
  public record Channel(Namespace withoutNamespace, Map<String, Namespace> namespaces) {}

  /// What the channels of one namespace can do and who may; names as upstream users know them.
  public record Namespace(
      boolean presence,
      boolean joinLeave,
      boolean forcePushJoinLeave,
      boolean lifecycleEvents,
      int historySize,
      Duration historyTtl,
      Duration historyMetaTtl,
      boolean forcePositioning,
      boolean allowPositioning,
      boolean forceRecovery,
      boolean allowRecovery,
      RecoveryMode forceRecoveryMode,
      boolean autoCacheRecover,
      List<String> allowedDeltaTypes,
      boolean deltaPublish,
      boolean allowTagsFilter,
      boolean allowChannelCompaction,
      boolean allowWildcardSubscriptions,
      boolean allowSubscribeForClient,
      boolean allowSubscribeForAnonymous,
      boolean allowPublishForClient,
      boolean allowPublishForSubscriber,
      boolean allowPublishForAnonymous,
      boolean allowPresenceForClient,
      boolean allowPresenceForSubscriber,
      boolean allowPresenceForAnonymous,
      boolean allowHistoryForClient,
      boolean allowHistoryForSubscriber,
      boolean allowHistoryForAnonymous,
      boolean allowUserLimitedChannels,
      boolean subscribeProxyEnabled,
      String subscribeProxyName,
      boolean publishProxyEnabled,
      String publishProxyName,
      boolean subRefreshProxyEnabled,
      String subRefreshProxyName,
      String channelRegex,
      PayloadFormat publicationDataFormat,
      String publicationSchema) {
    /// Whether other nodes must know who subscribes.
    public boolean attended() {
      return presence || joinLeave;
    }

    /// Whether it matters who subscribes, beyond that they get what is published.
    public boolean watched() {
      return attended() || lifecycleEvents;
    }
  }

  /// JSON Schemas of payloads, and what one payload may cost.
  ///
  /// @param stepsMax keywords and values that are looked at for one payload
  public record Schemas(List<SchemaFile> files, int payloadBytesMax, int stepsMax) {}

  /// One version of a schema.
  public record SchemaFile(String name, String version, String file) {
    /// What namespaces call it.
    public String fullName() {
      return name + "@" + version;
    }
  }

  /// What recovery delivers.
  public enum RecoveryMode {
    STREAM,
    CACHE
  }

  /// What a publication's payload may be.
  public enum PayloadFormat {
    /// Anything but nothing.
    ANY,
    JSON,
    JSON_OBJECT,
    BINARY
  }

  /// The HTTP API.
  ///
  /// @param insecure no key needed; for tests
  public record Api(
      Secret key, boolean insecure, ErrorMode errorMode, int bodyBytesMax, int batchMax) {}

  /// How a failed API call is answered.
  public enum ErrorMode {
    /// With 200 and an `error` object.
    BODY,
    /// With an HTTP status.
    TRANSPORT
  }

  /// Reading streams.
  public record History(int pageBytesMax) {}

  /// Reading who is on channels.
  public record Presence(int membersMax) {}

  /// The replicated log: its bounds, and what it does without a majority.
  public record Stream(
      int bytesMax,
      int idempotencyKeysMax,
      Duration idempotencyTtl,
      int streamsMax,
      QuorumLoss quorumLoss) {}

  /// What nodes do that are left without a majority.
  public enum QuorumLoss {
    /// Refuse durable publishes until a majority is back, or an operator says that it never will
    /// be.
    SAFE,
    /// Go on after 10 s, with new epochs.
    AVAILABLE
  }

  /// Bounds of the links between nodes.
  ///
  /// @param lease how long a node counts on another that it hears nothing from
  public record Link(int windowBytes, Duration ageMax, Duration lease) {}

  /// The cluster this node joins.
  ///
  /// @param members host:port to ask first; empty means the loopback port range
  /// @param requestTimeout for a question to another node
  /// @param allowInsecure Hazelcast's port is reachable and closed by other means
  public record Cluster(
      boolean enabled,
      String name,
      Secret key,
      String host,
      int port,
      int busPort,
      List<String> members,
      String kubernetesService,
      int membersMin,
      Duration requestTimeout,
      boolean allowInsecure,
      ClusterTls tls) {
    /// Whether the nodes of this machine look for each other on a range of loopback ports.
    public boolean searchesHere() {
      return port != 0 && members.isEmpty() && kubernetesService.isEmpty() && isOnlyHere(host);
    }
  }

  /// Mutual TLS of the event bus; on when a certificate is named.
  public record ClusterTls(String certificateFile, String keyFile, String caFile) {
    /// Whether nodes talk to each other over TLS.
    public boolean enabled() {
      return !certificateFile.isEmpty();
    }
  }

  /// The public addresses on the event bus; the key is `bus.public`.
  public record Bus(@ConfigKey("public") boolean publicAddresses) {}

  /// The tick that drives sweeps.
  ///
  /// @param loopTimeout an event loop that does not answer a tick for so long is stuck
  public record Heartbeat(Duration interval, Duration loopTimeout) {}

  /// What is measured.
  public record Metrics(boolean enabled) {}

  /// What is written to standard output.
  public record Log(LogFormat format, LogLevel level, boolean access) {}

  /// Shape of a log line.
  public enum LogFormat {
    /// JSON unless standard output is a terminal.
    AUTO,
    JSON,
    TEXT
  }

  /// How much is logged.
  public enum LogLevel {
    ERROR,
    WARN,
    INFO,
    DEBUG,
    TRACE
  }

  /// Whether only this machine reaches an address; a name other than localhost is never asked for.
  public static boolean isOnlyHere(String host) {
    if (host.equalsIgnoreCase("localhost")) {
      return true;
    }
    try {
      return InetAddress.ofLiteral(host).isLoopbackAddress();
    } catch (IllegalArgumentException _) {
      return false;
    }
  }
}
