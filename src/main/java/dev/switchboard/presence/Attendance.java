package dev.switchboard.presence;

import dev.switchboard.protocol.ClientId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/// The members of one channel, of all nodes. Confined to one loop.
///
/// In the order of their ids, which begin with the node's incarnation: so pages have a place to go
/// on from, and the members of one node are a stretch of their own.
public final class Attendance {
  private final NavigableMap<ClientId, Member> members = new TreeMap<>();
  private final Map<String, Integer> users = new HashMap<>();

  /// Takes a member in, or what is new of it.
  ///
  /// @return whether it was not there
  boolean put(Member member) {
    Member before = members.put(member.id(), member);
    if (before == null) {
      users.merge(member.user(), 1, Integer::sum);
    }
    return before == null;
  }

  /// Takes a member out.
  ///
  /// @return the member, or null when it was not there
  Member remove(ClientId id) {
    Member gone = members.remove(id);
    if (gone != null) {
      users.computeIfPresent(gone.user(), (_, sessions) -> sessions == 1 ? null : sessions - 1);
    }
    return gone;
  }

  /// Those of one node, as they are at any time.
  NavigableMap<ClientId, Member> of(long incarnation) {
    return members.subMap(ClientId.first(incarnation), true, ClientId.last(incarnation), true);
  }

  /// Those of one node, as they are now.
  Attendance only(long incarnation) {
    var own = new Attendance();
    of(incarnation).values().forEach(own::put);
    return own;
  }

  /// How many members there are.
  public int size() {
    return members.size();
  }

  /// How many distinct users they are.
  public int users() {
    return users.size();
  }

  /// How many of the members each user is; for reading, as it is at any time.
  public Map<String, Integer> sessions() {
    return Collections.unmodifiableMap(users);
  }

  /// The next members.
  ///
  /// @param after where the last page ended; empty for the first one
  /// @param limit above 0
  public PresencePage page(Optional<ClientId> after, int limit) {
    var rest = after.map(id -> members.tailMap(id, false)).orElse(members);
    List<Member> page = new ArrayList<>(Math.min(limit, rest.size()));
    for (Member member : rest.values()) {
      if (page.size() == limit) {
        return new PresencePage(page, Optional.of(page.getLast().id()));
      }
      page.add(member);
    }
    return new PresencePage(page, Optional.empty());
  }
}
