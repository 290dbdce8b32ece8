package dev.switchboard.auth;

import dev.switchboard.config.GatewayConfig.Namespace;
import dev.switchboard.protocol.ChannelName;
import dev.switchboard.protocol.CloseCode;
import dev.switchboard.protocol.ErrorCode;
import dev.switchboard.protocol.Json;

/// Decides what a principal may do on a channel: pure functions of what is known about both.
///
/// The caller has checked that the name is acceptable and its namespace is configured. The argument
/// `granted` is `client.insecure`, or that the token allows it by a [Capability]: it grants what
/// would be denied, but a private channel still needs a token, a presented token must still be
/// good, and what is off stays off.
public final class Permissions {
  private static final Verdict ALLOWED = new Verdict.Allowed();
  private static final Verdict DENIED = new Verdict.Refused(ErrorCode.PERMISSION_DENIED);

  private Permissions() {}

  /// What the answer to a command is to be.
  public sealed interface Verdict {
    /// Go ahead.
    record Allowed() implements Verdict {}

    /// Answer with this error.
    record Refused(ErrorCode error) implements Verdict {}

    /// Close the socket: an honest client does not do this.
    record Closed(CloseCode closeCode) implements Verdict {}

    /// Whether to go ahead.
    default boolean allowed() {
      return this instanceof Allowed;
    }
  }

  /// Whether a principal may subscribe without a subscription token.
  ///
  /// In a namespace with user-limited channels a list of users excludes everybody else, even where
  /// `allow_subscribe_for_client` opens the other channels.
  public static Verdict subscribe(
      Principal principal, ChannelName channel, Namespace namespace, boolean granted) {
    if (channel.isPrivate()) {
      return DENIED;
    }
    var limited = namespace.allowUserLimitedChannels() && channel.isUserLimited();
    var open =
        limited
            ? channel.allowsUser(principal.user())
            : namespace.allowSubscribeForClient()
                && known(principal, namespace.allowSubscribeForAnonymous());
    return open || granted ? ALLOWED : DENIED;
  }

  /// Whether a channel's name alone says who may subscribe without a token, so that nobody is
  /// asked.
  public static boolean isNameDecisive(ChannelName channel, Namespace namespace) {
    return channel.isPrivate() || namespace.allowUserLimitedChannels() && channel.isUserLimited();
  }

  /// Whether a presented subscription token lets a session subscribe; whatever is granted besides.
  ///
  /// @param client the session's public id
  /// @param token what became of it
  public static Verdict subscribe(
      Principal principal,
      ChannelName channel,
      String client,
      TokenOutcome<SubscriptionGrant> token) {
    return switch (token) {
      case TokenOutcome.Expired<SubscriptionGrant>() ->
          new Verdict.Refused(ErrorCode.TOKEN_EXPIRED);
      case TokenOutcome.Unknown<SubscriptionGrant>() -> new Verdict.Refused(ErrorCode.INTERNAL);
      case TokenOutcome.Refused<SubscriptionGrant>(_) -> DENIED;
      case TokenOutcome.Granted<SubscriptionGrant>(var grant) ->
          isFor(grant, principal, channel, client)
              ? ALLOWED
              : new Verdict.Closed(CloseCode.INVALID_TOKEN);
    };
  }

  /// Whether a principal may publish that payload.
  ///
  /// @param subscribed whether the session is subscribed to the channel
  public static Verdict publish(
      Principal principal, Namespace namespace, boolean subscribed, boolean granted, byte[] data) {
    var open =
        known(principal, namespace.allowPublishForAnonymous())
            && (namespace.allowPublishForClient()
                || namespace.allowPublishForSubscriber() && subscribed);
    return open || granted ? payload(namespace, data) : DENIED;
  }

  /// Whether a payload is what the namespace wants; asked for services too.
  public static Verdict payload(Namespace namespace, byte[] data) {
    var acceptable =
        switch (namespace.publicationDataFormat()) {
          case ANY -> data.length > 0;
          case JSON -> Json.isValue(data);
          case JSON_OBJECT -> Json.isValue(data) && isObject(data);
          case BINARY -> true;
        };
    return acceptable ? ALLOWED : new Verdict.Refused(ErrorCode.BAD_REQUEST);
  }

  /// Whether a principal may see who is on a channel.
  ///
  /// @param subscribed whether the session is subscribed to the channel
  public static Verdict presence(
      Principal principal, Namespace namespace, boolean subscribed, boolean granted) {
    if (!namespace.presence()) {
      return new Verdict.Refused(ErrorCode.NOT_AVAILABLE);
    }
    return seesOthers(principal, namespace, subscribed) || granted ? ALLOWED : DENIED;
  }

  /// Whether a subscriber is told who comes and goes, if it asks for that.
  public static boolean joinLeave(Principal principal, Namespace namespace, boolean granted) {
    return namespace.joinLeave() && (seesOthers(principal, namespace, true) || granted);
  }

  private static boolean seesOthers(Principal principal, Namespace namespace, boolean subscribed) {
    return known(principal, namespace.allowPresenceForAnonymous())
        && (namespace.allowPresenceForClient()
            || namespace.allowPresenceForSubscriber() && subscribed);
  }

  /// Whether a principal may read a channel's stream.
  ///
  /// @param subscribed whether the session is subscribed to the channel
  public static Verdict history(
      Principal principal, Namespace namespace, boolean subscribed, boolean granted) {
    if (namespace.historySize() <= 0 || !namespace.historyTtl().isPositive()) {
      return new Verdict.Refused(ErrorCode.NOT_AVAILABLE);
    }
    var open =
        known(principal, namespace.allowHistoryForAnonymous())
            && (namespace.allowHistoryForClient()
                || namespace.allowHistoryForSubscriber() && subscribed);
    return open || granted ? ALLOWED : DENIED;
  }

  private static boolean known(Principal principal, boolean anonymousToo) {
    return !principal.anonymous() || anonymousToo;
  }

  private static boolean isFor(
      SubscriptionGrant grant, Principal principal, ChannelName channel, String client) {
    return grant.user().equals(principal.user())
        && grant.channel().equals(channel.text())
        && (grant.client().isEmpty() || grant.client().equals(client));
  }

  /// Whether a JSON value, which may follow white space, is an object.
  private static boolean isObject(byte[] value) {
    int start = 0;
    while (value[start] <= ' ') {
      start++;
    }
    return value[start] == '{';
  }
}
