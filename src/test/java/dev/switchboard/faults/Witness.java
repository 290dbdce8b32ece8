package dev.switchboard.faults;

import dev.switchboard.faults.referee.Fact;
import dev.switchboard.stream.Position;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Tells the referee what clients saw of streams. Confined to the harness's thread.
///
/// A publication does not say its epoch: it is the one of the reply to the last subscribe, as for
/// every SDK.
final class Witness {
  private final Map<String, String> epochs = new HashMap<>();

  /// What an event says of a stream, if it does.
  Optional<Fact> testify(FleetEvent event) {
    return switch (event) {
      case FleetEvent.Positioned begun -> {
        epochs.put(place(begun.client(), begun.channel()), begun.position().epoch());
        yield Optional.of(
            new Fact.Subscribed(
                begun.at(),
                begun.client(),
                begun.channel(),
                begun.position(),
                begun.recovering(),
                begun.recovered()));
      }
      case FleetEvent.Interrupted over ->
          Optional.of(new Fact.Left(over.at(), over.client(), over.channel(), over.code()));
      case FleetEvent.Numbered got -> Optional.of(received(got));
      case FleetEvent.Unsubscribed over ->
          epochs.containsKey(place(over.client(), over.channel()))
              ? Optional.of(new Fact.Left(over.at(), over.client(), over.channel(), over.code()))
              : Optional.empty();
      case FleetEvent.Connecting _, FleetEvent.Connected _ -> Optional.empty();
      case FleetEvent.Disconnected _, FleetEvent.Subscribed _ -> Optional.empty();
      case FleetEvent.Received _ -> Optional.empty();
    };
  }

  private Fact received(FleetEvent.Numbered got) {
    String epoch = epochs.getOrDefault(place(got.client(), got.channel()), "");
    var position = new Position(epoch, got.offset());
    return new Fact.Received(
        got.at(), got.client(), got.channel(), position, Fact.hash(got.payload()));
  }

  private static String place(String client, String channel) {
    return client + " " + channel;
  }
}
