package dev.switchboard.backend;

import dev.switchboard.auth.ConnectionGrant;
import dev.switchboard.auth.SubscriptionTerms;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// A back end in this process: a class that [java.util.ServiceLoader] finds, named by the
/// configuration as back ends over HTTP are. It implements what it is asked for.
///
/// Called on event loops: it must not block them. What it returns may complete on any thread; what
/// it throws, and what takes longer than `backend.timeout`, is error 100 to the client, or a minute
/// more for what was to be refreshed.
public interface Backend {
  /// The name by which the configuration knows it.
  String name();

  /// A client connects without a token.
  default CompletionStage<Verdict<ConnectionGrant>> onConnect(Call.Connect call) {
    return unasked();
  }

  /// The time of a session is over.
  default CompletionStage<Verdict<Renewal>> onRefresh(Call.Refresh call) {
    return unasked();
  }

  /// A client subscribes without a token.
  default CompletionStage<Verdict<SubscriptionTerms>> onSubscribe(Call.Subscribe call) {
    return unasked();
  }

  /// The time of a subscription is over.
  default CompletionStage<Verdict<Renewal>> onSubRefresh(Call.SubRefresh call) {
    return unasked();
  }

  /// A client publishes.
  default CompletionStage<Verdict<Amendment>> onPublish(Call.Publish call) {
    return unasked();
  }

  /// A client calls a method.
  default CompletionStage<Verdict<byte[]>> onCall(Call.Rpc call) {
    return unasked();
  }

  private static <R> CompletionStage<R> unasked() {
    return CompletableFuture.failedFuture(
        new UnsupportedOperationException("the configuration asks for what it does not implement"));
  }
}
