package dev.switchboard.lifecycle;

import dev.switchboard.lifecycle.Note.Cap;
import dev.switchboard.protocol.ClientId;
import dev.switchboard.protocol.CloseCode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// What is open: the sessions and the occupied channels whose events are in one stream.
///
/// Kept with a shard, on its owner and on its copy, and confined to whoever holds that. A final
/// event comes only of what is on the roll and takes it off, so each has exactly one, whoever says
/// it: the node that closed a session, or the owner of the shard for a node that is gone.
public final class Roll {
  /// How long a node may be missing among the members while it has something new to say: it may
  /// have joined so lately that who asks does not know.
  public static final long NEWCOMER_MILLIS = 5_000;

  // Of one note, so that what follows from it fits a batch.
  private static final int CHANGES_MAX = 2_000;
  private static final int OVER_MAX = 2_000;
  private static final long STALE_MILLIS = 2_000;
  private static final String NODE_LOST = "node lost";
  private static final int CONNECTION_BYTES = 250;
  private static final int CHANNEL_BYTES = 150;

  private final NavigableMap<ClientId, Connection> connections = new TreeMap<>();
  private final Map<String, Set<ClientId>> users = new HashMap<>();
  private final LinkedHashMap<String, Long> seen = new LinkedHashMap<>();
  private final Map<String, Set<Long>> occupied = new HashMap<>();
  private final Map<Long, Stay> nodes = new TreeMap<>();
  private final Map<String, Long> readers = new TreeMap<>();
  private final Departed departed = new Departed();
  private long bytes;

  /// A session on the roll.
  ///
  /// @param channels it is on, as far as their subscriptions make events, in the order it went on
  public record Connection(String user, long at, Set<String> channels) {}

  /// A node with something on the roll.
  private static final class Stay {
    private long notedAt;
    private int connections;
    private final Set<String> channels = new TreeSet<>();
  }

  /// What a note leads to; nothing has changed yet.
  ///
  /// @param changes in the order in which they come true
  public record Decision(List<RollChange> changes, Noted answer) {
    private static Decision of(RollChange... changes) {
      return new Decision(List.of(changes), Noted.DONE);
    }
  }

  /// Decides what becomes of a note, on the owner of the shard.
  ///
  /// @param now by the owner's clock, in milliseconds of the Unix epoch
  public Decision decide(Note note, long now) {
    return switch (note) {
      case Note.Connected connected -> connect(connected);
      case Note.Disconnected(var client, int code, var reason, long at) ->
          new Decision(end(client, code, reason, at), Noted.DONE);
      case Note.Subscribed(var client, var channel, long at) -> {
        Connection found = connections.get(client);
        yield found == null || found.channels().contains(channel)
            ? Decision.of()
            : Decision.of(new RollChange.Subscribed(client, found.user(), channel, at));
      }
      case Note.Unsubscribed(var client, var channel, long at) -> {
        Connection found = connections.get(client);
        yield found == null || !found.channels().contains(channel)
            ? Decision.of()
            : Decision.of(new RollChange.Unsubscribed(client, found.user(), channel, at));
      }
      case Note.Occupied(var channel, long node, long at) -> occupy(channel, node, at);
      case Note.Vacated(var channel, long node, long at) -> vacate(channel, node, at);
      case Note.Alive alive -> reap(alive, now);
      case Note.Read(var reader, var _, long offset) -> {
        long before = readers.getOrDefault(reader, 0L);
        List<RollChange> changes =
            offset > before ? List.of(new RollChange.Read(reader, offset)) : List.of();
        yield new Decision(changes, Noted.ofRead(Math.max(before, offset)));
      }
      case Note.Look(var asked) ->
          new Decision(List.of(), Noted.ofStatuses(asked.stream().map(this::status).toList()));
    };
  }

  private Decision connect(Note.Connected note) {
    if (connections.containsKey(note.client()) || departed.has(note.client())) {
      return Decision.of();
    }
    var change = new RollChange.Connected(note.client(), note.user(), note.at());
    Cap cap = note.cap();
    Set<ClientId> others = users.getOrDefault(note.user(), Set.of());
    if (cap.max() == 0 || note.user().isEmpty() || others.size() < cap.max()) {
      return Decision.of(change);
    }
    List<ClientId> oldest = others.stream().limit(OVER_MAX).toList();
    return cap.refuse()
        ? new Decision(List.of(), Noted.of(true, oldest))
        : new Decision(List.of(change), Noted.of(false, oldest));
  }

  /// The final events of a session, if it is on the roll.
  private List<RollChange> end(ClientId client, int code, String reason, long at) {
    Connection found = connections.get(client);
    if (found == null) {
      return List.of();
    }
    List<RollChange> changes = new ArrayList<>();
    for (String channel : found.channels()) {
      changes.add(new RollChange.Unsubscribed(client, found.user(), channel, at));
    }
    changes.add(new RollChange.Disconnected(client, found.user(), code, reason, found.at(), at));
    return changes;
  }

