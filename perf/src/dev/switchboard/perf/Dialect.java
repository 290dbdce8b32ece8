package dev.switchboard.perf;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/// What a kind of server wants to hear and how it answers.
sealed interface Dialect {
  /// Path of the upgrade request of a subscriber.
  String subscriberPath();

  /// Path of the upgrade request of the publisher.
  String publisherPath();

  /// What subscriber `index` says after the upgrade; empty for nothing.
  String subscriberGreeting(int index);

  /// What the publisher says after the upgrade; empty for nothing.
  String publisherGreeting();

  /// Whether this line tells a subscriber that it is subscribed.
  boolean opensSubscriber(String line);

  /// Whether this line tells the publisher that it may publish.
  boolean opensPublisher(String line);

  /// Whether this line is a refusal.
  boolean refuses(String line);

  /// The frames of one burst: `count` publications of `payload`, ids from `firstId` on.
  byte[] publish(int firstId, int count, String payload);

  /// The payload whose message is `bytes` long as a subscriber gets it, when the server adds
  /// nothing of its own; otherwise the payload of that many bytes.
  String payload(int bytes);

  /// Answers the publisher gets to a burst of `count`.
  int publishReplies(int count);

  /// Centrifuge v2 in JSON, as Switchboard speaks it.
  ///
  /// @param token the connection token of subscriber `index`; -1 is the publisher
  /// @param channel the channel of subscriber `index`
  /// @param publishChannel where bursts go
  record Centrifuge(IntFunction<String> token, IntFunction<String> channel, String publishChannel)
      implements Dialect {
    private static final String PATH = "/connection/websocket";

    @Override
    public String subscriberPath() {
      return PATH;
    }

    @Override
    public String publisherPath() {
      return PATH;
    }

    @Override
    public String subscriberGreeting(int index) {
      return connect(index)
          + "\n{\"id\":2,\"subscribe\":{\"channel\":\""
          + channel.apply(index)
          + "\"}}";
    }

    @Override
    public String publisherGreeting() {
      return connect(-1);
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
    public byte[] publish(int firstId, int count, String payload) {
      List<String> commands = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        commands.add(
            "{\"id\":"
                + (firstId + i)
                + ",\"publish\":{\"channel\":\""
                + publishChannel
                + "\",\"data\":"
                + payload
                + "}}");
      }
      return Frames.text(String.join("\n", commands));
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

  /// The peers: a subscriber is subscribed by connecting, what the publisher sends goes out as is.
  record Plain() implements Dialect {
    @Override
    public String subscriberPath() {
      return "/subscribe";
    }

    @Override
    public String publisherPath() {
      return "/publish";
    }

    @Override
    public String subscriberGreeting(int index) {
      return "";
    }

    @Override
    public String publisherGreeting() {
      return "";
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
      return false;
    }

    @Override
    public byte[] publish(int firstId, int count, String payload) {
      List<String> messages = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        messages.add(payload);
      }
      return Frames.texts(messages);
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
}
