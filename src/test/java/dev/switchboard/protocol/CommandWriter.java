package dev.switchboard.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import com.google.protobuf.ByteString;
import dev.switchboard.protocol.proto.ConnectRequest;
import dev.switchboard.protocol.proto.FilterNode;
import dev.switchboard.protocol.proto.HistoryRequest;
import dev.switchboard.protocol.proto.PresenceRequest;
import dev.switchboard.protocol.proto.PresenceStatsRequest;
import dev.switchboard.protocol.proto.PublishRequest;
import dev.switchboard.protocol.proto.RefreshRequest;
import dev.switchboard.protocol.proto.RpcRequest;
import dev.switchboard.protocol.proto.SendRequest;
import dev.switchboard.protocol.proto.StreamPosition;
import dev.switchboard.protocol.proto.SubRefreshRequest;
import dev.switchboard.protocol.proto.SubscribeRequest;
import dev.switchboard.protocol.proto.UnsubscribeRequest;

/// Commands as a client writes them, in both encodings. Pure functions; they share no code with
/// what reads commands.
final class CommandWriter {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private CommandWriter() {}

  static dev.switchboard.protocol.proto.Command toProto(Command command) {
    var out = dev.switchboard.protocol.proto.Command.newBuilder().setId((int) command.id());
    switch (command) {
      case Command.Connect connect -> out.setConnect(connect(connect));
      case Command.Subscribe subscribe -> out.setSubscribe(subscribe(subscribe));
      case Command.Unsubscribe(_, var channel) ->
          out.setUnsubscribe(UnsubscribeRequest.newBuilder().setChannel(channel));
      case Command.Publish(_, var channel, var data) ->
          out.setPublish(PublishRequest.newBuilder().setChannel(channel).setData(bytes(data)));
      case Command.Presence(_, var channel) ->
          out.setPresence(PresenceRequest.newBuilder().setChannel(channel));
      case Command.PresenceStats(_, var channel) ->
          out.setPresenceStats(PresenceStatsRequest.newBuilder().setChannel(channel));
      case Command.History history -> out.setHistory(history(history));
      case Command.Rpc(_, var method, var data) ->
          out.setRpc(RpcRequest.newBuilder().setMethod(method).setData(bytes(data)));
      case Command.Send(var data) -> out.setSend(SendRequest.newBuilder().setData(bytes(data)));
      case Command.Refresh(_, var token) ->
          out.setRefresh(RefreshRequest.newBuilder().setToken(token));
      case Command.SubRefresh(_, var channel, var token) ->
          out.setSubRefresh(SubRefreshRequest.newBuilder().setChannel(channel).setToken(token));
      case Command.Pong() -> {}
    }
    return out.build();
  }

  private static ConnectRequest connect(Command.Connect connect) {
    var out =
        ConnectRequest.newBuilder()
            .setToken(connect.token())
            .setData(bytes(connect.data()))
            .setName(connect.name())
            .setVersion(connect.version())
            .putAllHeaders(connect.headers())
            .setFlag(connect.flag());
    // The channel is the key.
    connect
        .subs()
        .forEach((channel, sub) -> out.putSubs(channel, subscribe(sub).setChannel("").build()));
    return out.build();
  }

  private static SubscribeRequest.Builder subscribe(Command.Subscribe subscribe) {
    var out =
        SubscribeRequest.newBuilder()
            .setChannel(subscribe.channel())
            .setToken(subscribe.token())
            .setRecover(subscribe.recover())
            .setEpoch(subscribe.epoch())
            .setOffset(subscribe.offset())
            .setData(bytes(subscribe.data()))
            .setPositioned(subscribe.positioned())
            .setRecoverable(subscribe.recoverable())
            .setJoinLeave(subscribe.joinLeave())
            .setDelta(subscribe.delta())
            .setFlag(subscribe.flag())
            .setType(subscribe.type());
    return subscribe.filter() == null ? out : out.setTf(filter(subscribe.filter()));
  }

  private static FilterNode filter(Command.FilterNode node) {
    return FilterNode.newBuilder()
        .setOp(node.op())
        .setKey(node.key())
        .setCmp(node.cmp())
        .setVal(node.val())
        .addAllVals(node.vals())
        .addAllNodes(node.nodes().stream().map(CommandWriter::filter).toList())
        .build();
  }

