package dev.switchboard.session;

import dev.switchboard.auth.Principal;
import dev.switchboard.channel.ClaimDoor;
import dev.switchboard.channel.Claims;
import dev.switchboard.protocol.ClientId;
import dev.switchboard.protocol.CloseCode;
import dev.switchboard.wire.Socket;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/// The sessions that one event loop owns, by slot and by user. Confined to that loop.
///
/// A client id names a slot, so finding a session is an array read and a comparison of keys: a
/// stale id fails at once and can never reach the slot's next tenant.
public final class Sessions {
  private final int loop;
  private final RandomGenerator random;
  private final SessionListener listener;
  private final Claims claims;
  private final Map<String, Session> users = new HashMap<>();
  private Session[] table = new Session[64];
  private int[] free = new int[64];
  private long incarnation;
  private int freeCount;
  private int used;
  private int size;

  /// @param incarnation of this node's stay in the cluster
  /// @param loop index of the owning event loop
  /// @param random a source nobody can guess, for the keys of client ids
  /// @param door where users are claimed: for their first session here until their last has gone
  public Sessions(
      long incarnation,
      int loop,
      RandomGenerator random,
      SessionListener listener,
      ClaimDoor door) {
    this.incarnation = incarnation;
    this.loop = loop;
    this.random = random;
    this.listener = listener;
    this.claims = new Claims(door);
  }

  /// Opens a session; the socket's messages go to it from here on.
  public Session open(Socket socket, Principal principal) {
    int slot = freeCount > 0 ? free[--freeCount] : nextSlot();
    var session = new Session(this, socket, new Session.Place(slot, random.nextLong()), principal);
    table[slot] = session;
    size++;
    Session next = users.put(principal.user(), session);
    session.linkBefore(next);
    socket.listener(session);
    if (next == null) {
      claims.claim(principal.user());
    }
    return session;
  }

  /// Whether the claim of the session's user is not confirmed yet.
  public boolean isPending(Session session) {
    return claims.isPending(session.principal().user());
  }

  /// Runs `confirmed` when the claim of the session's user is, unless the session ends before.
  public void await(Session session, Runnable confirmed) {
    claims.await(session.principal().user(), session, confirmed, () -> {});
  }

  /// The open session with this id, or null when it is gone or never was.
  public Session find(ClientId id) {
    if (id.incarnation() != incarnation || id.slot() < 0 || id.slot() >= used) {
      return null;
    }
    Session session = table[id.slot()];
    return session != null && session.key() == id.key() ? session : null;
  }

  /// Begins another stay in the cluster: every session ends, and no id of before finds anybody.
  public void renew(long next) {
    forEach(session -> session.close(CloseCode.FORCE_RECONNECT));
    incarnation = next;
  }

  /// Calls `action` for each session of a user; it may close the session it is given.
  public void forEachOf(String user, Consumer<Session> action) {
    Session session = users.get(user);
    while (session != null) {
      Session next = session.nextOfUser();
      action.accept(session);
      session = next;
    }
  }

  /// Calls `action` for each session; it may close the session it is given.
  public void forEach(Consumer<Session> action) {
    forEachIn(0, used, action);
  }

  /// How many sessions are open.
  public int size() {
    return size;
  }

  /// The users with a session on this loop.
  public Iterable<String> users() {
    return users.keySet();
  }

  /// How many users have a session on this loop.
  public int userCount() {
    return users.size();
  }

  long incarnation() {
    return incarnation;
  }

  /// Index of the owning event loop. Any thread.
  public int loop() {
    return loop;
  }

  SessionListener listener() {
    return listener;
  }

  /// One past the highest slot ever used.
  int slots() {
    return used;
  }

  void forEachIn(int from, int to, Consumer<Session> action) {
    for (int slot = from; slot < to; slot++) {
      Session session = table[slot];
      if (session != null) {
        action.accept(session);
      }
    }
  }

  void remove(Session session) {
    table[session.slot()] = null;
    size--;
    if (freeCount == free.length) {
      free = Arrays.copyOf(free, freeCount * 2);
    }
    free[freeCount++] = session.slot();
    removeFromUser(session);
  }

  private void removeFromUser(Session session) {
    String user = session.principal().user();
    claims.forget(user, session);
    if (!session.unlink()) {
      return;
    }
    if (session.nextOfUser() == null) {
      users.remove(user);
      claims.release(user);
    } else {
      users.put(user, session.nextOfUser());
    }
  }

  private int nextSlot() {
    if (used == table.length) {
      table = Arrays.copyOf(table, used * 2);
    }
    return used++;
  }
}
