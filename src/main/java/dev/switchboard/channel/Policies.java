package dev.switchboard.channel;

import dev.switchboard.config.GatewayConfig;
import dev.switchboard.config.GatewayConfig.Namespace;
import dev.switchboard.lifecycle.EventStream;
import dev.switchboard.protocol.ChannelName;
import dev.switchboard.protocol.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/// What a channel may do, by its namespace. Immutable, safe on any thread.
public final class Policies {
  // Of one UTF-16 code unit.
  private static final int UTF8_BYTES_MAX = 3;

  private final int nameBytesMax;
  private final Namespace withoutNamespace;
  private final Map<String, Namespace> namespaces;
  private final Map<Namespace, Pattern> patterns = new IdentityHashMap<>();

  /// @param nameBytesMax `client.channel_name_bytes_max`
  public Policies(GatewayConfig.Channel config, int nameBytesMax) {
    this.nameBytesMax = nameBytesMax;
    this.withoutNamespace = config.withoutNamespace();
    this.namespaces = Map.copyOf(config.namespaces());
    compile(withoutNamespace);
    namespaces.values().forEach(this::compile);
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
    Pattern pattern = patterns.get(namespace);
    boolean lawful = pattern == null ? isAscii(channel) : pattern.matcher(channel).matches();
    return lawful ? new Found.Policy(name, namespace) : new Found.Refused(ErrorCode.BAD_REQUEST);
  }

  private void compile(Namespace namespace) {
    if (!namespace.channelRegex().isEmpty()) {
      patterns.put(namespace, Pattern.compile(namespace.channelRegex()));
    }
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
