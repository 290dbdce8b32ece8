package dev.switchboard.testkit;

import dev.switchboard.auth.ConnectionGrant;
import dev.switchboard.auth.Principal;
import dev.switchboard.backend.Backend;
import dev.switchboard.backend.Call;
import dev.switchboard.backend.Verdict;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// A back end that ServiceLoader finds in tests; what it does its method's name says.
public final class InProcessBackend implements Backend {
  @Override
  public String name() {
    return "in-process";
  }

  @Override
  public CompletionStage<Verdict<byte[]>> onCall(Call.Rpc call) {
    return switch (call.method()) {
      case "here:echo" ->
          // As an application would, on a thread of its own.
          CompletableFuture.supplyAsync(() -> new Verdict.Answered<>(call.data()));
      case "here:refuse" ->
          CompletableFuture.completedFuture(new Verdict.Refused<>(400, "no", false));
      case "here:never" -> new CompletableFuture<>();
      case "here:null" -> CompletableFuture.completedFuture(null);
      default -> throw new IllegalStateException("as the test wants it");
    };
  }

  /// Lets everybody in as the user of whom the client's name is that it says.
  @Override
  public CompletionStage<Verdict<ConnectionGrant>> onConnect(Call.Connect call) {
    var principal = new Principal(call.name(), null);
    return CompletableFuture.supplyAsync(
        () -> new Verdict.Answered<>(new ConnectionGrant(principal, 0, Map.of(), call.data())));
  }
}
