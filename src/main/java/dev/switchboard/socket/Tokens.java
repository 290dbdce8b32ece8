package dev.switchboard.socket;

import dev.switchboard.auth.ConnectionGrant;
import dev.switchboard.auth.SubscriptionGrant;
import dev.switchboard.auth.TokenOutcome;
import dev.switchboard.config.GatewayConfig;
import dev.switchboard.token.FetchedKeys;
import dev.switchboard.token.TokenVerifier;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.function.Supplier;

/// Verifies the tokens that clients of one event loop bring. Confined to that loop.
///
/// Its answers are there at once, but when a token names a key that has to be fetched.
final class Tokens {
  private final Vertx vertx;
  private final FetchedKeys connectionKeys;
  private final FetchedKeys subscriptionKeys;
  private final TokenVerifier connections;
  private final TokenVerifier subscriptions;

  /// The token library locks a key while it checks, so each loop has its own verifiers.
  Tokens(Vertx vertx, Gateway gateway) {
    GatewayConfig config = gateway.config();
    this.vertx = vertx;
    this.connectionKeys = gateway.keys().connections();
    this.connections =
        new TokenVerifier(vertx, config.token(), connectionKeys, gateway.wallClock());
    if (config.subscriptionToken().hasKeys()) {
      this.subscriptionKeys = gateway.keys().subscriptions();
      this.subscriptions =
          new TokenVerifier(
              vertx, config.subscriptionToken(), subscriptionKeys, gateway.wallClock());
    } else {
      this.subscriptionKeys = connectionKeys;
      this.subscriptions = connections;
    }
  }

  /// What a connection token grants; never fails.
  Future<TokenOutcome<ConnectionGrant>> connection(String token) {
    return outcome(() -> connections.verifyConnection(token), connectionKeys);
  }

  /// What a subscription token grants; never fails.
  Future<TokenOutcome<SubscriptionGrant>> subscription(String token) {
    return outcome(() -> subscriptions.verifySubscription(token), subscriptionKeys);
  }

  private <T> Future<TokenOutcome<T>> outcome(Supplier<TokenOutcome<T>> verify, FetchedKeys keys) {
    TokenOutcome<T> outcome = verify.get();
    if (!(outcome instanceof TokenOutcome.Unknown<T>)) {
      return Future.succeededFuture(outcome);
    }
    return Future.fromCompletionStage(keys.refresh(), vertx.getOrCreateContext())
        .map(_ -> known(verify.get()))
        .otherwise(outcome);
  }

  /// With all keys there are.
  private static <T> TokenOutcome<T> known(TokenOutcome<T> outcome) {
    return outcome instanceof TokenOutcome.Unknown<T>
        ? new TokenOutcome.Refused<>("kid names no key")
        : outcome;
  }
}
