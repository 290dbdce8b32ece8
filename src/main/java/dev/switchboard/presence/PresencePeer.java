package dev.switchboard.presence;

import dev.switchboard.presence.PresenceNews.Joined;
import dev.switchboard.presence.PresenceNews.Left;
import dev.switchboard.presence.PresenceNews.Part;
import dev.switchboard.protocol.ClientId;
import dev.switchboard.protocol.MalformedException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongPredicate;
import java.util.function.Predicate;

/// One other node: which members it is told of, and which it told. Confined to the peer loop.
///
/// It is told of channels that it wants to hear of, and tells of those that this node does; both
/// sides know that from each other's interest. First come all members, in parts, and with them
/// every change: what a part has already is no change any more. Nothing waits here but marks: a
/// change that the link has no room for makes its channel start over.
public final class PresencePeer {
  private static final int PART_MEMBERS_MAX = 200;
  private static final int PART_BYTES_MAX = 32_768;
  private static final int MEMBER_BYTES = 64;

  private final Presence presence;
  private final long incarnation;
  private final LongPredicate wants;
  private final Predicate<byte[]> link;
  // Channels whose members are being told, and after which one to go on.
  private final Map<Room, Optional<ClientId>> telling = new LinkedHashMap<>();

  /// @param wants whether the node has subscribers of a channel, by its hash
  /// @param link takes news for the node, false when there is no room
  PresencePeer(Presence presence, long incarnation, LongPredicate wants, Predicate<byte[]> link) {
    this.presence = presence;
    this.incarnation = incarnation;
    this.wants = wants;
    this.link = link;
  }

  long incarnation() {
    return incarnation;
  }

  boolean wants(Room room) {
    return wants.test(room.hash());
  }

  // ---- what it is told

  /// The link is new: what was told before may be lost.
  public void onOpened() {
    presence.rooms().forEach(room -> room.told().remove(this));
    telling.clear();
  }

  /// The node may want other channels than before, or lack what it was told.
  ///
  /// @param hashes of the channels that this is about
  public void onInterest(long[] hashes) {
    for (long hash : hashes) {
      presence.rooms(hash).forEach(this::look);
    }
  }

  /// The node told all of its interest in channels whose hash begins with a byte; it may have taken
  /// some back and wanted them again meanwhile, and forgot what it was told of them then.
  ///
  /// @param index 0 to 255
  public void onInterestOf(int index) {
    for (Room room : presence.roomsOf(index)) {
      forget(room);
      look(room);
    }
  }

  /// The node told all of its interest.
  public void onInterestComplete() {
    presence.rooms().forEach(this::look);
  }

  /// Begins or ends telling what the node wants or wants no more, and drops what it told when it
  /// has no subscribers itself.
  void look(Room room) {
    if (!wants(room)) {
      forget(room);
      room.heard().remove(this);
      presence.removeAll(room, incarnation);
    } else if (!room.told().contains(this)) {
      room.told().add(this);
      telling.put(room, Optional.empty());
    }
  }

  /// This node has no subscribers of the channel any more; the other one drops what it was told
  /// when it hears of that.
  void forget(Room room) {
    room.told().remove(this);
    telling.remove(room);
  }

  /// One of this node's members came or went.
  ///
  /// @param news encoded once for all who are told
  void tell(Room room, byte[] news) {
    if (room.told().contains(this) && !link.test(news)) {
      telling.put(room, Optional.empty());
    }
  }

  /// Whether there is something to tell.
  public boolean isTelling() {
    return !telling.isEmpty();
  }

  /// Tells one part.
  ///
  /// @return false when there was no room for it
  public boolean tellPart() {
    var next = telling.entrySet().iterator().next();
    Room room = next.getKey();
    Part part = part(room, next.getValue());
    if (!link.test(PresenceCodec.encode(part))) {
      return false;
    }
    if (part.last()) {
      telling.remove(room);
    } else {
      next.setValue(Optional.of(part.members().getLast().id()));
    }
    return true;
  }

  private Part part(Room room, Optional<ClientId> after) {
    NavigableMap<ClientId, Member> own = room.attendance().of(presence.incarnation());
    var rest = after.map(id -> own.tailMap(id, false)).orElse(own);
    List<Member> members = new ArrayList<>();
    int bytes = 0;
    for (Member member : rest.values()) {
      bytes += size(member);
      if (!members.isEmpty() && (members.size() == PART_MEMBERS_MAX || bytes > PART_BYTES_MAX)) {
        return new Part(room.channel(), after, members, false);
      }
      members.add(member);
    }
    return new Part(room.channel(), after, members, true);
  }

  private static int size(Member member) {
    return MEMBER_BYTES
        + member.user().length()
        + (member.connInfo() == null ? 0 : member.connInfo().length)
        + (member.chanInfo() == null ? 0 : member.chanInfo().length);
  }

  // ---- what it tells

  /// The node told something of its members.
  ///
  /// @throws MalformedException when it is of another version
  public void onNews(byte[] bytes) throws MalformedException {
    PresenceNews news = PresenceCodec.decode(bytes);
    Optional<Room> room = presence.room(news.channel());
    if (room.isPresent()) {
      take(room.get(), news);
    }
  }

  private void take(Room room, PresenceNews news) {
    switch (news) {
      case Part part -> take(room, part);
      case Joined(var _, var member) -> put(room, member, true);
      case Left(var _, var id) -> remove(room, id);
    }
  }

  /// A node speaks for its own sessions only.
  private void put(Room room, Member member, boolean news) {
    if (member.id().incarnation() == incarnation) {
      presence.put(room, member, news);
    }
  }

  private void remove(Room room, ClientId id) {
    if (id.incarnation() == incarnation) {
      presence.remove(room, id);
    }
  }

  private void take(Room room, Part part) {
    var before = room.attendance().of(incarnation);
    var from = part.after().map(id -> before.tailMap(id, false)).orElse(before);
    var stretch =
        part.last() || part.members().isEmpty()
            ? from
            : from.headMap(part.members().getLast().id(), true);
    Set<ClientId> gone = new LinkedHashSet<>(stretch.keySet());
    part.members().forEach(member -> gone.remove(member.id()));
    gone.forEach(id -> remove(room, id));
    // Who was there before this node listened did not come now.
    boolean news = room.heard().contains(this);
    part.members().forEach(member -> put(room, member, news));
    if (part.last() && !news) {
      room.heard().add(this);
    }
  }

  /// The node is no member of the cluster any more: neither are its sessions on any channel.
  public void close() {
    presence.onGone(this);
  }
}
