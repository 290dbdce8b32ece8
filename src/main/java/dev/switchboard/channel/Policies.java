package dev.switchboard.channel;

import com.google.re2j.Pattern;
import dev.switchboard.config.GatewayConfig;
import dev.switchboard.config.GatewayConfig.Namespace;
import dev.switchboard.config.GatewayConfig.RecoveryMode;
import dev.switchboard.lifecycle.EventStream;
import dev.switchboard.protocol.ChannelName;
import dev.switchboard.protocol.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/// What a channel may do, by its namespace. Immutable, safe on any thread.
public final class Policies {
  // Of one UTF-16 code unit.
  private static final int UTF8_BYTES_MAX = 3;

  private final int nameBytesMax;
  private final int wildcardSegmentsMax;
  private final Namespace withoutNamespace;
  private final Map<String, Namespace> namespaces;

  // Of an engine that never goes back: clients choose what it looks at.
  private final Map<Namespace, Pattern> patterns = new IdentityHashMap<>();
  private final Map<Namespace, Namespace> wildcards = new IdentityHashMap<>();

  /// @param limits `client.channel_name_bytes_max` and `client.wildcard_segments_max`
  public Policies(GatewayConfig.Channel config, GatewayConfig.Client limits) {
    this.nameBytesMax = limits.channelNameBytesMax();
    this.wildcardSegmentsMax = limits.wildcardSegmentsMax();
    this.withoutNamespace = config.withoutNamespace();
    this.namespaces = Map.copyOf(config.namespaces());
    prepare(withoutNamespace);
    namespaces.values().forEach(this::prepare);
  }

  /// The policy of a channel, or why there is none.
  public sealed interface Found {
    /// The channel is lawful.
    record Policy(ChannelName name, Namespace namespace) implements Found {}

    /// The channel's name cannot be used.
    record Refused(ErrorCode code) implements Found {}
  }

  /// Looks up a channel, in the order of errors that SDKs know: length, namespace, characters.
  public Found find(String channel) {
    if (tooLong(channel)) {
      return new Found.Refused(ErrorCode.BAD_REQUEST);
    }
    if (EventStream.isReserved(channel)) {
      return new Found.Refused(ErrorCode.UNKNOWN_CHANNEL);
    }
    ChannelName name = new ChannelName(channel);
    Namespace namespace =
        name.namespace().isEmpty() ? withoutNamespace : namespaces.get(name.namespace());
    if (namespace == null) {
      return new Found.Refused(ErrorCode.UNKNOWN_CHANNEL);
    }
    if (isWildcard(name, namespace)) {
      return isAscii(channel) && name.segments() <= wildcardSegmentsMax
          ? new Found.Policy(name, wildcards.get(namespace))
          : new Found.Refused(ErrorCode.BAD_REQUEST);
    }
    Pattern pattern = patterns.get(namespace);
    boolean lawful = pattern == null ? isAscii(channel) : pattern.matches(channel);
    return lawful ? new Found.Policy(name, namespace) : new Found.Refused(ErrorCode.BAD_REQUEST);
  }

  /// Whether a name is a wildcard, and so no channel to publish to.
  public static boolean isWildcard(ChannelName name, Namespace namespace) {
    return namespace.allowWildcardSubscriptions() && name.isWildcard();
  }

  private void prepare(Namespace namespace) {
    if (!namespace.channelRegex().isEmpty()) {
      patterns.put(namespace, Pattern.compile(namespace.channelRegex()));
    }
    if (namespace.allowWildcardSubscriptions()) {
      wildcards.put(namespace, ofWildcards(namespace));
    }
  }

  /// What wildcards of a namespace may do. They are many channels: there is no one stream to follow
  /// or to recover, and nobody is present on all of them.
  private static Namespace ofWildcards(Namespace one) {
    return new Namespace(
        false,
        false,
        false,
        one.lifecycleEvents(),
        0,
        Duration.ZERO,
        Duration.ZERO,
        false,
        false,
        false,
        false,
        RecoveryMode.STREAM,
        false,
        List.of(),
        false,
        one.allowTagsFilter(),
        one.allowChannelCompaction(),
        true,
        one.allowSubscribeForClient(),
        one.allowSubscribeForAnonymous(),
        one.allowPublishForClient(),
        one.allowPublishForSubscriber(),
        one.allowPublishForAnonymous(),
        false,
        false,
        false,
        false,
        false,
        false,
        false,
        one.subscribeProxyEnabled(),
        one.subscribeProxyName(),
        one.publishProxyEnabled(),
        one.publishProxyName(),
        one.subRefreshProxyEnabled(),
        one.subRefreshProxyName(),
        "",
        one.publicationDataFormat(),
        "");
  }

  /// Whether a name exceeds `client.channel_name_bytes_max`.
  public boolean tooLong(String channel) {
    return channel.length() * UTF8_BYTES_MAX > nameBytesMax
        && channel.getBytes(StandardCharsets.UTF_8).length > nameBytesMax;
  }

  private static boolean isAscii(String text) {
    for (int index = 0; index < text.length(); index++) {
      char character = text.charAt(index);
      if (character < ' ' || character >= 0x7f) {
        return false;
      }
    }
    return true;
  }
}
