package dev.switchboard.lifecycle;

import dev.switchboard.protocol.ClientId;
import java.util.List;

/// What a [Roll] answers to a note.
///
/// @param refused the session must not begin: its user has as many as allowed
/// @param over connections of a user who has too many, or as many as allowed and one was refused,
///   the oldest first
/// @param unfinished whether the same note would do more
/// @param read offset up to which the reader of a [Note.Read] has all events
/// @param statuses of the users of a [Note.Look], in its order
public record Noted(
    boolean refused,
    List<ClientId> over,
    boolean unfinished,
    long read,
    List<UserStatus> statuses) {
  /// Done, and nothing to say.
  public static final Noted DONE = new Noted(false, List.of(), false, 0, List.of());

  /// Copies the lists.
  public Noted {
    over = List.copyOf(over);
    statuses = List.copyOf(statuses);
  }

  static Noted of(boolean refused, List<ClientId> over) {
    return new Noted(refused, over, false, 0, List.of());
  }

  static Noted ofRead(long offset) {
    return new Noted(false, List.of(), false, offset, List.of());
  }

  static Noted ofStatuses(List<UserStatus> statuses) {
    return new Noted(false, List.of(), false, 0, statuses);
  }
}
