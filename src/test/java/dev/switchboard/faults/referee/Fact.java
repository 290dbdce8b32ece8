package dev.switchboard.faults.referee;

import dev.switchboard.stream.Position;
import java.util.List;

/// Something that somebody saw. Payloads are told apart by a hash, see [#hash].
///
/// Facts of one client, and of one key, come in their order; [Rest] comes after all that it is
/// about. Otherwise their order does not matter.
public sealed interface Fact {
  /// Milliseconds of the machine's clock.
  long at();

  /// A request to publish was sent.
  ///
  /// @param key idempotency key; every key has a payload of its own
  /// @param attempt counted from 1; later ones are repeats, whatever became of the earlier
  record Attempt(long at, String publisher, String key, int attempt, String channel, String payload)
      implements Fact {}

  /// A node answered that it is kept.
  record Stored(long at, String key, int attempt, String channel, Position position)
      implements Fact {}

  /// A node answered with an error: explicit, but it may have been kept.
  record Refused(long at, String key, int attempt, String channel, int code) implements Fact {}

  /// Nobody answered.
  record Unanswered(long at, String key, int attempt, String channel) implements Fact {}

  /// The reply to a subscribe of a client; one client object is one chain over all reconnects.
  ///
  /// @param position which the client has from now on: its own when it recovered, else the end
  record Subscribed(
      long at,
      String client,
      String channel,
      Position position,
      boolean recovering,
      boolean recovered)
      implements Fact {}

  /// The subscription of a client is over or interrupted.
  record Left(long at, String client, String channel, int code) implements Fact {}

  /// A client received a publication.
  record Received(long at, String client, String channel, Position position, String payload)
      implements Fact {}

  /// What one node says is kept, oldest first.
  record LogRead(long at, String node, String channel, Position top, List<Kept> kept)
      implements Fact {
    /// A kept publication.
    public record Kept(long offset, String payload) {}
  }

  /// What one node says came after a place in a stream: somebody follows it while it grows.
  ///
  /// @param top where it ended then
  /// @param since the place, of the same epoch; what comes next was trimmed or it is missing
  record Followed(
      long at, String node, String channel, Position top, long since, List<LogRead.Kept> kept)
      implements Fact {}

  /// All publishers stand still, all logs have been read since they do, all receipts are here.
  ///
  /// @param scenario what was done to the cluster until now
  /// @param newEpochs whether it may have cost streams their continuity
  record Rest(long at, String scenario, boolean newEpochs) implements Fact {}

  /// What tells one payload from another.
  static String hash(String payload) {
    return Hash.of(payload);
  }
}
