package dev.switchboard.presence;

import dev.switchboard.protocol.ClientId;
import dev.switchboard.protocol.MalformedException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Nodes whose presence talks over links that a test moves along by hand, in one thread.
///
/// Interest travels on the same links, as it does between nodes: in one piece per turn.
final class Halls {
  private final List<Hall> halls = new ArrayList<>();
  private final Map<Long, Integer> room = new HashMap<>();

  /// Nodes that know each other, and want nothing yet.
  Halls(int count) {
    for (int i = 0; i < count; i++) {
      halls.add(new Hall(i + 1));
    }
    for (Hall one : halls) {
      halls.stream().filter(other -> other != one).forEach(one::meet);
    }
  }

  Hall get(int index) {
    return halls.get(index);
  }

  List<Hall> all() {
    return halls;
  }

  /// From now on a link takes so many news, then none; all again after [#settle].
  void room(Hall to, int news) {
    room.put(to.incarnation, news);
  }

  /// Everything arrives and everything is told.
  void settle() {
    room.clear();
    boolean moved = true;
    while (moved) {
      moved = false;
      for (Hall hall : halls) {
        hall.endTurn();
        moved |= hall.pump();
        for (Hall other : halls) {
          moved |= other != hall && other.arriveFrom(hall);
        }
      }
    }
  }

  /// What is under way.
  private sealed interface Item {
    record News(byte[] bytes) implements Item {}

    record Interest(Set<Long> added, Set<Long> removed) implements Item {}
  }

  /// One node.
  final class Hall implements PresenceListener {
    final long incarnation;
    final Presence presence = new Presence(this);
    final List<String> heard = new ArrayList<>();
    private final Set<Long> own = new HashSet<>();
    private Set<Long> told = new HashSet<>();
    private final Map<Hall, PresencePeer> peers = new HashMap<>();
    private final Map<Hall, Set<Long>> interests = new HashMap<>();
    private final Map<Hall, Deque<Item>> links = new HashMap<>();

    private Hall(long incarnation) {
      this.incarnation = incarnation;
      presence.incarnation(incarnation);
    }

    private void meet(Hall other) {
      interests.put(other, new HashSet<>());
      links.put(other, new ArrayDeque<>());
      peers.put(
          other,
          presence.meet(
              other.incarnation,
              hash -> interests.get(other).contains(hash),
              bytes -> offer(other, bytes)));
    }

    private boolean offer(Hall other, byte[] bytes) {
      int left = room.getOrDefault(other.incarnation, Integer.MAX_VALUE);
      if (left <= 0) {
        return false;
      }
      room.put(other.incarnation, left - 1);
      links.get(other).add(new Item.News(bytes));
      return true;
    }

    // ---- what its loops do

    void open(String channel) {
      presence.open(channel, hash(channel), 0, true);
      own.add(hash(channel));
    }

    void close(String channel) {
      own.remove(hash(channel));
      presence.close(channel, 0);
    }

    boolean isOpen(String channel) {
      return own.contains(hash(channel));
    }

    /// Whether the others were told, as they are before anybody goes in.
    boolean isTold(String channel) {
      return told.contains(hash(channel));
    }

    void join(String channel, int slot) {
      presence.join(channel, member(slot));
    }

    void leave(String channel, int slot) {
      presence.leave(channel, id(slot));
    }

    ClientId id(int slot) {
      return new ClientId(incarnation, 0, slot, slot);
    }

    Member member(int slot) {
      return new Member(id(slot), "user" + slot % 3, null, null);
    }

    private static long hash(String channel) {
      return channel.hashCode() * 0x9e3779b97f4a7c15L;
    }

    // ---- what its peer loop does

    void endTurn() {
      Set<Long> added = new HashSet<>(own);
      added.removeAll(told);
      Set<Long> removed = new HashSet<>(told);
      removed.removeAll(own);
      presence.endTurn();
      told = new HashSet<>(own);
      if (!added.isEmpty() || !removed.isEmpty()) {
        links.values().forEach(link -> link.add(new Item.Interest(added, removed)));
      }
    }

    boolean pump() {
      boolean moved = false;
      for (PresencePeer peer : peers.values()) {
        while (peer.isTelling() && peer.tellPart()) {
          moved = true;
        }
      }
      return moved;
    }

    /// The next thing another node said comes in.
    boolean arriveFrom(Hall other) {
      Deque<Item> link = other.links.get(this);
      Item item = link == null ? null : link.poll();
      switch (item) {
        case null -> {
          return false;
        }
        case Item.News(byte[] bytes) -> take(other, bytes);
        case Item.Interest(var added, var removed) -> {
          interests.get(other).addAll(added);
          interests.get(other).removeAll(removed);
          peers.get(other).onInterest(array(removed));
          peers.get(other).onInterest(array(added));
        }
      }
      return true;
    }

    private void take(Hall other, byte[] bytes) {
      try {
        peers.get(other).onNews(bytes);
      } catch (MalformedException broken) {
        throw new AssertionError(broken);
      }
    }

    /// The link from here to another node starts over: what was under way is lost.
    void reset(Hall other) {
      links.get(other).clear();
      peers.get(other).onOpened();
      // As after an opening, everything is told anew, in whole shards.
      other.interests.put(this, new HashSet<>(told));
      for (int shard = 0; shard < 256; shard++) {
        other.peers.get(this).onInterestOf(shard);
      }
      other.peers.get(this).onInterestComplete();
      for (int shard = 0; shard < 256; shard++) {
        peers.get(other).onInterestOf(shard);
      }
    }

    /// Another node is no member any more.
    void lose(Hall other) {
      peers.remove(other).close();
      links.remove(other);
      interests.remove(other);
    }

    /// Everybody on a channel, or nothing when that is not known.
    Optional<Set<ClientId>> members(String channel) {
      return presence
          .find(channel)
          .map(
              members -> {
                Set<ClientId> ids = new TreeSet<>();
                members
                    .page(Optional.empty(), Integer.MAX_VALUE)
                    .members()
                    .forEach(member -> ids.add(member.id()));
                return ids;
              });
    }

    @Override
    public void onJoined(long loops, String channel, Member member) {
      heard.add("+" + member.id().incarnation() + "/" + member.id().slot());
    }

    @Override
    public void onLeft(long loops, String channel, Member member) {
      heard.add("-" + member.id().incarnation() + "/" + member.id().slot());
    }
  }

  private static long[] array(Set<Long> hashes) {
    return hashes.stream().mapToLong(Long::longValue).toArray();
  }
}
