package dev.switchboard.auth;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/// What a token allows on some channels, whatever their namespace says. Immutable.
///
/// It is the claim `caps`: a list of objects with `channels`, `match` and `allow`.
///
/// @param channels one of which must match a channel's whole name
public record Capability(List<Channels> channels, Set<Right> rights) {
  /// What a token may allow on a channel.
  public enum Right {
    /// To subscribe, without a token of its own.
    SUBSCRIBE("sub"),
    /// To publish.
    PUBLISH("pub"),
    /// To see who is there, and who comes and goes.
    PRESENCE("prs"),
    /// To read the stream.
    HISTORY("hst");

    private final String word;

    Right(String word) {
      this.word = word;
    }
  }

  /// Whether it allows this.
  boolean allows(Right right, String channel) {
    return rights.contains(right) && channels.stream().anyMatch(one -> one.matches(channel));
  }

  /// Reads one.
  ///
  /// @param match how `channels` are meant: as they are when empty, `wildcard` or `regex`
  static Capability of(String match, List<String> channels, Set<Right> rights)
      throws RefusedException {
    List<Channels> meant = new ArrayList<>();
    for (String channel : channels) {
      meant.add(Channels.of(match, channel));
    }
    return new Capability(meant, rights);
  }

  /// The right that a token calls by a word.
  static Right right(String word) throws RefusedException {
    return Arrays.stream(Right.values())
        .filter(right -> right.word.equals(word))
        .findFirst()
        .orElseThrow(() -> new RefusedException("caps.allow holds none of sub, pub, prs, hst"));
  }
}
