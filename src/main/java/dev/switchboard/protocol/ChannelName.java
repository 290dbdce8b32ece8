package dev.switchboard.protocol;

import java.util.ArrayList;
import java.util.List;

/// A channel's name and what its punctuation means: `$namespace:rest#user,user`.
///
/// Every part stays in the name: `chat:1` and `1` are different channels, and so are `d#1,2` and
/// `d#2,1`. Whether the name is short enough and its namespace exists is judged elsewhere.
///
/// @param text the whole name, as on the wire
public record ChannelName(String text) {
  private static final String PRIVATE_PREFIX = "$";
  private static final char NAMESPACE_BOUNDARY = ':';
  private static final char USER_BOUNDARY = '#';
  private static final String USER_SEPARATOR = ",";
  private static final String WILDCARD = "*";
  private static final char SEGMENT_BOUNDARY = '.';

  /// The namespace before the first `:`, without a leading `$`; empty when there is none.
  public String namespace() {
    var end = text.indexOf(NAMESPACE_BOUNDARY);
    return end < 0 ? "" : text.substring(isPrivate() ? 1 : 0, end);
  }

  /// Whether only a subscription token opens it.
  public boolean isPrivate() {
    return text.startsWith(PRIVATE_PREFIX);
  }

  /// Whether it ends in a list of users, the text after the last `#`.
  public boolean isUserLimited() {
    return text.indexOf(USER_BOUNDARY) >= 0;
  }

  /// Whether the name lists that user; the anonymous user is never listed.
  public boolean allowsUser(String user) {
    if (user.isEmpty() || !isUserLimited()) {
      return false;
    }
    var users = text.substring(text.lastIndexOf(USER_BOUNDARY) + 1);
    for (var listed : users.split(USER_SEPARATOR)) {
      if (listed.equals(user)) {
        return true;
      }
    }
    return false;
  }

  /// Whether it stands for all channels of its namespace that begin like it, as `chat:*` and
  /// `chat:room.7.*` do. Only a namespace with wildcards takes it so.
  public boolean isWildcard() {
    if (!text.endsWith(WILDCARD) || isUserLimited()) {
      return false;
    }
    int star = text.length() - 1;
    return star == restAt() || text.charAt(star - 1) == SEGMENT_BOUNDARY;
  }

  /// The parts between dots of what follows the namespace.
  public int segments() {
    int segments = 1;
    for (int dot = nextDot(restAt()); dot >= 0; dot = nextDot(dot + 1)) {
      segments++;
    }
    return segments;
  }

  /// The wildcards that stand for it, the widest first. There are none for a list of users: who is
  /// not named must not listen in.
  ///
  /// @param segmentsMax of a wildcard, its `*` included
  public List<String> wildcards(int segmentsMax) {
    if (isUserLimited()) {
      return List.of();
    }
    List<String> wildcards = new ArrayList<>(segmentsMax);
    int end = restAt();
    while (wildcards.size() < segmentsMax) {
      wildcards.add(text.substring(0, end) + WILDCARD);
      int dot = nextDot(end);
      if (dot < 0) {
        break;
      }
      end = dot + 1;
    }
    return wildcards;
  }

  private int nextDot(int from) {
    return text.indexOf(SEGMENT_BOUNDARY, from);
  }

  /// Where what follows the namespace begins.
  private int restAt() {
    int end = text.indexOf(NAMESPACE_BOUNDARY);
    return end < 0 && isPrivate() ? 1 : end + 1;
  }

  @Override
  public String toString() {
    return text;
  }
}
