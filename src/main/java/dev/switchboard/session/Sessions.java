package dev.switchboard.session;

import dev.switchboard.auth.Principal;
import dev.switchboard.protocol.ClientId;
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
  private final long incarnation;
  private final int loop;
  private final RandomGenerator random;
  private final SessionListener listener;
  private final Map<String, Session> users = new HashMap<>();
  private Session[] table = new Session[64];
  private int[] free = new int[64];
  private int freeCount;
  private int used;
  private int size;

  /// @param incarnation of this node's stay in the cluster
  /// @param loop index of the owning event loop
  /// @param random a source nobody can guess, for the keys of client ids
  public Sessions(long incarnation, int loop, RandomGenerator random, SessionListener listener) {
    this.incarnation = incarnation;
    this.loop = loop;
    this.random = random;
    this.listener = listener;
  }

  /// Opens a session; the socket's messages go to it from here on.
  public Session open(Socket socket, Principal principal) {
    int slot = freeCount > 0 ? free[--freeCount] : nextSlot();
    var session = new Session(this, socket, new Session.Place(slot, random.nextLong()), principal);
    table[slot] = session;
    size++;
    session.linkBefore(users.put(principal.user(), session));
    socket.listener(session);
    return session;
  }

  /// The open session with this id, or null when it is gone or never was.
  public Session find(ClientId id) {
    if (id.incarnation() != incarnation || id.slot() < 0 || id.slot() >= used) {
      return null;
    }
    Session session = table[id.slot()];
    return session != null && session.key() == id.key() ? session : null;
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

  int loop() {
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
    if (!session.unlink()) {
      return;
    }
    String user = session.principal().user();
    if (session.nextOfUser() == null) {
      users.remove(user);
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
