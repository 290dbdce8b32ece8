package dev.switchboard.protocol;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.UnsafeByteOperations;
import dev.switchboard.protocol.proto.ConnectResult;
import dev.switchboard.protocol.proto.Disconnect;
import dev.switchboard.protocol.proto.EmulationRequest;
import dev.switchboard.protocol.proto.Error;
import dev.switchboard.protocol.proto.HistoryResult;
import dev.switchboard.protocol.proto.Join;
import dev.switchboard.protocol.proto.Leave;
import dev.switchboard.protocol.proto.Message;
import dev.switchboard.protocol.proto.PresenceResult;
import dev.switchboard.protocol.proto.PresenceStatsResult;
import dev.switchboard.protocol.proto.PublishResult;
import dev.switchboard.protocol.proto.Refresh;
import dev.switchboard.protocol.proto.RefreshResult;
import dev.switchboard.protocol.proto.RpcResult;
import dev.switchboard.protocol.proto.SubRefreshResult;
import dev.switchboard.protocol.proto.Subscribe;
import dev.switchboard.protocol.proto.SubscribeResult;
import dev.switchboard.protocol.proto.Unsubscribe;
import dev.switchboard.protocol.proto.UnsubscribeResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// The binary encoding: messages of `client.proto`, each preceded by its length as a varint.
///
/// Stateless. Payloads are wrapped, not copied, until the frame itself is written.
final class ProtobufCodec implements ClientCodec {
  static final ProtobufCodec INSTANCE = new ProtobufCodec();

  private ProtobufCodec() {}

  @Override
  public List<Command> decode(byte[] message) throws MalformedException {
    return new ProtobufCommands(message).readAll();
  }

  @Override
  public Emulated decodeEmulated(byte[] body) throws MalformedException {
    try {
      var request = EmulationRequest.parseFrom(body);
      return new Emulated(request.getNode(), request.getSession(), request.getData().toByteArray());
    } catch (InvalidProtocolBufferException broken) {
      throw new MalformedException("not protobuf: " + broken.getMessage());
    }
  }

  @Override
  public byte[] ping() {
    return new byte[] {0};
  }

  @Override
  public byte[] encode(Reply reply) {
    var out = dev.switchboard.protocol.proto.Reply.newBuilder().setId((int) reply.id());
    switch (reply) {
      case Reply.Error error -> out.setError(toProto(error));
      case Reply.Connect connect -> out.setConnect(toProto(connect));
      case Reply.Subscribe subscribe -> out.setSubscribe(toProto(subscribe));
      case Reply.Unsubscribe _ -> out.setUnsubscribe(UnsubscribeResult.getDefaultInstance());
      case Reply.Publish _ -> out.setPublish(PublishResult.getDefaultInstance());
      case Reply.Presence presence -> out.setPresence(toProto(presence));
      case Reply.PresenceStats stats -> out.setPresenceStats(toProto(stats));
      case Reply.History history -> out.setHistory(toProto(history));
      case Reply.Rpc rpc -> out.setRpc(RpcResult.newBuilder().setData(payload(rpc.data())));
      case Reply.Refresh refresh -> out.setRefresh(toProto(refresh));
      case Reply.SubRefresh refresh -> out.setSubRefresh(toProto(refresh));
    }
    return frame(out.build());
  }

  @Override
  public byte[] encode(Push push) {
    return encode(push, 0);
  }

  @Override
  public byte[] encode(Push push, long id) {
    var out = dev.switchboard.protocol.proto.Push.newBuilder();
    if (id > 0) {
      out.setId(id);
    } else {
      out.setChannel(wellFormed(push.channel()));
    }
    switch (push) {
      case Push.Publish publish -> out.setPub(toProto(publish.publication()));
      case Push.Join join -> out.setJoin(Join.newBuilder().setInfo(toProto(join.info())));
      case Push.Leave leave -> out.setLeave(Leave.newBuilder().setInfo(toProto(leave.info())));
      case Push.Unsubscribe unsubscribe -> out.setUnsubscribe(toProto(unsubscribe));
      case Push.Subscribe subscribe -> out.setSubscribe(toProto(subscribe));
      case Push.Message message ->
          out.setMessage(Message.newBuilder().setData(payload(message.data())));
      case Push.Disconnect disconnect -> out.setDisconnect(toProto(disconnect));
      case Push.Refresh refresh ->
          out.setRefresh(
              Refresh.newBuilder().setExpires(refresh.expires()).setTtl((int) refresh.ttl()));
    }
    return frame(dev.switchboard.protocol.proto.Reply.newBuilder().setPush(out).build());
  }

  private static byte[] frame(MessageLite message) {
    int size = message.getSerializedSize();
    var bytes = new byte[CodedOutputStream.computeUInt32SizeNoTag(size) + size];
    var out = CodedOutputStream.newInstance(bytes);
    try {
      out.writeUInt32NoTag(size);
      message.writeTo(out);
    } catch (IOException e) {
      throw new UncheckedIOException("the array has exactly the size of the message", e);
    }
    out.checkNoSpaceLeft();
    return bytes;
  }

