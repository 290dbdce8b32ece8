package dev.switchboard.api;

/// A pattern over channel names: `*` stands for any characters, `?` for one. Immutable.
///
/// Matches in time proportional to pattern times name, whatever the pattern.
final class Glob {
  private final String pattern;

  Glob(String pattern) {
    this.pattern = pattern;
  }

  boolean matches(String name) {
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
