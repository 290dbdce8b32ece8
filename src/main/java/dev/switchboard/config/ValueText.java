package dev.switchboard.config;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// How single values are written: text to value and back. Pure functions.
public final class ValueText {
  private static final Pattern DURATION = Pattern.compile("(\\d{1,12})(ms|s|m|h|d)");
  private static final Pattern BYTES = Pattern.compile("(\\d{1,12}) ?(B|KiB|MiB|GiB)?");
  private static final Pattern BYTES_KEY = Pattern.compile("(.*[._])?bytes(_.*)?");
  private static final Duration LONGEST = Duration.ofDays(3650);

  private ValueText() {}

  /// The value a text stands for, or nothing when it is no such value.
  ///
  /// @param key decides whether a number is a size in bytes
  static Optional<Object> parse(Class<?> type, String key, String text) {
    if (type == String.class) {
      return Optional.of(text);
    }
    if (type == Secret.class) {
      return Optional.of(new Secret(text));
    }
    String trimmed = text.strip();
    if (type == boolean.class) {
      return switch (trimmed.toLowerCase(Locale.ROOT)) {
        case "true" -> Optional.of(true);
        case "false" -> Optional.of(false);
        default -> Optional.empty();
      };
    }
    if (type == int.class) {
      return whole(key, trimmed).filter(n -> n == n.intValue()).map(Long::intValue);
    }
    if (type == long.class) {
      return whole(key, trimmed).map(n -> n);
    }
    if (type == Duration.class) {
      return duration(trimmed).map(d -> d);
    }
    return Arrays.stream(type.getEnumConstants())
        .filter(constant -> constant.toString().equalsIgnoreCase(trimmed))
        .findFirst()
        .map(constant -> constant);
  }

  /// What may be written for such a value, to follow "allowed is".
  static String allowed(Class<?> type, String key) {
    if (type == boolean.class) {
      return "true or false";
    }
    if (type == int.class || type == long.class) {
      return isBytes(key) ? "a size such as 65536, 64KiB or 1MiB" : "a whole number";
    }
    if (type == Duration.class) {
      return "a duration from 0s to 3650d such as 250ms, 25s, 5m, 1h or 30d";
    }
    if (type.isEnum()) {
      return Arrays.stream(type.getEnumConstants())
          .map(constant -> constant.toString().toLowerCase(Locale.ROOT))
          .collect(Collectors.joining(", ", "one of ", ""));
    }
    return "one value";
  }

  /// The short name of a type in documentation.
  static String typeName(Class<?> type, String key) {
    if (type == int.class || type == long.class) {
      return isBytes(key) ? "size" : "number";
    }
    if (type.isEnum()) {
      return allowed(type, key).substring("one of ".length());
    }
    return switch (type.getSimpleName()) {
      case "String" -> "text";
      default -> type.getSimpleName().toLowerCase(Locale.ROOT);
    };
  }

  /// The text a value would be written as, a secret as `[hidden]`.
  static String print(String key, Object value) {
    return switch (value) {
      case Duration duration -> print(duration);
      case Enum<?> constant -> constant.name().toLowerCase(Locale.ROOT);
      case Secret secret -> secret.isEmpty() ? "" : secret.toString();
      case Number number when isBytes(key) -> printBytes(number.longValue());
      default -> value.toString();
    };
  }

  private static boolean isBytes(String key) {
    return BYTES_KEY.matcher(key).matches();
  }

  private static Optional<Long> whole(String key, String text) {
    if (isBytes(key)) {
      return bytes(text);
    }
    try {
      return Optional.of(Long.parseLong(text));
    } catch (NumberFormatException _) {
      return Optional.empty();
    }
  }

  private static Optional<Long> bytes(String text) {
    Matcher matcher = BYTES.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    int shift =
        switch (matcher.group(2)) {
          case "KiB" -> 10;
          case "MiB" -> 20;
          case "GiB" -> 30;
          case null, default -> 0;
        };
    long count = Long.parseLong(matcher.group(1));
    return count <= Long.MAX_VALUE >> shift ? Optional.of(count << shift) : Optional.empty();
  }

  /// A duration as configurations write it: `250ms`, `25s`, `5m`, `1h`, `30d`.
  public static Optional<Duration> duration(String text) {
    Matcher matcher = DURATION.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    long count = Long.parseLong(matcher.group(1));
    Duration duration =
        switch (matcher.group(2)) {
          case "ms" -> Duration.ofMillis(count);
          case "s" -> Duration.ofSeconds(count);
          case "m" -> Duration.ofMinutes(count);
          case "h" -> Duration.ofHours(count);
          default -> Duration.ofDays(count);
        };
    return Optional.of(duration).filter(d -> d.compareTo(LONGEST) <= 0);
  }

  private static String print(Duration duration) {
    if (duration.toMillisPart() != 0) {
      return duration.toMillis() + "ms";
    }
    long seconds = duration.toSeconds();
    if (seconds != 0 && seconds % 86_400 == 0) {
      return seconds / 86_400 + "d";
    }
    if (seconds != 0 && seconds % 3_600 == 0) {
      return seconds / 3_600 + "h";
    }
    return seconds != 0 && seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
  }

  private static String printBytes(long bytes) {
    if (bytes != 0 && bytes % (1 << 20) == 0) {
      return (bytes >> 20) + "MiB";
    }
    return bytes != 0 && bytes % (1 << 10) == 0 ? (bytes >> 10) + "KiB" : Long.toString(bytes);
  }
}
