package dev.switchboard.channel;

/// A pattern over channel names: `*` stands for any characters, `?` for one. Immutable.
///
/// Matches in time proportional to pattern times name, whatever the pattern.
public final class Glob {
  private final String pattern;

  /// @param pattern the text with its `*` and `?`; empty matches only the empty name
  public Glob(String pattern) {
    this.pattern = pattern;
  }

  /// Whether the whole name fits.
  public boolean matches(String name) {
    int at = 0;
    int position = 0;
    int star = -1;
    int resume = 0;
    while (position < name.length()) {
      if (at < pattern.length() && pattern.charAt(at) == '*') {
        star = at++;
        resume = position;
      } else if (at < pattern.length() && fits(at, name.charAt(position))) {
        at++;
        position++;
      } else if (star >= 0) {
        at = star + 1;
        position = ++resume;
      } else {
        return false;
      }
    }
    while (at < pattern.length() && pattern.charAt(at) == '*') {
      at++;
    }
    return at == pattern.length();
  }

  private boolean fits(int at, char character) {
    return pattern.charAt(at) == '?' || pattern.charAt(at) == character;
  }
}