  private Decision occupy(String channel, long node, long at) {
    if (departed.has(node)) {
      return Decision.of();
    }
    Set<Long> there = occupied.get(channel);
    if (there == null) {
      return Decision.of(new RollChange.Occupied(channel, node, at));
    }
    return there.contains(node)
        ? Decision.of()
        : Decision.of(new RollChange.Entered(channel, node));
  }

  private Decision vacate(String channel, long node, long at) {
    Set<Long> there = occupied.getOrDefault(channel, Set.of());
    if (!there.contains(node)) {
      return Decision.of();
    }
    return there.size() == 1
        ? Decision.of(new RollChange.Vacated(channel, node, at))
        : Decision.of(new RollChange.Left(channel, node));
  }

  /// One node at a time: what is open elsewhere decides what is final of the next one.
  private Decision reap(Note.Alive alive, long now) {
    if (now - alive.at() > STALE_MILLIS) {
      // It waited: who has joined meanwhile is not in it.
      return Decision.of();
    }
    List<RollChange> changes = new ArrayList<>();
    int gone = 0;
    for (var node : nodes.entrySet()) {
      if (!alive.nodes().contains(node.getKey())
          && alive.at() - node.getValue().notedAt >= NEWCOMER_MILLIS
          && gone++ == 0) {
        endAll(node.getKey(), node.getValue(), now, changes);
      }
    }
    boolean unfinished = gone > 1 || changes.size() >= CHANGES_MAX;
    int forgotten = forgettable(alive);
    if (forgotten > 0) {
      changes.add(new RollChange.Forgotten(forgotten));
    }
    return new Decision(
        changes, new Noted(false, over(alive.cap(), now), unfinished, 0, List.of()));
  }

  private void endAll(long node, Stay stay, long now, List<RollChange> changes) {
    for (ClientId client : of(node)) {
      if (changes.size() >= CHANGES_MAX) {
        return;
      }
      changes.addAll(end(client, CloseCode.ABNORMAL.code(), NODE_LOST, now));
    }
    for (String channel : stay.channels) {
      if (changes.size() >= CHANGES_MAX) {
        return;
      }
      changes.addAll(vacate(channel, node, now).changes());
    }
    changes.add(new RollChange.Buried(node));
  }

  private Collection<ClientId> of(long node) {
    return connections
        .subMap(ClientId.first(node), true, ClientId.last(node), true)
        .navigableKeySet();
  }

  private int forgettable(Note.Alive alive) {
    int over = Math.max(0, seen.size() - alive.seenMax());
    int forgotten = 0;
    for (long at : seen.values()) {
      if (forgotten >= over && at >= alive.seenSince()) {
        break;
      }
      forgotten++;
    }
    return forgotten;
  }

  /// The connections of one user who has too many; another one each time, as one whose node does
  /// not answer must not stand in the way of the others.
  private List<ClientId> over(Cap cap, long now) {
    if (cap.max() == 0) {
      return List.of();
    }
    var over = users.values().stream().filter(all -> all.size() > cap.max()).toList();
    return over.isEmpty()
        ? List.of()
        : over.get((int) (now / 1_000 % over.size())).stream().limit(OVER_MAX).toList();
  }

  /// Lets a decision come true; on the owner and on the copy the same.
  ///
  /// @param now when it was decided, by the owner's clock in milliseconds
  public void happen(RollChange change, long now) {
    switch (change) {
      case RollChange.Connected(var client, var user, long at) -> {
        add(client, new Connection(user, at, new LinkedHashSet<>(2)));
        stay(client.incarnation()).notedAt = now;
      }
      case RollChange.Disconnected ended -> remove(ended);
      case RollChange.Subscribed(var client, var _, var channel, long _) -> {
        connections.get(client).channels().add(channel);
        bytes += CHANNEL_BYTES;
      }
      case RollChange.Unsubscribed(var client, var _, var channel, long _) -> {
        connections.get(client).channels().remove(channel);
        bytes -= CHANNEL_BYTES;
      }
      case RollChange.Occupied(var channel, long node, long _) -> enter(channel, node, now);
      case RollChange.Entered(var channel, long node) -> enter(channel, node, now);
      case RollChange.Vacated(var channel, long node, long _) -> leave(channel, node);
      case RollChange.Left(var channel, long node) -> leave(channel, node);
      case RollChange.Buried(long node) -> departed.add(node, now);
      case RollChange.Forgotten(int count) -> {
        Iterator<String> oldest = seen.keySet().iterator();
        for (int index = 0; index < count && oldest.hasNext(); index++) {
          oldest.next();
          oldest.remove();
          bytes -= CHANNEL_BYTES;
        }
      }
      case RollChange.Read(var reader, long offset) -> readers.put(reader, offset);
    }
  }

