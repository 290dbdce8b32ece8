package dev.switchboard.auth;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.List;

/// Which channels a [Capability] is about. Immutable.
///
/// It is asked about names that a client chooses, at every command; so no name may be dear,
/// whatever the pattern. What a token brings is bounded, too: see [#states].
public sealed interface Channels {
  /// How many states all expressions of one token may have together.
  int STATES_MAX = 10_000;

  /// No engine takes a larger count.
  Pattern COUNT = Pattern.compile("[{]([0-9]{1,4})(?:,([0-9]{1,4})?)?}");

  /// Whether a channel is meant, by its whole name.
  boolean matches(String channel);

  /// This one.
  record Named(String name) implements Channels {
    @Override
    public boolean matches(String channel) {
      return channel.equals(name);
    }
  }

  /// All with these texts, in this order and with anything in between.
  ///
  /// @param parts two at least; the first is where a name begins, the last where it ends
  record Wildcard(List<String> parts) implements Channels {
    @Override
    public boolean matches(String channel) {
      String last = parts.getLast();
      int end = channel.length() - last.length();
      int at = parts.getFirst().length();
      if (at > end || !channel.startsWith(parts.getFirst()) || !channel.endsWith(last)) {
        return false;
      }
      // Where a text first occurs leaves the most to those behind it, so no other need be tried.
      for (String part : parts.subList(1, parts.size() - 1)) {
        int found = channel.indexOf(part, at);
        if (found < 0 || found + part.length() > end) {
          return false;
        }
        at = found + part.length();
      }
      return true;
    }
  }

  /// All that fit an expression, by an engine that never goes back.
  record Expression(Pattern pattern) implements Channels {
    @Override
    public boolean matches(String channel) {
      return pattern.matches(channel);
    }
  }

  /// Reads one.
  ///
  /// @param match how `text` is meant: as it is when empty, `wildcard` or `regex`
  static Channels of(String match, String text) throws RefusedException {
    try {
      return switch (match) {
        case "" -> new Named(text);
        case "wildcard" -> {
          List<String> parts = List.of(text.split("[*]", -1));
          yield parts.size() == 1 ? new Named(text) : new Wildcard(parts);
        }
        case "regex" -> new Expression(Pattern.compile(text));
        default -> throw new RefusedException("caps.match is neither wildcard nor regex");
      };
    } catch (PatternSyntaxException wrong) {
      throw new RefusedException("caps.channels holds something that is no regular expression");
    }
  }

  /// About how many states a text has that is an expression: each sign as often as anything is
  /// counted. Nothing more is known of it, so this can be asked before it is read.
  static long states(String match, String text) {
    if (!match.equals("regex")) {
      return 0;
    }
    long states = Math.max(1, text.length());
    Matcher count = COUNT.matcher(text);
    while (states <= STATES_MAX && count.find()) {
      String most = count.group(2) == null ? count.group(1) : count.group(2);
      states *= Math.max(1, Integer.parseInt(most));
    }
    return states;
  }
}
