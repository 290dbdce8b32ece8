package dev.switchboard.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.switchboard.protocol.proto.ConnectResult;
import dev.switchboard.protocol.proto.SubscribeResult;
import dev.switchboard.testkit.Execution;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Any replies and pushes, described by a message of the binary encoding: in that encoding they are
/// written as what they were, and in JSON as one line of JSON that says the same, or as nothing
/// where a payload is no JSON.
class ReplyFuzzTest {
  // Payloads may nest as deep as they may, and numbers are not converted.
  private static final JsonFactory JACKSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(2 * JsonReader.DEPTH_MAX)
                  .maxNumberLength(Integer.MAX_VALUE)
                  .build())
          .build();

  @FuzzTest
  void replies(byte[] input) throws Exception {
    Execution.watch(input, ReplyFuzzTest::take);
  }

  /// Inputs to start from.
  static Map<String, byte[]> seeds() {
    byte[] json = "{\"a\": 1}\n".getBytes(UTF_8);
    var info = new ClientInfo("ada", "id", json, null);
    var tags = Map.of("a", "\u00fc");
    var whole = new Publication(json, info, -1, tags, 9, false, "");
    var patch = new Publication("\"x\"".getBytes(UTF_8), null, 2, Map.of(), 0, true, "");
    var subscribe =
        new Reply.Subscribe(
            0, true, 7, true, "e", List.of(whole, patch), true, 5, true, json, true, true, 3);
    Map<String, byte[]> seeds = new LinkedHashMap<>();
    seeds.put("error", bytes(Reply.Error.of(1, ErrorCode.BAD_REQUEST)));
    seeds.put(
        "connect",
        bytes(
            new Reply.Connect(
                1, "id", "v", true, 9, json, Map.of("a", subscribe), 25, true, "s", "n", 8)));
    seeds.put("subscribe", bytes(subscribe));
    seeds.put("unsubscribe", bytes(new Reply.Unsubscribe(3)));
    seeds.put("presence", bytes(new Reply.Presence(4, Map.of("id", info))));
    seeds.put("stats", bytes(new Reply.PresenceStats(5, 2, 1)));
    seeds.put("history", bytes(new Reply.History(6, List.of(whole), "e", 7)));
    seeds.put("rpc", bytes(new Reply.Rpc(7, new byte[] {'{', -1})));
    seeds.put("refresh", bytes(new Reply.Refresh(8, "id", "v", true, -1)));
    seeds.put("pub", push(new Push.Publish("news\n\"", whole), 0));
    seeds.put("pub-by-number", push(new Push.Publish("news", patch), 3));
    seeds.put("join", push(new Push.Join("news", info), 0));
    seeds.put("unsubscribed", push(new Push.Unsubscribe("news", 2_000, "r"), 0));
    seeds.put("message", push(new Push.Message(json), 0));
    seeds.put("disconnect", push(new Push.Disconnect(3_000, "r\u0001"), 0));
    return seeds;
  }

  /// Without the length before it.
  private static byte[] bytes(Reply reply) {
    return parsed(ProtobufCodec.INSTANCE.encode(reply)).toByteArray();
  }

  private static byte[] push(Push push, long id) {
    return parsed(ProtobufCodec.INSTANCE.encode(push, id)).toByteArray();
  }

  private static dev.switchboard.protocol.proto.Reply parsed(byte[] frame) {
    try {
      var in = new ByteArrayInputStream(frame);
      var reply = dev.switchboard.protocol.proto.Reply.parseDelimitedFrom(in);
      assertThat(in.available()).isZero();
      return reply;
    } catch (IOException unreadable) {
      throw new AssertionError(unreadable);
    }
  }

  private static void take(byte[] input) throws Exception {
    dev.switchboard.protocol.proto.Reply described;
    try {
      described = dev.switchboard.protocol.proto.Reply.parseFrom(input);
    } catch (InvalidProtocolBufferException nothing) {
      return;
    }
    if (described.hasPush()) {
      long number = Math.max(0, described.getPush().getId());
      Push push = push(described.getPush());
      checkBinary(
          ProtobufCodec.INSTANCE.encode(push, number),
          one -> ProtobufCodec.INSTANCE.encode(push(one.getPush()), number));
      checkJson(() -> JsonCodec.INSTANCE.encode(push, number));
      checkJson(() -> ClientCodec.unidirectional().encode(push, number));
    } else {
      Reply reply = reply(described);
      checkBinary(
          ProtobufCodec.INSTANCE.encode(reply), one -> ProtobufCodec.INSTANCE.encode(reply(one)));
      checkJson(() -> JsonCodec.INSTANCE.encode(reply));
    }
  }

  private interface Rewriting {
    byte[] write(dev.switchboard.protocol.proto.Reply reply);
  }

  private static void checkBinary(byte[] frame, Rewriting again) {
    assertThat(parsed(again.write(parsed(frame)))).isEqualTo(parsed(frame));
  }

  private interface Writing {
    byte[] write() throws UnencodableException;
  }

  private static void checkJson(Writing writing) throws IOException {
    byte[] json;
    try {
      json = writing.write();
    } catch (UnencodableException refused) {
      assertThat(refused).hasMessageContaining("payload");
      return;
    }
    assertThat(json).doesNotContain('\n', '\r');
    try (var parser = JACKSON.createParser(json)) {
      assertThat(parser.nextToken()).isEqualTo(JsonToken.START_OBJECT);
      parser.skipChildren();
      assertThat(parser.nextToken()).isNull();
    }
  }

  private static Reply reply(dev.switchboard.protocol.proto.Reply in) {
    long id = Integer.toUnsignedLong(in.getId());
    if (in.hasError()) {
      var error = in.getError();
      return new Reply.Error(id, error.getCode(), error.getMessage(), error.getTemporary());
    }
    if (in.hasConnect()) {
      return connect(id, in.getConnect());
    }
    if (in.hasSubscribe()) {
      return subscribe(id, in.getSubscribe());
    }
    if (in.hasPresence()) {
      Map<String, ClientInfo> presence = new LinkedHashMap<>();
      in.getPresence().getPresenceMap().forEach((client, one) -> presence.put(client, info(one)));
      return new Reply.Presence(id, presence);
    }
    if (in.hasPresenceStats()) {
      var stats = in.getPresenceStats();
      return new Reply.PresenceStats(
          id,
          Integer.toUnsignedLong(stats.getNumClients()),
          Integer.toUnsignedLong(stats.getNumUsers()));
    }
    if (in.hasHistory()) {
      var history = in.getHistory();
      return new Reply.History(
          id, publications(history.getPublicationsList()), history.getEpoch(), history.getOffset());
    }
    if (in.hasRpc()) {
      return new Reply.Rpc(id, bytes(in.getRpc().getData()));
    }
    var refresh = in.getRefresh();
    return new Reply.Refresh(
        id,
        refresh.getClient(),
        refresh.getVersion(),
        refresh.getExpires(),
        Integer.toUnsignedLong(refresh.getTtl()));
  }

  private static Reply.Connect connect(long id, ConnectResult in) {
    Map<String, Reply.Subscribe> subs = new LinkedHashMap<>();
    in.getSubsMap().forEach((channel, one) -> subs.put(channel, subscribe(0, one)));
    return new Reply.Connect(
        id,
        in.getClient(),
        in.getVersion(),
        in.getExpires(),
        Integer.toUnsignedLong(in.getTtl()),
        bytes(in.getData()),
        subs,
        Integer.toUnsignedLong(in.getPing()),
        in.getPong(),
        in.getSession(),
        in.getNode(),
        in.getTime());
  }

  private static Reply.Subscribe subscribe(long id, SubscribeResult in) {
    return new Reply.Subscribe(
        id,
        in.getExpires(),
        Integer.toUnsignedLong(in.getTtl()),
        in.getRecoverable(),
        in.getEpoch(),
        publications(in.getPublicationsList()),
        in.getRecovered(),
        in.getOffset(),
        in.getPositioned(),
        bytes(in.getData()),
        in.getWasRecovering(),
        in.getDelta(),
        in.getId());
  }

  private static Push push(dev.switchboard.protocol.proto.Push in) {
    String channel = in.getChannel();
    if (in.hasPub()) {
      return new Push.Publish(channel, publication(in.getPub()));
    }
    if (in.hasJoin()) {
      return new Push.Join(channel, info(in.getJoin().getInfo()));
    }
    if (in.hasLeave()) {
      return new Push.Leave(channel, info(in.getLeave().getInfo()));
    }
    if (in.hasUnsubscribe()) {
      var one = in.getUnsubscribe();
      return new Push.Unsubscribe(channel, one.getCode(), one.getReason());
    }
    if (in.hasSubscribe()) {
      var one = in.getSubscribe();
      return new Push.Subscribe(
          channel,
          one.getRecoverable(),
          one.getEpoch(),
          one.getOffset(),
          one.getPositioned(),
          bytes(one.getData()));
    }
    if (in.hasMessage()) {
      return new Push.Message(bytes(in.getMessage().getData()));
    }
    var disconnect = in.getDisconnect();
    return new Push.Disconnect(disconnect.getCode(), disconnect.getReason());
  }

  private static List<Publication> publications(
      List<dev.switchboard.protocol.proto.Publication> in) {
    return in.stream().map(ReplyFuzzTest::publication).toList();
  }

  private static Publication publication(dev.switchboard.protocol.proto.Publication in) {
    return new Publication(
        bytes(in.getData()),
        in.hasInfo() ? info(in.getInfo()) : null,
        in.getOffset(),
        in.getTagsMap(),
        in.getTime(),
        in.getDelta(),
        in.getChannel());
  }

  private static ClientInfo info(dev.switchboard.protocol.proto.ClientInfo in) {
    return new ClientInfo(
        in.getUser(), in.getClient(), bytes(in.getConnInfo()), bytes(in.getChanInfo()));
  }

  private static byte[] bytes(ByteString bytes) {
    return bytes.isEmpty() ? null : bytes.toByteArray();
  }
}
