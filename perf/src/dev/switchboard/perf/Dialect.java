package dev.switchboard.perf;

import java.util.List;
import java.util.function.IntFunction;

/// What a kind of server wants to hear and how it answers.
sealed interface Dialect permits Protobuf, Dialect.Centrifuge, Dialect.Addressed, Dialect.SocketIo {
  /// One publication.
  ///
  /// @param channel where it goes
  record Letter(String channel, String data) {}

  /// Path of the upgrade request of subscriber `index`.
  String subscriberPath(int index);

  /// Path of the upgrade request of the publisher.
  String publisherPath();

  /// The frames that subscriber `index` sends after the upgrade.
  byte[] subscriberGreeting(int index);

  /// The frames that the publisher sends after the upgrade.
  byte[] publisherGreeting();

  /// Whether this line tells a subscriber that it is subscribed.
  boolean opensSubscriber(String line);

  /// Whether this line tells the publisher that it may publish.
  boolean opensPublisher(String line);

  /// Whether this line is a refusal.
  boolean refuses(String line);

  /// Whether this line holds this publication, whole.
  default boolean carries(String line, String data) {
    return line.contains(data);
  }

  /// The frames of one burst, ids from `firstId` on.
  byte[] publish(int firstId, List<Letter> letters);

  /// The payload whose message is `bytes` long as a subscriber gets it, where what the server adds
  /// is known; otherwise the payload of that many bytes.
  String payload(int bytes);

  /// Answers the publisher gets to a burst of `count`.
  int publishReplies(int count);

  /// Centrifuge v2 in JSON, as Switchboard speaks it.
  ///
  /// @param token the connection token of subscriber `index`; -1 is the publisher
  /// @param channel the channel of subscriber `index`; empty for none
  /// @param deltas whether subscribers ask for patches: the data they get is then a string
  record Centrifuge(IntFunction<String> token, IntFunction<String> channel, boolean deltas)
      implements Dialect {
    private static final String PATH = "/connection/websocket";

    @Override
    public String subscriberPath(int index) {
      return PATH;
    }

    @Override
    public String publisherPath() {
      return PATH;
    }

    @Override
    public byte[] subscriberGreeting(int index) {
      String to = channel.apply(index);
      return Frames.text(connect(index) + "\n" + (deltas ? patched(to) : subscribe(2, to)));
    }

    @Override
    public byte[] publisherGreeting() {
      return Frames.text(connect(-1));
    }

    /// The command that subscribes to a channel.
    static String subscribe(int id, String channel) {
      return "{\"id\":" + id + ",\"subscribe\":{\"channel\":\"" + channel + "\"}}";
    }

    private static String patched(String channel) {
      return "{\"id\":2,\"subscribe\":{\"channel\":\"" + channel + "\",\"delta\":\"fossil\"}}";
    }

    /// The command that unsubscribes from a channel.
    static String unsubscribe(int id, String channel) {
      return "{\"id\":" + id + ",\"unsubscribe\":{\"channel\":\"" + channel + "\"}}";
    }

    private String connect(int index) {
      return "{\"id\":1,\"connect\":{\"token\":\"" + token.apply(index) + "\",\"name\":\"perf\"}}";
    }

    @Override
    public boolean opensSubscriber(String line) {
      return line.startsWith("{\"id\":2,\"subscribe\":");
    }

    @Override
    public boolean opensPublisher(String line) {
      return line.startsWith("{\"id\":1,\"connect\":");
    }

    @Override
    public boolean refuses(String line) {
      return line.contains("\"error\":{") || line.contains("\"disconnect\":{");
    }

    @Override
    public boolean carries(String line, String data) {
      return line.contains(deltas ? data.replace("\"", "\\\"") : data);
    }

    @Override
    public byte[] publish(int firstId, List<Letter> letters) {
      StringBuilder commands = new StringBuilder();
      for (int i = 0; i < letters.size(); i++) {
        commands
            .append(i == 0 ? "{\"id\":" : "\n{\"id\":")
            .append(firstId + i)
            .append(",\"publish\":{\"channel\":\"")
            .append(letters.get(i).channel())
            .append("\",\"data\":")
            .append(letters.get(i).data())
            .append("}}");
      }
      return Frames.text(commands.toString());
    }

    @Override
    public String payload(int bytes) {
      return "\"" + "x".repeat(bytes - 2) + "\"";
    }

    @Override
    public int publishReplies(int count) {
      return count;
    }
  }

  /// Peers of few words: a socket's address is in its path and connecting subscribes to it; a
  /// message begins with where it goes, and what follows goes out as it is.
  ///
  /// @param address the address of subscriber `index`
  record Addressed(IntFunction<String> address) implements Dialect {
    @Override
    public String subscriberPath(int index) {
      return "/session/" + address.apply(index);
    }

    @Override
    public String publisherPath() {
      return "/publish";
    }

    @Override
    public byte[] subscriberGreeting(int index) {
      return Frames.NOTHING;
    }

    @Override
    public byte[] publisherGreeting() {
      return Frames.NOTHING;
    }

    @Override
    public boolean opensSubscriber(String line) {
      return line.equals("ready");
    }

    @Override
    public boolean opensPublisher(String line) {
      return line.equals("ready");
    }

    @Override
    public boolean refuses(String line) {
      return line.startsWith("failed");
    }

    @Override
    public byte[] publish(int firstId, List<Letter> letters) {
      return Frames.texts(
          letters.stream().map(letter -> letter.channel() + ' ' + letter.data()).toList());
    }

    @Override
    public String payload(int bytes) {
      return "x".repeat(bytes);
    }

    @Override
    public int publishReplies(int count) {
      return 0;
    }
  }

  /// Socket.IO 4 over a WebSocket from the start, as its clients speak once they are connected.
  ///
  /// What comes before the first message, and pings, are packets of one line that do not look like
  /// messages.
  ///
  /// @param room of subscriber `index`
  record SocketIo(IntFunction<String> room) implements Dialect {
    private static final String PATH = "/socket.io/?EIO=4&transport=websocket";
    private static final String JOIN = "40";
    private static final String JOINED = "40{";
    private static final String BEFORE = "42[\"m\",\"";
    private static final String AFTER = "\"]";

    @Override
    public String subscriberPath(int index) {
      return PATH + "&room=" + room.apply(index);
    }

    @Override
    public String publisherPath() {
      return PATH;
    }

    @Override
    public byte[] subscriberGreeting(int index) {
      return Frames.text(JOIN);
    }

    @Override
    public byte[] publisherGreeting() {
      return Frames.text(JOIN);
    }

    @Override
    public boolean opensSubscriber(String line) {
      return line.startsWith(JOINED);
    }

    @Override
    public boolean opensPublisher(String line) {
      return line.startsWith(JOINED);
    }

    @Override
    public boolean refuses(String line) {
      return line.startsWith("44") || line.startsWith("41");
    }

    @Override
    public byte[] publish(int firstId, List<Letter> letters) {
      return Frames.texts(
          letters.stream()
              .map(
                  letter ->
                      "42[\"publish\",\"%s\",\"%s\"]".formatted(letter.channel(), letter.data()))
              .toList());
    }

    @Override
    public String payload(int bytes) {
      return "x".repeat(bytes - BEFORE.length() - AFTER.length());
    }

    @Override
    public int publishReplies(int count) {
      return 0;
    }
  }
}
