package dev.switchboard.perf;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/// The words of the command line, sorted by option.
///
/// @param values every option with what was given to it, in order
record Arguments(Options.Scenario scenario, Map<String, List<String>> values) {
  private static final Set<String> FLAGS = Set.of("--no-pin", "--no-page", "--tls");
  private static final Set<String> OPTIONS =
      Set.of(
          "--servers",
          "--connections",
          "--gone",
          "--collectors",
          "--tolerance",
          "--warmups",
          "--shared",
          "--settle",
          "--nodes",
          "--subscribers",
          "--members",
          "--calls",
          "--publishers",
          "--channels",
          "--rate",
          "--batch-rate",
          "--batch",
          "--history",
          "--in-flight",
          "--payload",
          "--warmup",
          "--measure",
          "--repeats",
          "--server-core",
          "--client-core",
          "--jvm",
          "--set");

  /// Sorts the words; fails on one it does not know.
  static Arguments read(String[] words) {
    Options.Scenario scenario = Options.Scenario.ALL;
    Map<String, List<String>> values = new HashMap<>();
    for (int i = 0; i < words.length; i++) {
      String word = words[i];
      if (FLAGS.contains(word)) {
        values.put(word, List.of());
      } else if (OPTIONS.contains(word)) {
        if (++i == words.length) {
          throw PerfException.usage(word + " needs a value");
        }
        values.computeIfAbsent(word, _ -> new ArrayList<>()).add(words[i]);
      } else if (i == 0 && !word.startsWith("-")) {
        scenario = scenario(word);
      } else {
        throw PerfException.usage("unknown option " + word);
      }
    }
    return new Arguments(scenario, values);
  }

  private static Options.Scenario scenario(String word) {
    try {
      return Options.Scenario.valueOf(word.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException _) {
      throw PerfException.usage("unknown scenario " + word);
    }
  }

  boolean flag(String name) {
    return values.containsKey(name);
  }

  List<String> repeated(String name) {
    return values.getOrDefault(name, List.of());
  }

  /// The comma-separated entries of an option, none when it is absent.
  List<String> texts(String name) {
    return repeated(name).stream().flatMap(text -> Stream.of(text.split(","))).toList();
  }

  List<Integer> numbers(String name, String otherwise) {
    List<String> texts = flag(name) ? texts(name) : List.of(otherwise.split(","));
    return texts.stream().map(text -> parse(name, text, 1)).toList();
  }

  int number(String name, int otherwise) {
    return atLeast(name, otherwise, 1);
  }

  int atLeast(String name, int otherwise, int least) {
    return flag(name) ? parse(name, repeated(name).getLast(), least) : otherwise;
  }

  Duration seconds(String name, int otherwise) {
    return Duration.ofSeconds(number(name, otherwise));
  }

  private static int parse(String name, String text, int least) {
    try {
      int number = Integer.parseInt(text.strip());
      if (number >= least) {
        return number;
      }
    } catch (NumberFormatException _) {
      throw PerfException.usage(name + " wants a whole number, not '" + text + "'");
    }
    throw PerfException.usage(name + " must be at least " + least);
  }
}
