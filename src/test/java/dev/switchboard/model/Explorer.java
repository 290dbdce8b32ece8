package dev.switchboard.model;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// Visits all states of a [Model], nearest first, so that what it finds is a shortest way there.
///
/// States that were seen are kept as 64-bit fingerprints: two of n states are taken for one with a
/// chance of n²/2^65.
final class Explorer<S> {
  private final Model<S> model;
  private final long statesMax;
  private final Consumer<String> progress;
  private final Fingerprints seen = new Fingerprints();

  /// @param statesMax where to stop
  /// @param progress hears a line for each step further away
  Explorer(Model<S> model, long statesMax, Consumer<String> progress) {
    this.model = model;
    this.statesMax = statesMax;
    this.progress = progress;
  }

  /// What was found.
  ///
  /// @param complete whether all reachable states were visited
  /// @param trace what leads to the violation; empty without one
  record Result(
      long states, int depth, boolean complete, Optional<String> violation, List<String> trace) {
    @Override
    public String toString() {
      String extent =
          "%,d states, depth %d%s".formatted(states, depth, complete ? "" : ", cut off");
      return violation
          .map(what -> what + " (" + extent + ")\n  " + String.join("\n  ", trace))
          .orElse(extent);
    }
  }

  Result explore() {
    long began = System.nanoTime();
    List<S> border = List.of(model.initial());
    seen.add(model.fingerprint(border.getFirst()), 0);
    for (int depth = 0; ; depth++) {
      List<S> beyond = new ArrayList<>();
      for (S state : border) {
        Optional<String> violation = model.violation(state);
        if (violation.isPresent()) {
          return new Result(seen.size(), depth, false, violation, trace(state));
        }
        if (seen.size() >= statesMax) {
          return new Result(seen.size(), depth, false, Optional.empty(), List.of());
        }
        long from = model.fingerprint(state);
        model.next(
            state,
            (_, after) -> {
              if (seen.add(model.fingerprint(after), from)) {
                beyond.add(after);
              }
            });
      }
      if (beyond.isEmpty()) {
        return new Result(seen.size(), depth, true, Optional.empty(), List.of());
      }
      border = beyond;
      double seconds = (System.nanoTime() - began) / 1e9;
      progress.accept(
          "depth %d: %,d states, %,d at the border, %,.0f states/s"
              .formatted(depth + 1, seen.size(), beyond.size(), seen.size() / seconds));
    }
  }

  /// Goes back to the beginning by fingerprints, then forward again for the words.
  private List<String> trace(S end) {
    List<Long> way = new ArrayList<>();
    long start = model.fingerprint(model.initial());
    for (long at = model.fingerprint(end); at != start; at = seen.before(at)) {
      way.add(at);
    }
    Collections.reverse(way);
    List<String> events = new ArrayList<>();
    S state = model.initial();
    for (long wanted : way) {
      List<S> found = new ArrayList<>();
      model.next(
          state,
          (event, after) -> {
            if (found.isEmpty() && model.fingerprint(after) == wanted) {
              found.add(after);
              events.add(event);
            }
          });
      state = found.getFirst();
    }
    return events;
  }
}
