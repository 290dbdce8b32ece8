package dev.switchboard.faults;

import dev.switchboard.stream.Position;
import io.vertx.core.json.JsonObject;

/// What happened to one client of the fleet.
sealed interface FleetEvent {
  /// Milliseconds of the machine's clock.
  long at();

  /// Name of the client, which is also its user.
  String client();

  /// The connection was lost, or the first one is wanted (code 0).
  record Connecting(long at, String client, int code) implements FleetEvent {}

  /// A session began.
  record Connected(long at, String client, String id) implements FleetEvent {}

  /// The client gave up.
  record Disconnected(long at, String client, int code) implements FleetEvent {}

  /// The reply to a subscribe.
  record Subscribed(long at, String client, String channel) implements FleetEvent {}

  /// A subscription ended for good.
  record Unsubscribed(long at, String client, String channel, int code) implements FleetEvent {}

  /// A publication.
  record Received(long at, String client, String channel, Stamp stamp) implements FleetEvent {}

  /// The reply to a subscribe to a stream.
  ///
  /// @param position where the client is from now on, or will be once it got what it missed
  record Positioned(
      long at,
      String client,
      String channel,
      Position position,
      boolean recovering,
      boolean recovered)
      implements FleetEvent {}

  /// A subscription to a stream waits for a new one.
  record Interrupted(long at, String client, String channel, int code) implements FleetEvent {}

  /// A publication of a stream.
  record Numbered(long at, String client, String channel, long offset, String payload)
      implements FleetEvent {}

  /// Reads a line of `SdkFleet`.
  static FleetEvent parse(String line) {
    String[] part = line.split(" ", 5);
    long at = Long.parseLong(part[0]);
    return switch (part[2]) {
      case "connecting" -> new Connecting(at, part[1], Integer.parseInt(part[3]));
      case "connected" -> new Connected(at, part[1], part[3]);
      case "disconnected" -> new Disconnected(at, part[1], Integer.parseInt(part[3]));
      case "subscribed" -> new Subscribed(at, part[1], part[3]);
      case "unsubscribed" -> new Unsubscribed(at, part[1], part[3], Integer.parseInt(part[4]));
      case "received" -> new Received(at, part[1], part[3], Stamp.parse(part[4]));
      case "positioned" -> positioned(at, part);
      case "interrupted" -> new Interrupted(at, part[1], part[3], Integer.parseInt(part[4]));
      case "numbered" -> {
        String[] said = part[4].split(" ", 2);
        yield new Numbered(at, part[1], part[3], Long.parseLong(said[0]), said[1]);
      }
      default -> throw new IllegalArgumentException(line);
    };
  }

  private static Positioned positioned(long at, String... part) {
    String[] said = part[4].split(" ", 4);
    var position = new Position(said[3], Long.parseLong(said[0]));
    boolean recovering = Boolean.parseBoolean(said[1]);
    return new Positioned(
        at, part[1], part[3], position, recovering, Boolean.parseBoolean(said[2]));
  }

  /// What a publication says of itself.
  ///
  /// @param publisher who published it
  /// @param number counted per node
  /// @param at milliseconds of the machine's clock, before it was sent
  record Stamp(Publisher publisher, long number, long at) {
    static Stamp parse(String json) {
      var object = new JsonObject(json);
      var publisher = new Publisher(object.getInteger("node"), object.getInteger("connection"));
      return new Stamp(publisher, object.getLong("number"), object.getLong("at"));
    }

    String json() {
      return "{\"node\":%d,\"connection\":%d,\"number\":%d,\"at\":%d}"
          .formatted(publisher.node(), publisher.connection(), number, at);
    }
  }

  /// Whose publications have an order: a node's publisher, until a request of it went unanswered.
  record Publisher(int node, int connection) {}
}
