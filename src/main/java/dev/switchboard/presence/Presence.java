package dev.switchboard.presence;

import dev.switchboard.presence.PresenceNews.Joined;
import dev.switchboard.presence.PresenceNews.Left;
import dev.switchboard.protocol.ClientId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongPredicate;
import java.util.function.Predicate;

/// Who is on the channels that this node has subscribers of. Confined to the peer loop.
///
/// Members of this node come and go by [#join] and [#leave], those of other nodes as they tell.
/// Whoever comes or goes is told to the [PresenceListener], once: a node that dies takes its
/// members along on every node that had copies, for that node's own subscribers.
public final class Presence {
  private static final int INDEX_SHIFT = 56;

  private final PresenceListener listener;
  private final Map<String, Room> rooms = new HashMap<>();
  private final NavigableMap<Long, List<Room>> byHash = new TreeMap<>();
  private final Set<Room> empty = new LinkedHashSet<>();
  private final List<PresencePeer> peers = new ArrayList<>();
  private long incarnation;

  /// Without peers.
  public Presence(PresenceListener listener) {
    this.listener = listener;
  }

  /// The node takes another incarnation; its members have one that says so.
  public void incarnation(long own) {
    incarnation = own;
  }

  long incarnation() {
    return incarnation;
  }

  /// Another node is there, of which nothing is known yet.
  ///
  /// @param wants whether it has subscribers of a channel, by its hash
  /// @param link takes news for it, false when there is no room
  public PresencePeer meet(long other, LongPredicate wants, Predicate<byte[]> link) {
    var peer = new PresencePeer(this, other, wants, link);
    peers.add(peer);
    return peer;
  }

  /// An event loop has a first subscriber of a channel, who may still have to wait for its reply.
  ///
  /// @param hash by which nodes name the channel to each other
  /// @param announced whether anybody may want to hear who comes and goes
  public void open(String channel, long hash, int loop, boolean announced) {
    Room room = rooms.get(channel);
    if (room == null) {
      room = new Room(channel, hash, announced);
      rooms.put(channel, room);
      byHash.merge(hash, List.of(room), Presence::joined);
      for (PresencePeer peer : peers) {
        peer.look(room);
      }
    }
    room.enter(loop);
    empty.remove(room);
  }

  private static List<Room> joined(List<Room> some, List<Room> others) {
    List<Room> all = new ArrayList<>(some);
    all.addAll(others);
    return List.copyOf(all);
  }

  /// An event loop has no subscriber of a channel any more.
  public void close(String channel, int loop) {
    Room room = rooms.get(channel);
    if (room != null) {
      room.leave(loop);
      if (room.loops() == 0) {
        empty.add(room);
      }
    }
  }

  /// Ends a turn of the loop: forgets the channels that nobody here subscribes to any more.
  ///
  /// Not before, as the other nodes hear of a turn as a whole: one that does not hear that a
  /// channel was given up would not tell its members again.
  public void endTurn() {
    for (Room room : empty) {
      rooms.remove(room.channel());
      byHash.computeIfPresent(room.hash(), (_, all) -> without(all, room));
      peers.forEach(peer -> peer.forget(room));
    }
    empty.clear();
  }

  private static List<Room> without(List<Room> all, Room one) {
    List<Room> rest = all.stream().filter(room -> room != one).toList();
    return rest.isEmpty() ? null : rest;
  }

  /// A session of this node is on a channel, or there is something new of it.
  public void join(String channel, Member member) {
    Room room = rooms.get(channel);
    if (room != null) {
      put(room, member, true);
      tell(room, new Joined(channel, member));
    }
  }

  /// A session of this node is on a channel no more.
  public void leave(String channel, ClientId id) {
    Room room = rooms.get(channel);
    if (room != null) {
      remove(room, id);
      tell(room, new Left(channel, id));
    }
  }

  private void tell(Room room, PresenceNews news) {
    if (!room.told().isEmpty()) {
      byte[] bytes = PresenceCodec.encode(news);
      List.copyOf(room.told()).forEach(peer -> peer.tell(room, bytes));
    }
  }

  /// The members of a channel, when all of them are known here; empty when other nodes still have
  /// to tell theirs, or when this node has no subscribers.
  public Optional<Attendance> find(String channel) {
    return room(channel).filter(this::isComplete).map(Room::attendance);
  }

  /// This node's own members of a channel.
  public Attendance own(String channel) {
    return room(channel)
        .map(room -> room.attendance().only(incarnation))
        .orElseGet(Attendance::new);
  }

  private boolean isComplete(Room room) {
    for (PresencePeer peer : peers) {
      if (peer.wants(room) && !room.heard().contains(peer)) {
        return false;
      }
    }
    return true;
  }

  /// How many channels there are here.
  public int channels() {
    return rooms.size();
  }

  // ---- for peers

  Optional<Room> room(String channel) {
    return Optional.ofNullable(rooms.get(channel));
  }

  Collection<Room> rooms() {
    return rooms.values();
  }

  List<Room> rooms(long hash) {
    return byHash.getOrDefault(hash, List.of());
  }

  /// Channels whose hash begins with a byte.
  List<Room> roomsOf(int index) {
    long first = (long) index << INDEX_SHIFT;
    long last = first | (1L << INDEX_SHIFT) - 1;
    return byHash.subMap(first, true, last, true).values().stream().flatMap(List::stream).toList();
  }

  /// Takes a member in.
  ///
  /// @param news whether it came now, if it is new here
  void put(Room room, Member member, boolean news) {
    if (room.attendance().put(member) && news && room.isAnnounced() && !member.silent()) {
      listener.onJoined(room.loops(), room.channel(), member);
    }
  }

  void remove(Room room, ClientId id) {
    Member gone = room.attendance().remove(id);
    if (gone != null && room.isAnnounced() && !gone.silent()) {
      listener.onLeft(room.loops(), room.channel(), gone);
    }
  }

  /// Takes all members of a node out.
  void removeAll(Room room, long other) {
    List.copyOf(room.attendance().of(other).keySet()).forEach(id -> remove(room, id));
  }

  void onGone(PresencePeer peer) {
    peers.remove(peer);
    for (Room room : rooms.values()) {
      room.told().remove(peer);
      room.heard().remove(peer);
      removeAll(room, peer.incarnation());
    }
  }
}