  private static Error toProto(Reply.Error error) {
    return Error.newBuilder()
        .setCode(error.code())
        .setMessage(wellFormed(error.message()))
        .setTemporary(error.temporary())
        .build();
  }

  private static ConnectResult toProto(Reply.Connect connect) {
    var out =
        ConnectResult.newBuilder()
            .setClient(wellFormed(connect.client()))
            .setVersion(wellFormed(connect.version()))
            .setExpires(connect.expires())
            .setTtl((int) connect.ttl())
            .setData(payload(connect.data()))
            .setPing((int) connect.pingSeconds())
            .setPong(connect.pong())
            .setSession(wellFormed(connect.session()))
            .setNode(wellFormed(connect.node()))
            .setTime(connect.time());
    connect
        .subs()
        .forEach((channel, subscribe) -> out.putSubs(wellFormed(channel), toProto(subscribe)));
    return out.build();
  }

  private static SubscribeResult toProto(Reply.Subscribe subscribe) {
    var out =
        SubscribeResult.newBuilder()
            .setExpires(subscribe.expires())
            .setTtl((int) subscribe.ttl())
            .setRecoverable(subscribe.recoverable())
            .setEpoch(wellFormed(subscribe.epoch()))
            .setRecovered(subscribe.recovered())
            .setOffset(subscribe.offset())
            .setPositioned(subscribe.positioned())
            .setData(payload(subscribe.data()))
            .setWasRecovering(subscribe.wasRecovering())
            .setDelta(subscribe.delta())
            .setId(subscribe.number());
    subscribe.publications().forEach(publication -> out.addPublications(toProto(publication)));
    return out.build();
  }

  private static PresenceResult toProto(Reply.Presence presence) {
    var out = PresenceResult.newBuilder();
    presence
        .presence()
        .forEach((client, info) -> out.putPresence(wellFormed(client), toProto(info)));
    return out.build();
  }

  private static PresenceStatsResult toProto(Reply.PresenceStats stats) {
    return PresenceStatsResult.newBuilder()
        .setNumClients((int) stats.clients())
        .setNumUsers((int) stats.users())
        .build();
  }

  private static HistoryResult toProto(Reply.History history) {
    var out =
        HistoryResult.newBuilder()
            .setEpoch(wellFormed(history.epoch()))
            .setOffset(history.offset());
    history.publications().forEach(publication -> out.addPublications(toProto(publication)));
    return out.build();
  }

  private static RefreshResult toProto(Reply.Refresh refresh) {
    return RefreshResult.newBuilder()
        .setClient(wellFormed(refresh.client()))
        .setVersion(wellFormed(refresh.version()))
        .setExpires(refresh.expires())
        .setTtl((int) refresh.ttl())
        .build();
  }

  private static SubRefreshResult toProto(Reply.SubRefresh refresh) {
    return SubRefreshResult.newBuilder()
        .setExpires(refresh.expires())
        .setTtl((int) refresh.ttl())
        .build();
  }

  private static Unsubscribe toProto(Push.Unsubscribe unsubscribe) {
    return Unsubscribe.newBuilder()
        .setCode(unsubscribe.code())
        .setReason(wellFormed(unsubscribe.reason()))
        .build();
  }

  private static Subscribe toProto(Push.Subscribe subscribe) {
    return Subscribe.newBuilder()
        .setRecoverable(subscribe.recoverable())
        .setEpoch(wellFormed(subscribe.epoch()))
        .setOffset(subscribe.offset())
        .setPositioned(subscribe.positioned())
        .setData(payload(subscribe.data()))
        .build();
  }

  private static Disconnect toProto(Push.Disconnect disconnect) {
    return Disconnect.newBuilder()
        .setCode(disconnect.code())
        .setReason(wellFormed(disconnect.reason()))
        .build();
  }

  private static dev.switchboard.protocol.proto.Publication toProto(Publication publication) {
    var out =
        dev.switchboard.protocol.proto.Publication.newBuilder()
            .setData(payload(publication.data()))
            .setOffset(publication.offset())
            .setDelta(publication.delta())
            .setTime(publication.time())
            .setChannel(wellFormed(publication.channel()));
    if (publication.info() != null) {
      out.setInfo(toProto(publication.info()));
    }
    publication.tags().forEach((key, value) -> out.putTags(wellFormed(key), wellFormed(value)));
    return out.build();
  }

  private static dev.switchboard.protocol.proto.ClientInfo toProto(ClientInfo info) {
    return dev.switchboard.protocol.proto.ClientInfo.newBuilder()
        .setUser(wellFormed(info.user()))
        .setClient(wellFormed(info.client()))
        .setConnInfo(payload(info.connInfo()))
        .setChanInfo(payload(info.chanInfo()))
        .build();
  }

  private static ByteString payload(byte[] bytes) {
    return bytes == null ? ByteString.EMPTY : UnsafeByteOperations.unsafeWrap(bytes);
  }

  /// The text without lone surrogates: the library would log a warning for each.
  private static String wellFormed(String text) {
    boolean plain = true;
    for (int i = 0; i < text.length() && plain; i++) {
      plain = !Character.isSurrogate(text.charAt(i));
    }
    return plain ? text : new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
  }
}
