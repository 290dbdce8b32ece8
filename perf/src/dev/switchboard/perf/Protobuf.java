package dev.switchboard.perf;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/// Centrifuge v2 in Protobuf, as Switchboard speaks it. A line has a character for every byte.
///
/// @param token the connection token of subscriber `index`; -1 is the publisher
/// @param channel the channel of subscriber `index`
record Protobuf(IntFunction<String> token, IntFunction<String> channel) implements Dialect {
  private static final String PATH = "/connection/websocket?format=protobuf";

  /// Reply 1 that holds a connect result, and reply 2 that holds a subscribe result.
  private static final String CONNECTED = "\u0008\u0001\u002a";

  private static final String SUBSCRIBED = "\u0008\u0002\u0032";

  /// Fields, as the gateway's client.proto numbers them.
  private static final int ID = 1;

  private static final int CONNECT = 4;
  private static final int SUBSCRIBE = 5;
  private static final int PUBLISH = 7;
  private static final int CONNECT_TOKEN = 1;
  private static final int CONNECT_NAME = 4;
  private static final int CHANNEL = 1;
  private static final int PUBLISH_DATA = 2;
  private static final int REPLY_ERROR = 2;
  private static final int REPLY_PUSH = 4;
  private static final int PUSH_DISCONNECT = 11;

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
    Proto subscribe = new Proto().text(CHANNEL, channel.apply(index));
    return frame(List.of(connect(index), new Proto().number(ID, 2).message(SUBSCRIBE, subscribe)));
  }

  @Override
  public byte[] publisherGreeting() {
    return frame(List.of(connect(-1)));
  }

  private Proto connect(int index) {
    Proto connect = new Proto().text(CONNECT_TOKEN, token.apply(index)).text(CONNECT_NAME, "perf");
    return new Proto().number(ID, 1).message(CONNECT, connect);
  }

  @Override
  public boolean opensSubscriber(String line) {
    return line.startsWith(SUBSCRIBED);
  }

  @Override
  public boolean opensPublisher(String line) {
    return line.startsWith(CONNECTED);
  }

  @Override
  public boolean refuses(String line) {
    return Proto.find(line, REPLY_ERROR).isPresent()
        || Proto.find(line, REPLY_PUSH)
            .flatMap(push -> Proto.find(push, PUSH_DISCONNECT))
            .isPresent();
  }

  @Override
  public byte[] publish(int firstId, List<Letter> letters) {
    List<Proto> commands = new ArrayList<>(letters.size());
    for (Letter letter : letters) {
      Proto publish = new Proto().text(CHANNEL, letter.channel()).text(PUBLISH_DATA, letter.data());
      int id = firstId + commands.size();
      commands.add(new Proto().number(ID, id).message(PUBLISH, publish));
    }
    return frame(commands);
  }

  private static byte[] frame(List<Proto> commands) {
    ByteArrayOutputStream joined = new ByteArrayOutputStream();
    commands.forEach(command -> joined.writeBytes(command.delimited()));
    return Frames.binary(joined.toByteArray());
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
