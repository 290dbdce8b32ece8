package dev.switchboard.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.protocol.ClientId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// Reads events as a back end does, and asserts that they make sense: what begins had not begun,
/// what ends had.
public final class Witness {
  private final Map<ClientId, Set<String>> sessions = new HashMap<>();
  private final Set<ClientId> ended = new HashSet<>();
  private final Set<String> occupied = new HashSet<>();
  private final boolean idsReturn;

  public Witness() {
    this(false);
  }

  /// @param idsReturn whether a session may begin whose id was another's
  Witness(boolean idsReturn) {
    this.idsReturn = idsReturn;
  }

  /// Takes the next change; those that are no events are none of its business.
  public void see(RollChange change) {
    switch (change) {
      case RollChange.Connected(var client, var _, long _) -> {
        assertThat(sessions.put(client, new HashSet<>())).as("%s begins", client).isNull();
        assertThat(!idsReturn && ended.contains(client)).as("%s returns", client).isFalse();
      }
      case RollChange.Disconnected gone -> {
        assertThat(sessions.remove(gone.client())).as("%s ends", gone.client()).isEmpty();
        ended.add(gone.client());
      }
      case RollChange.Subscribed(var client, var _, var channel, long _) ->
          assertThat(sessions.get(client).add(channel)).as("on %s", channel).isTrue();
      case RollChange.Unsubscribed(var client, var _, var channel, long _) ->
          assertThat(sessions.get(client).remove(channel)).as("off %s", channel).isTrue();
      case RollChange.Occupied(var channel, long _, long _) ->
          assertThat(occupied.add(channel)).as("%s is occupied", channel).isTrue();
      case RollChange.Vacated(var channel, long _, long _) ->
          assertThat(occupied.remove(channel)).as("%s is vacated", channel).isTrue();
      case RollChange.Entered _,
          RollChange.Left _,
          RollChange.Buried _,
          RollChange.Forgotten _,
          RollChange.Read _ -> {}
    }
  }

  /// Sessions that began and did not end, and what they are on.
  public Map<ClientId, Set<String>> sessions() {
    return sessions;
  }

  /// Sessions that ended.
  public Set<ClientId> ended() {
    return ended;
  }

  /// Channels with subscribers.
  public Set<String> occupied() {
    return occupied;
  }
}
