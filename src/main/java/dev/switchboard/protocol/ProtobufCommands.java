package dev.switchboard.protocol;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.switchboard.protocol.proto.ConnectRequest;
import dev.switchboard.protocol.proto.HistoryRequest;
import dev.switchboard.protocol.proto.SubscribeRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;

/// Reads the commands of one Protobuf message, each preceded by its length as a varint.
///
/// Confined to one call. Protobuf cannot tell empty bytes from none, so an empty payload is null.
final class ProtobufCommands {
  private static final int LENGTH_BYTES_MAX = 5;

  private final byte[] message;
  private int at;

  ProtobufCommands(byte[] message) {
    this.message = message;
  }

  /// All commands, at least one.
  List<Command> readAll() throws MalformedException {
    Command first = command();
    if (at == message.length) {
      return List.of(first);
    }
    var commands = new ArrayList<Command>();
    commands.add(first);
    while (at < message.length) {
      commands.add(command());
    }
    return commands;
  }

  private Command command() throws MalformedException {
    int length = length();
    if (length == 0) {
      return new Command.Pong();
    }
    var parser = dev.switchboard.protocol.proto.Command.parser();
    try {
      var command = parser.parseFrom(message, at, length);
      at += length;
      return toCommand(command);
    } catch (InvalidProtocolBufferException e) {
      throw new MalformedException("protobuf: " + e.getMessage());
    }
  }

  private int length() throws MalformedException {
    long length = 0;
    for (int i = 0; i < LENGTH_BYTES_MAX && at < message.length; i++) {
      byte b = message[at++];
      length |= (b & 0x7fL) << 7 * i;
      if (b >= 0) {
        return checked(length);
      }
    }
    throw new MalformedException("protobuf: no length");
  }

  private int checked(long length) throws MalformedException {
    if (length > message.length - at) {
      throw new MalformedException("protobuf: cut short");
    }
    return (int) length;
  }

  private static Command toCommand(dev.switchboard.protocol.proto.Command command)
      throws MalformedException {
    long id = Integer.toUnsignedLong(command.getId());
    if (id == 0 && !command.hasSend()) {
      return new Command.Pong();
    }
    Command request = request(id, command);
    if (request == null) {
      throw new MalformedException("no known request");
    }
    return CommandRules.checked(request);
  }

  /// The first request that is present, or null.
  private static Command request(long id, dev.switchboard.protocol.proto.Command command) {
    if (command.hasConnect()) {
      return connect(id, command.getConnect());
    }
    if (command.hasSubscribe()) {
      var subscribe = command.getSubscribe();
      return subscribe(id, subscribe.getChannel(), subscribe);
    }
    if (command.hasUnsubscribe()) {
      return new Command.Unsubscribe(id, command.getUnsubscribe().getChannel());
    }
    if (command.hasPublish()) {
      var publish = command.getPublish();
      return new Command.Publish(id, publish.getChannel(), payload(publish.getData()));
    }
    if (command.hasPresence()) {
      return new Command.Presence(id, command.getPresence().getChannel());
    }
    if (command.hasPresenceStats()) {
      return new Command.PresenceStats(id, command.getPresenceStats().getChannel());
    }
    if (command.hasHistory()) {
      return history(id, command.getHistory());
    }
    if (command.hasRpc()) {
      var rpc = command.getRpc();
      return new Command.Rpc(id, rpc.getMethod(), payload(rpc.getData()));
    }
    if (command.hasSend()) {
      return new Command.Send(payload(command.getSend().getData()));
    }
    if (command.hasRefresh()) {
      return new Command.Refresh(id, command.getRefresh().getToken());
    }
    if (command.hasSubRefresh()) {
      var refresh = command.getSubRefresh();
      return new Command.SubRefresh(id, refresh.getChannel(), refresh.getToken());
    }
    return null;
  }

  private static Command connect(long id, ConnectRequest connect) {
    var subs = new HashMap<String, Command.Subscribe>();
    connect
        .getSubsMap()
        .forEach((channel, request) -> subs.put(channel, subscribe(0, channel, request)));
    return new Command.Connect(
        id,
        connect.getToken(),
        payload(connect.getData()),
        subs,
        connect.getName(),
        connect.getVersion(),
        connect.getHeadersMap(),
        connect.getFlag());
  }

  private static Command.Subscribe subscribe(long id, String channel, SubscribeRequest request) {
    return new Command.Subscribe(
        id,
        channel,
        request.getToken(),
        request.getRecover(),
        request.getEpoch(),
        request.getOffset(),
        payload(request.getData()),
        request.getPositioned(),
        request.getRecoverable(),
        request.getJoinLeave(),
        request.getDelta(),
        request.hasTf() ? filter(request.getTf()) : null,
        request.getFlag(),
        request.getType());
  }

  /// Only as deep as Protobuf's own limit lets messages nest.
  private static Command.FilterNode filter(dev.switchboard.protocol.proto.FilterNode node) {
    return new Command.FilterNode(
        node.getOp(),
        node.getKey(),
        node.getCmp(),
        node.getVal(),
        List.copyOf(node.getValsList()),
        node.getNodesList().stream().map(ProtobufCommands::filter).toList());
  }

  private static Command history(long id, HistoryRequest request) {
    var since = request.getSince();
    return new Command.History(
        id,
        request.getChannel(),
        request.getLimit(),
        request.hasSince(),
        since.getOffset(),
        since.getEpoch(),
        request.getReverse());
  }

  private static byte[] payload(ByteString bytes) {
    return bytes.isEmpty() ? null : bytes.toByteArray();
  }
}
