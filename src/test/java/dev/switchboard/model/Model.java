package dev.switchboard.model;

import java.util.Optional;

/// A small world: where it begins, what may happen next, what must not.
///
/// @param <S> a state; immutable
interface Model<S> {
  S initial();

  /// All that may happen in a state; what changes nothing may be left out.
  void next(S state, Sink<S> sink);

  /// Whatever makes two states behave alike may, and has to, give the same number.
  long fingerprint(S state);

  /// What is wrong with a state.
  Optional<String> violation(S state);

  /// Where successors go.
  interface Sink<S> {
    /// @param event what happened, for the trace
    void add(String event, S after);
  }
}
