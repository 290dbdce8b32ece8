package dev.switchboard.session;

import dev.switchboard.auth.SubscriptionTerms;
import dev.switchboard.auth.SubscriptionTerms.Option;
import dev.switchboard.channel.Recovery;
import dev.switchboard.channel.Subscription;
import dev.switchboard.config.GatewayConfig.Namespace;

/// What the terms of a grant do to a subscription. Pure functions, but for the subscription.
public final class Terms {
  private Terms() {}

  /// Says what a new subscription shows and hears.
  ///
  /// @param asked whether the client asked to hear who comes and goes, and may
  public static void apply(
      SubscriptionTerms terms, Subscription<Session> subscription, boolean asked) {
    Namespace policy = subscription.audience().policy();
    subscription.hearOfOthers(
        asked || terms.option(Option.FORCE_PUSH_JOIN_LEAVE, policy.forcePushJoinLeave()));
    if (!terms.option(Option.PRESENCE, true)) {
      subscription.hide();
    }
    if (!terms.option(Option.JOIN_LEAVE, true)) {
      subscription.silence();
    }
  }

  /// What the subscriber has of a stream without asking for it.
  public static Recovery.Forced forced(SubscriptionTerms terms, Namespace policy) {
    return new Recovery.Forced(
        terms.option(Option.FORCE_POSITIONING, policy.forcePositioning()),
        terms.option(Option.FORCE_RECOVERY, policy.forceRecovery()));
  }
}