  private static HistoryRequest history(Command.History history) {
    var out =
        HistoryRequest.newBuilder()
            .setChannel(history.channel())
            .setLimit(history.limit())
            .setReverse(history.reverse());
    if (history.since()) {
      out.setSince(
          StreamPosition.newBuilder().setOffset(history.offset()).setEpoch(history.epoch()));
    }
    return out.build();
  }

  private static ByteString bytes(byte[] payload) {
    return payload == null ? ByteString.EMPTY : ByteString.copyFrom(payload);
  }

  /// Its payloads must be JSON.
  static byte[] toJson(Command command) {
    ObjectNode out = JSON.objectNode();
    if (command.id() > 0) {
      out.put("id", command.id());
    }
    switch (command) {
      case Command.Connect connect -> write(out.putObject("connect"), connect);
      case Command.Subscribe subscribe -> write(out.putObject("subscribe"), subscribe);
      case Command.Unsubscribe(_, var channel) ->
          out.putObject("unsubscribe").put("channel", channel);
      case Command.Publish(_, var channel, var data) ->
          payload(out.putObject("publish").put("channel", channel), data);
      case Command.Presence(_, var channel) -> out.putObject("presence").put("channel", channel);
      case Command.PresenceStats(_, var channel) ->
          out.putObject("presence_stats").put("channel", channel);
      case Command.History history -> write(out.putObject("history"), history);
      case Command.Rpc(_, var method, var data) ->
          payload(out.putObject("rpc").put("method", method), data);
      case Command.Send(var data) -> payload(out.putObject("send"), data);
      case Command.Refresh(_, var token) -> out.putObject("refresh").put("token", token);
      case Command.SubRefresh(_, var channel, var token) ->
          out.putObject("sub_refresh").put("channel", channel).put("token", token);
      case Command.Pong() -> {}
    }
    return out.toString().getBytes(UTF_8);
  }

  private static void write(ObjectNode out, Command.Connect connect) {
    out.put("token", connect.token()).put("name", connect.name());
    out.put("version", connect.version()).put("flag", connect.flag());
    payload(out, connect.data());
    ObjectNode subs = out.putObject("subs");
    connect.subs().forEach((channel, sub) -> write(subs.putObject(channel), sub));
    ObjectNode headers = out.putObject("headers");
    connect.headers().forEach(headers::put);
  }

  private static void write(ObjectNode out, Command.Subscribe subscribe) {
    out.put("channel", subscribe.channel()).put("token", subscribe.token());
    out.put("recover", subscribe.recover()).put("epoch", subscribe.epoch());
    out.putRawValue("offset", unsigned(subscribe.offset()));
    payload(out, subscribe.data());
    out.put("positioned", subscribe.positioned()).put("recoverable", subscribe.recoverable());
    out.put("join_leave", subscribe.joinLeave()).put("delta", subscribe.delta());
    out.put("flag", subscribe.flag()).put("type", subscribe.type());
    if (subscribe.filter() != null) {
      write(out.putObject("tf"), subscribe.filter());
    }
  }

  private static void write(ObjectNode out, Command.FilterNode node) {
    out.put("op", node.op()).put("key", node.key()).put("cmp", node.cmp()).put("val", node.val());
    var vals = out.putArray("vals");
    node.vals().forEach(vals::add);
    var nodes = out.putArray("nodes");
    node.nodes().forEach(part -> write(nodes.addObject(), part));
  }

  private static void write(ObjectNode out, Command.History history) {
    out.put("channel", history.channel()).put("limit", history.limit());
    out.put("reverse", history.reverse());
    if (history.since()) {
      out.putObject("since")
          .put("epoch", history.epoch())
          .putRawValue("offset", unsigned(history.offset()));
    }
  }

  private static void payload(ObjectNode out, byte[] data) {
    if (data != null) {
      out.putRawValue("data", new RawValue(new String(data, UTF_8)));
    }
  }

  private static RawValue unsigned(long number) {
    return new RawValue(Long.toUnsignedString(number));
  }
}