  private void add(ClientId client, Connection connection) {
    connections.put(client, connection);
    bytes += CONNECTION_BYTES + (long) CHANNEL_BYTES * connection.channels().size();
    stay(client.incarnation()).connections++;
    if (!connection.user().isEmpty()) {
      users.computeIfAbsent(connection.user(), _ -> new LinkedHashSet<>(2)).add(client);
      bytes -= seen.remove(connection.user()) == null ? 0 : CHANNEL_BYTES;
    }
  }

  private void remove(RollChange.Disconnected ended) {
    ClientId client = ended.client();
    Connection connection = connections.remove(client);
    if (ended.reason().equals(NODE_LOST)) {
      departed.add(client, ended.at());
    }
    bytes -= CONNECTION_BYTES + (long) CHANNEL_BYTES * connection.channels().size();
    Stay stay = nodes.get(client.incarnation());
    stay.connections--;
    forget(client.incarnation(), stay);
    Set<ClientId> others = users.get(connection.user());
    if (others != null) {
      others.remove(client);
      if (others.isEmpty()) {
        users.remove(connection.user());
        see(connection.user(), ended.at());
      }
    }
  }

  private void see(String user, long at) {
    seen.putLast(user, at);
    bytes += CHANNEL_BYTES;
  }

  private void enter(String channel, long node, long now) {
    occupied.computeIfAbsent(channel, _ -> new TreeSet<>()).add(node);
    Stay stay = stay(node);
    stay.channels.add(channel);
    stay.notedAt = now;
    bytes += CHANNEL_BYTES;
  }

  private void leave(String channel, long node) {
    Set<Long> there = occupied.get(channel);
    there.remove(node);
    if (there.isEmpty()) {
      occupied.remove(channel);
    }
    Stay stay = nodes.get(node);
    stay.channels.remove(channel);
    forget(node, stay);
    bytes -= CHANNEL_BYTES;
  }

  private Stay stay(long node) {
    return nodes.computeIfAbsent(node, _ -> new Stay());
  }

  private void forget(long node, Stay stay) {
    if (stay.connections == 0 && stay.channels.isEmpty()) {
      nodes.remove(node);
    }
  }

  /// Whether a user is there, and since when not.
  public UserStatus status(String user) {
    Set<ClientId> there = users.get(user);
    return there == null
        ? new UserStatus(0, seen.getOrDefault(user, 0L))
        : new UserStatus(there.size(), 0);
  }

  /// The stream of events begins anew: what readers had of the old one means nothing now.
  public void forgetReaders() {
    readers.clear();
  }

  /// About how much memory it takes.
  public long bytes() {
    return bytes;
  }

  /// Whether nothing is on it.
  public boolean isEmpty() {
    return connections.isEmpty() && occupied.isEmpty() && readers.isEmpty();
  }

  /// All of it as plain values, for a copy.
  public RollSheet sheet() {
    List<RollSheet.Line> lines = new ArrayList<>();
    // In the order of each user's connections, which decides who has to go first.
    users.values().forEach(all -> all.forEach(client -> lines.add(line(client))));
    connections.forEach(
        (client, connection) -> {
          if (connection.user().isEmpty()) {
            lines.add(line(client));
          }
        });
    Map<Long, RollSheet.Node> stays = new TreeMap<>();
    nodes.forEach(
        (node, stay) ->
            stays.put(node, new RollSheet.Node(stay.notedAt, List.copyOf(stay.channels))));
    return new RollSheet(
        lines,
        stays,
        new LinkedHashMap<>(seen),
        new TreeMap<>(readers),
        departed.nodes(),
        departed.sessions());
  }

  private RollSheet.Line line(ClientId client) {
    Connection connection = connections.get(client);
    return new RollSheet.Line(
        client, connection.user(), connection.at(), List.copyOf(connection.channels()));
  }

  /// The roll that a sheet is of.
  public static Roll of(RollSheet sheet) {
    var roll = new Roll();
    for (RollSheet.Line line : sheet.connections()) {
      roll.add(
          line.client(),
          new Connection(line.user(), line.at(), new LinkedHashSet<>(line.channels())));
    }
    sheet
        .nodes()
        .forEach(
            (node, stay) -> {
              stay.channels().forEach(channel -> roll.enter(channel, node, stay.notedAt()));
              roll.stay(node).notedAt = stay.notedAt();
            });
    sheet.seen().forEach(roll::see);
    roll.readers.putAll(sheet.readers());
    roll.departed.addAll(sheet);
    return roll;
  }
}
