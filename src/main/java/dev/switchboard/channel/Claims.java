package dev.switchboard.channel;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/// The claims of one event loop that are not confirmed yet, and who waits for each.
///
/// Confined to that loop. A confirmed claim leaves no trace here: who holds it is known to the
/// caller, so a channel or user at rest costs nothing, and nothing at all is kept on a node without
/// peers, where every claim is confirmed at once.
public final class Claims {
  private final ClaimDoor door;
  private final Map<String, Pending> pending = new HashMap<>();

  /// One claim; compared by identity, so that a late answer to a released one is recognised.
  private static final class Pending {
    private final LinkedHashMap<Object, Waiter> waiters = new LinkedHashMap<>();
  }

  private record Waiter(Runnable confirmed, Runnable ended) {}

  /// @param door where claims are made
  public Claims(ClaimDoor door) {
    this.door = door;
  }

  /// Claims a name that nobody on this loop held.
  public void claim(String name) {
    var claim = new Pending();
    pending.put(name, claim);
    door.claim(name, () -> confirm(name, claim));
  }

  /// Gives a name up that nobody on this loop holds any more.
  public void release(String name) {
    pending.remove(name);
    door.release(name);
  }

  /// Whether the name is claimed and not confirmed.
  public boolean isPending(String name) {
    return !pending.isEmpty() && pending.containsKey(name);
  }

  /// Runs `confirmed` when the claim is: at once, when it is not pending.
  ///
  /// @param who waits; for one thing of this name at a time
  /// @param ended runs instead when `who` goes away before
  public void await(String name, Object who, Runnable confirmed, Runnable ended) {
    Pending claim = pending.get(name);
    if (claim == null) {
      confirmed.run();
    } else {
      claim.waiters.put(who, new Waiter(confirmed, ended));
    }
  }

  /// Lets `who` wait no longer, as if the claim were confirmed.
  public void hurry(String name, Object who) {
    Waiter waiter = take(name, who);
    if (waiter != null) {
      waiter.confirmed().run();
    }
  }

  /// Ends the waiting of `who`, who goes away.
  public void forget(String name, Object who) {
    Waiter waiter = take(name, who);
    if (waiter != null) {
      waiter.ended().run();
    }
  }

  private Waiter take(String name, Object who) {
    Pending claim = pending.isEmpty() ? null : pending.get(name);
    return claim == null ? null : claim.waiters.remove(who);
  }

  private void confirm(String name, Pending claim) {
    if (pending.get(name) != claim) {
      return;
    }
    RuntimeException failure = null;
    // One by one, as each may end the waiting of others; one that fails must not stop the rest.
    for (var next = claim.waiters.pollFirstEntry();
        next != null;
        next = claim.waiters.pollFirstEntry()) {
      try {
        next.getValue().confirmed().run();
      } catch (RuntimeException fault) {
        failure = fault;
      }
    }
    pending.remove(name, claim);
    if (failure != null) {
      throw failure;
    }
  }
}
