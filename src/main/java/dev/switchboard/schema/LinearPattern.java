package dev.switchboard.schema;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import com.networknt.schema.regex.RegularExpression;

/// A regular expression that takes time in proportion to the text, whatever text. Any thread.
///
/// RE2 has no back-references and does not look around; a schema that does either is refused.
final class LinearPattern implements RegularExpression {
  // Measured: 50 ns for a character where few states are alive, up to 8 ns for each that is. Nearly
  // never are all of them, so they count less: where they are, a step takes ten times as long.
  private static final int CHARACTERS_PER_STEP = 2;
  private static final int VISITS_PER_STEP = 128;

  private final Pattern pattern;

  /// @throws IllegalArgumentException when RE2 does not know it
  LinearPattern(String text) {
    try {
      pattern = Pattern.compile(text);
    } catch (PatternSyntaxException wrong) {
      throw new IllegalArgumentException(
          "\"%s\", which is no regular expression of RE2: %s".formatted(text, wrong.getMessage()),
          wrong);
    }
  }

  @Override
  public boolean matches(String text) {
    if (Budget.CURRENT.isBound()) {
      long length = text.length();
      Budget.CURRENT
          .get()
          .spend(length / CHARACTERS_PER_STEP + length * pattern.programSize() / VISITS_PER_STEP);
    }
    return pattern.matcher(text).find();
  }
}
