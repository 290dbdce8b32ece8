package dev.switchboard.routing;

import dev.switchboard.peer.PeerReply;
import java.util.Optional;

/// What became of an order for one session.
///
/// @param client the session's public id, or the recipient as it was named when nobody is there
/// @param reason why it was dropped, or is unknown; empty for every other outcome
public record Delivery(String client, Outcome outcome, Optional<Reason> reason) {
  /// A delivery that was not dropped.
  static Delivery of(String client, Outcome outcome) {
    return new Delivery(client, outcome, Optional.empty());
  }

  /// One that was dropped.
  static Delivery dropped(String client, Reason reason) {
    return new Delivery(client, Outcome.DROPPED, Optional.of(reason));
  }

  /// Of a recipient whose node did not answer; empty when that node is gone with its sessions.
  static Optional<Delivery> unanswered(String recipient, PeerReply.Reason reason) {
    return switch (reason) {
      case GONE -> Optional.empty();
      case BUSY -> Optional.of(dropped(recipient, Reason.BUSY));
      case FAILED, LATE ->
          Optional.of(new Delivery(recipient, Outcome.UNKNOWN, Optional.of(Reason.NO_ANSWER)));
    };
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
    /// No node knows such a client, or its node did not say what became of it.
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

  /// Why an order was dropped, or is not known to have been carried out.
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
    UNKNOWN_CHANNEL("unknown_channel"),
    /// What came for it does not prove that it is of its client.
    FOREIGN("foreign"),
    /// The channel's stream could not be read.
    UNAVAILABLE("unavailable"),
    /// Too much is under way to the recipient's node; it was not asked.
    BUSY("busy"),
    /// The recipient's node did not answer in time; it may have done it.
    NO_ANSWER("no_answer");

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
