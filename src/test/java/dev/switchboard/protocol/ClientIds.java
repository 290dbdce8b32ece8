package dev.switchboard.protocol;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/// Any ids of sessions, for properties.
public final class ClientIds {
  private ClientIds() {}

  /// Any that a node could issue.
  public static Arbitrary<ClientId> any() {
    return Combinators.combine(
            Arbitraries.longs(),
            Arbitraries.integers().between(0, 255),
            Arbitraries.integers(),
            Arbitraries.longs())
        .as(ClientId::new);
  }
}
