package dev.switchboard.routing;

import java.util.Optional;

/// What became of an order for one session.
///
/// @param client the session's public id, or the recipient as it was named when nobody is there
/// @param reason why it was dropped; empty for every other outcome
public record Delivery(String client, Outcome outcome, Optional<Reason> reason) {
  /// A delivery that was not dropped.
  static Delivery of(String client, Outcome outcome) {
    return new Delivery(client, outcome, Optional.empty());
  }

  /// One that was dropped.
  static Delivery dropped(String client, Reason reason) {
    return new Delivery(client, Outcome.DROPPED, Optional.of(reason));
  }

  /// How far what the client is told of it got: a message, a push or a close frame.
  public enum Outcome {
    /// All its bytes were handed to the kernel.
    WRITTEN("written"),
    /// The client confirmed it.
    ACKED("acked"),
    /// It waits in the session's outbox for a reader that takes its time.
    QUEUED("queued"),
    /// It was given up, or there was nothing to do; the reason says which.
    DROPPED("dropped"),
    /// The user has no session.
    OFFLINE("offline"),
    /// No node knows such a client.
    UNKNOWN("unknown");

    private final String label;

    Outcome(String label) {
      this.label = label;
    }

    /// The word used in the API.
    public String label() {
      return label;
    }
  }

  /// Why an order was dropped.
  public enum Reason {
    /// The session was closing.
    CLOSING("closing"),
    /// Its encoding cannot carry the payload; it is closed with 3506.
    ENCODING("encoding"),
    /// The order spares it.
    SPARED("spared"),
    /// It is subscribed already, or about to be.
    ALREADY_SUBSCRIBED("already_subscribed"),
    /// It is not subscribed.
    NOT_SUBSCRIBED("not_subscribed"),
    /// It has as many subscriptions as `client.channels_max` allows.
    CHANNELS_MAX("channels_max"),
    /// Its node knows no such namespace, or does not allow the channel's name.
    UNKNOWN_CHANNEL("unknown_channel");

    private final String label;

    Reason(String label) {
      this.label = label;
    }

    /// The word used in the API.
    public String label() {
      return label;
    }
  }
}
