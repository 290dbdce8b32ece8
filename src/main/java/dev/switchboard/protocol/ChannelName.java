package dev.switchboard.protocol;

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

  @Override
  public String toString() {
    return text;
  }
}
