package dev.switchboard.model;

import java.util.LinkedHashMap;
import java.util.Map;

/// Runs the models outside of the tests, as far as it takes: `scripts/model`.
final class Models {
  private static final long STATES_MAX = 60_000_000;

  private Models() {}

  /// @param arguments `--all` for the large scopes too, or names of scopes
  public static void main(String... arguments) {
    var wanted = java.util.List.of(arguments);
    boolean all = wanted.contains("--all");
    boolean well = true;
    for (Map.Entry<String, Model<?>> entry : models().entrySet()) {
      boolean small = entry.getKey().equals("VOTES") || isSmall(entry.getKey());
      if (wanted.contains(entry.getKey()) || all || wanted.isEmpty() && small) {
        well &= run(entry.getKey(), entry.getValue());
      }
    }
    System.exit(well ? 0 : 1);
  }

  private static boolean isSmall(String name) {
    return java.util.Arrays.stream(Scope.values())
        .anyMatch(scope -> scope.name().equals(name) && scope.isSmall());
  }

  private static Map<String, Model<?>> models() {
    Map<String, Model<?>> models = new LinkedHashMap<>();
    models.put("VOTES", new RosterModel(2, 1, 2, 0, Votes.RIGHT));
    for (Scope scope : Scope.values()) {
      models.put(scope.name(), scope.model(Hands.RIGHT));
    }
    models.put("VOTES_OF_THREE", new RosterModel(3, 0, 2, 0, Votes.RIGHT));
    models.put("VOTES_RESTART", new RosterModel(3, 0, 2, 1, Votes.RIGHT));
    return models;
  }

  private static <S> boolean run(String name, Model<S> model) {
    System.out.println(name);
    var explorer = new Explorer<>(model, STATES_MAX, line -> System.out.println("  " + line));
    Explorer.Result result = explorer.explore();
    System.out.println("  " + result);
    return result.violation().isEmpty();
  }
}
