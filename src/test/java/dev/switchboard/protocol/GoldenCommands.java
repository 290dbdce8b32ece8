package dev.switchboard.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.ByteString;
import dev.switchboard.protocol.proto.ConnectRequest;
import dev.switchboard.protocol.proto.FilterNode;
import dev.switchboard.protocol.proto.HistoryRequest;
import dev.switchboard.protocol.proto.PingRequest;
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
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Every command a client can send: as read, in JSON (with ' for "), as a generated message.
final class GoldenCommands {
  private GoldenCommands() {}

  /// One command three times.
  record Golden(Command command, String json, dev.switchboard.protocol.proto.Command proto) {
    @Override
    public String toString() {
      return json;
    }
  }

  /// All of them.
  static Stream<Golden> all() {
    return Stream.of(small(), connects(), subscribes(), histories()).flatMap(List::stream);
  }

  private static List<Golden> small() {
    return List.of(
        new Golden(
            new Command.Unsubscribe(3, "chat"),
            "{'id':3,'unsubscribe':{'channel':'chat'}}",
            proto(3).setUnsubscribe(UnsubscribeRequest.newBuilder().setChannel("chat")).build()),
        new Golden(
            new Command.Publish(4, "chat", bytes("{'n': [1, 2]}")),
            "{'id':4,'publish':{'channel':'chat','data':{'n': [1, 2]}}}",
            proto(4)
                .setPublish(
                    PublishRequest.newBuilder()
                        .setChannel("chat")
                        .setData(payload("{'n': [1, 2]}"))
                        .setKey("ignored"))
                .build()),
        new Golden(
            new Command.Publish(4, "chat", null),
            "{'id':4,'publish':{'channel':'chat'}}",
            proto(4).setPublish(PublishRequest.newBuilder().setChannel("chat")).build()),
        new Golden(
            new Command.Presence(5, "chat"),
            "{'id':5,'presence':{'channel':'chat'}}",
            proto(5).setPresence(PresenceRequest.newBuilder().setChannel("chat")).build()),
        new Golden(
            new Command.PresenceStats(6, "chat"),
            "{'id':6,'presence_stats':{'channel':'chat'}}",
            proto(6)
                .setPresenceStats(PresenceStatsRequest.newBuilder().setChannel("chat"))
                .build()),
        new Golden(
            new Command.Rpc(7, "sum", bytes("[1,2]")),
            "{'id':7,'rpc':{'method':'sum','data':[1,2]}}",
            proto(7)
                .setRpc(RpcRequest.newBuilder().setMethod("sum").setData(payload("[1,2]")))
                .build()),
        new Golden(
            new Command.Rpc(7, "", null),
            "{'id':7,'rpc':{}}",
            proto(7).setRpc(RpcRequest.getDefaultInstance()).build()),
        new Golden(
            new Command.Send(bytes("true")),
            "{'send':{'data':true}}",
            proto(0).setSend(SendRequest.newBuilder().setData(payload("true"))).build()),
        new Golden(
            new Command.Send(bytes("1")),
            "{'id':9,'send':{'data':1}}",
            proto(9).setSend(SendRequest.newBuilder().setData(payload("1"))).build()),
        new Golden(
            new Command.Refresh(0xffff_ffffL, "t"),
            "{'id':4294967295,'refresh':{'token':'t'}}",
            proto(-1).setRefresh(RefreshRequest.newBuilder().setToken("t")).build()),
        new Golden(
            new Command.SubRefresh(10, "chat", "t"),
            "{'id':10,'sub_refresh':{'channel':'chat','token':'t'}}",
            proto(10)
                .setSubRefresh(SubRefreshRequest.newBuilder().setChannel("chat").setToken("t"))
                .build()),
        new Golden(
            new Command.SubRefresh(10, "chat", ""),
            "{'id':10,'sub_refresh':{'channel':'chat'}}",
            proto(10).setSubRefresh(SubRefreshRequest.newBuilder().setChannel("chat")).build()),
        new Golden(new Command.Pong(), "{}", proto(0).build()),
        new Golden(
            new Command.Pong(),
            "{'id':0,'ping':{},'publish':{'channel':'chat'}}",
            proto(0)
                .setPing(PingRequest.getDefaultInstance())
                .setPublish(PublishRequest.newBuilder().setChannel("chat"))
                .build()));
  }

  private static List<Golden> connects() {
    return List.of(
        new Golden(
            new Command.Connect(1, "", null, Map.of(), "", "", Map.of(), 0),
            "{'id':1,'connect':{}}",
            proto(1).setConnect(ConnectRequest.getDefaultInstance()).build()),
        new Golden(
            new Command.Connect(
                1,
                "jwt",
                bytes("{'a':1}"),
                Map.of("a", recovering("a", 7), "b", recovering("b", -1)),
                "js",
                "5.8",
                Map.of("x-a", "1", "x-b", ""),
                Long.MIN_VALUE),
            """
            {'connect':{'flag':-9223372036854775808,'headers':{'x-a':'1','x-b':''},'version':'5.8',
            'name':'js','subs':{'a':{'recover':true,'epoch':'e','offset':7},
            'b':{'recover':true,'epoch':'e','offset':18446744073709551615},'c':null},
            'data':{'a':1},'token':'jwt','dict':[1],'profile':{}},'id':1}\
            """,
            proto(1)
                .setConnect(
                    ConnectRequest.newBuilder()
                        .setToken("jwt")
                        .setData(payload("{'a':1}"))
                        .putSubs("a", position(7))
                        .putSubs("b", position(-1))
                        .setName("js")
                        .setVersion("5.8")
                        .putHeaders("x-a", "1")
                        .putHeaders("x-b", "")
                        .setFlag(Long.MIN_VALUE))
                .build()));
  }

  private static List<Golden> subscribes() {
    var full =
        new Command.Subscribe(
            2,
            "chat",
            "t",
            true,
            "e",
            1L << 63,
            bytes("'d'"),
            true,
            true,
            true,
            "fossil",
            new Command.FilterNode(
                "and",
                "",
                "",
                "",
                List.of(),
                List.of(
                    filterNode("k", "in", "", List.of("v", "")),
                    filterNode("n", "gt", "5", List.of()))),
            3,
            -1);
    return List.of(
        new Golden(
            plain(2, "chat"),
            "{'id':2,'subscribe':{'channel':'chat'}}",
            proto(2).setSubscribe(SubscribeRequest.newBuilder().setChannel("chat")).build()),
        new Golden(
            full,
            """
            {'id':2,'subscribe':{'channel':'chat','token':'t','recover':true,'epoch':'e',
            'offset':9223372036854775808,'data':'d','positioned':true,'recoverable':true,
            'join_leave':true,'delta':'fossil','tf':{'op':'and','nodes':[null,{'vals':['v',''],
            'key':'k','cmp':'in'},{'nodes':[],'key':'n','x':1,'val':'5','cmp':'gt','vals':null}]},
            'flag':3,'type':-1}}\
            """,
            proto(2)
                .setSubscribe(
                    SubscribeRequest.newBuilder()
                        .setChannel("chat")
                        .setToken("t")
                        .setRecover(true)
                        .setEpoch("e")
                        .setOffset(1L << 63)
                        .setData(payload("'d'"))
                        .setPositioned(true)
                        .setRecoverable(true)
                        .setJoinLeave(true)
                        .setDelta("fossil")
                        .setTf(
                            FilterNode.newBuilder()
                                .setOp("and")
                                .addNodes(
                                    FilterNode.newBuilder()
                                        .setKey("k")
                                        .setCmp("in")
                                        .addVals("v")
                                        .addVals(""))
                                .addNodes(
                                    FilterNode.newBuilder().setKey("n").setCmp("gt").setVal("5")))
                        .setFlag(3)
                        .setType(-1))
                .build()));
  }

  private static List<Golden> histories() {
    return List.of(
        new Golden(
            new Command.History(8, "chat", 0, false, 0, "", false),
            "{'id':8,'history':{'channel':'chat'}}",
            proto(8).setHistory(HistoryRequest.newBuilder().setChannel("chat")).build()),
        new Golden(
            new Command.History(8, "chat", 0, true, 0, "", false),
            "{'id':8,'history':{'channel':'chat','since':{}}}",
            proto(8)
                .setHistory(
                    HistoryRequest.newBuilder()
                        .setChannel("chat")
                        .setSince(StreamPosition.getDefaultInstance()))
                .build()),
        new Golden(
            new Command.History(8, "chat", -1, true, 5, "e", true),
            """
            {'id':8,'history':{'channel':'chat','limit':-1,'reverse':true,
            'since':{'offset':5,'epoch':'e'}}}\
            """,
            proto(8)
                .setHistory(
                    HistoryRequest.newBuilder()
                        .setChannel("chat")
                        .setLimit(-1)
                        .setReverse(true)
                        .setSince(StreamPosition.newBuilder().setOffset(5).setEpoch("e")))
                .build()));
  }

  private static Command.Subscribe plain(long id, String channel) {
    return new Command.Subscribe(
        id, channel, "", false, "", 0, null, false, false, false, "", null, 0, 0);
  }

  private static Command.Subscribe recovering(String channel, long offset) {
    return new Command.Subscribe(
        0, channel, "", true, "e", offset, null, false, false, false, "", null, 0, 0);
  }

  private static Command.FilterNode filterNode(
      String key, String cmp, String val, List<String> vals) {
    return new Command.FilterNode("", key, cmp, val, vals, List.of());
  }

  private static SubscribeRequest position(long offset) {
    return SubscribeRequest.newBuilder().setRecover(true).setEpoch("e").setOffset(offset).build();
  }

  private static dev.switchboard.protocol.proto.Command.Builder proto(int id) {
    return dev.switchboard.protocol.proto.Command.newBuilder().setId(id);
  }

  private static ByteString payload(String json) {
    return ByteString.copyFrom(bytes(json));
  }

  private static byte[] bytes(String json) {
    return json.replace('\'', '"').getBytes(UTF_8);
  }
}
