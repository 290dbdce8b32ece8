package dev.switchboard.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.TextFormat;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every reply and push, byte for byte in JSON, by the generated classes in Protobuf.
class EncodingTest {
  private static final ClientInfo ANN = new ClientInfo("ann", "c1", bytes("{'n':1}"), bytes("2"));
  private static final ClientInfo NOBODY = new ClientInfo("", "", null, null);

  /// A message with its JSON and, in Protobuf's text format, its fields.
  record Golden<T>(T message, String json, String text) {
    @Override
    public String toString() {
      return json;
    }
  }

  static Stream<Golden<Reply>> replies() {
    return Stream.concat(results(), lists());
  }

  private static Stream<Golden<Reply>> results() {
    return Stream.of(
        new Golden<>(
            Reply.Error.of(1, ErrorCode.UNKNOWN_CHANNEL),
            "{'id':1,'error':{'code':102,'message':'unknown channel'}}",
            "id:1 error{code:102 message:'unknown channel'}"),
        new Golden<>(
            new Reply.Error(0xffff_ffffL, 100, "", true),
            "{'id':4294967295,'error':{'code':100,'temporary':true}}",
            "id:4294967295 error{code:100 temporary:true}"),
        new Golden<>(
            new Reply.Connect(1, "c", "v", false, 0, null, Map.of(), 0, false, "", "", 0),
            "{'id':1,'connect':{'client':'c','version':'v'}}",
            "id:1 connect{client:'c' version:'v'}"),
        new Golden<>(
            new Reply.Connect(
                1,
                "c",
                "v",
                true,
                60,
                bytes("{}"),
                Map.of("a", emptySubscribe(0)),
                25,
                true,
                "s",
                "n",
                1_700_000_000_123L),
            """
            {'id':1,'connect':{'client':'c','version':'v','expires':true,'ttl':60,'data':{},\
            'subs':{'a':{}},'ping':25,'pong':true,\
            'session':'s','node':'n','time':1700000000123}}\
            """,
            """
            id:1 connect{client:'c' version:'v' expires:true ttl:60 data:'{}'
              subs{key:'a' value{}} ping:25 pong:true session:'s' node:'n' time:1700000000123}\
            """),
        new Golden<>(new Reply.Unsubscribe(3), "{'id':3,'unsubscribe':{}}", "id:3 unsubscribe{}"),
        new Golden<>(new Reply.Publish(4), "{'id':4,'publish':{}}", "id:4 publish{}"),
        new Golden<>(
            new Reply.PresenceStats(5, 0, 0),
            "{'id':5,'presence_stats':{'num_clients':0,'num_users':0}}",
            "id:5 presence_stats{}"),
        new Golden<>(
            new Reply.PresenceStats(5, 3, 2),
            "{'id':5,'presence_stats':{'num_clients':3,'num_users':2}}",
            "id:5 presence_stats{num_clients:3 num_users:2}"),
        new Golden<>(new Reply.Rpc(6, null), "{'id':6,'rpc':{}}", "id:6 rpc{}"),
        new Golden<>(
            new Reply.Rpc(6, bytes("null")),
            "{'id':6,'rpc':{'data':null}}",
            "id:6 rpc{data:'null'}"),
        new Golden<>(
            new Reply.Refresh(7, "c", "v", true, 0xffff_ffffL),
            "{'id':7,'refresh':{'client':'c','version':'v','expires':true,'ttl':4294967295}}",
            "id:7 refresh{client:'c' version:'v' expires:true ttl:4294967295}"),
        new Golden<>(
            new Reply.SubRefresh(8, false, 0), "{'id':8,'sub_refresh':{}}", "id:8 sub_refresh{}"),
        new Golden<>(
            new Reply.SubRefresh(8, true, 9),
            "{'id':8,'sub_refresh':{'expires':true,'ttl':9}}",
            "id:8 sub_refresh{expires:true ttl:9}"));
  }

  private static Stream<Golden<Reply>> lists() {
    var full = new Publication(bytes("[1]"), ANN, -1, Map.of("k", ""), 5);
    return Stream.of(
        new Golden<>(emptySubscribe(2), "{'id':2,'subscribe':{}}", "id:2 subscribe{}"),
        new Golden<>(
            new Reply.Subscribe(
                2,
                true,
                9,
                true,
                "e",
                List.of(full, Publication.of(bytes("2"), null)),
                true,
                1L << 63,
                true,
                bytes("'d'"),
                true,
                true,
                7),
            """
            {'id':2,'subscribe':{'expires':true,'ttl':9,'recoverable':true,'epoch':'e',\
            'publications':[{'data':[1],'info':{'user':'ann','client':'c1','conn_info':{'n':1},\
            'chan_info':2},'offset':18446744073709551615,'tags':{'k':''},'time':5},{'data':2}],\
            'recovered':true,'offset':9223372036854775808,'positioned':true,'data':'d',\
            'was_recovering':true,'delta':true,'id':7}}\
            """,
            """
            id:2 subscribe{expires:true ttl:9 recoverable:true epoch:'e' publications{data:'[1]'
              info{user:'ann' client:'c1' conn_info:'{"n":1}' chan_info:'2'}
              offset:18446744073709551615 tags{key:'k' value:''} time:5} publications{data:'2'}
              recovered:true offset:9223372036854775808 positioned:true data:'"d"'
              was_recovering:true delta:true id:7}\
            """),
        new Golden<>(
            new Reply.Presence(5, Map.of()),
            "{'id':5,'presence':{'presence':{}}}",
            "id:5 presence{}"),
        new Golden<>(
            new Reply.Presence(5, Map.of("c1", NOBODY)),
            "{'id':5,'presence':{'presence':{'c1':{'user':'','client':''}}}}",
            "id:5 presence{presence{key:'c1' value{}}}"),
        new Golden<>(
            new Reply.History(8, List.of(), "", 0),
            "{'id':8,'history':{'publications':[],'epoch':'','offset':0}}",
            "id:8 history{}"),
        new Golden<>(
            new Reply.History(
                8, List.of(new Publication(bytes("1"), null, 3, Map.of(), 0)), "e", 4),
            "{'id':8,'history':{'publications':[{'data':1,'offset':3}],'epoch':'e','offset':4}}",
            "id:8 history{publications{data:'1' offset:3} epoch:'e' offset:4}"));
  }

  static Stream<Golden<Push>> pushes() {
    return Stream.of(
        new Golden<>(
            new Push.Publish("x", Publication.of(bytes("{'a':1}"), null)),
            "{'push':{'channel':'x','pub':{'data':{'a':1}}}}",
            "push{channel:'x' pub{data:'{\"a\":1}'}}"),
        new Golden<>(
            new Push.Publish("x.*", Publication.of(bytes("1"), null).heardOf("x.y")),
            "{'push':{'channel':'x.*','pub':{'data':1,'channel':'x.y'}}}",
            "push{channel:'x.*' pub{data:'1' channel:'x.y'}}"),
        new Golden<>(
            new Push.Publish("x", Publication.of(new byte[0], null)),
            "{'push':{'channel':'x','pub':{}}}",
            "push{channel:'x' pub{}}"),
        new Golden<>(
            new Push.Join("x", NOBODY),
            "{'push':{'channel':'x','join':{'info':{'user':'','client':''}}}}",
            "push{channel:'x' join{info{}}}"),
        new Golden<>(
            new Push.Leave("x", ANN),
            """
            {'push':{'channel':'x','leave':{'info':{'user':'ann','client':'c1',\
            'conn_info':{'n':1},'chan_info':2}}}}\
            """,
            """
            push{channel:'x' leave{info{user:'ann' client:'c1' conn_info:'{"n":1}'
              chan_info:'2'}}}\
            """),
        new Golden<>(
            new Push.Unsubscribe("x", 2500, "insufficient state"),
            "{'push':{'channel':'x','unsubscribe':{'code':2500,'reason':'insufficient state'}}}",
            "push{channel:'x' unsubscribe{code:2500 reason:'insufficient state'}}"),
        new Golden<>(
            new Push.Subscribe("x", false, "", 0, false, null),
            "{'push':{'channel':'x','subscribe':{}}}",
            "push{channel:'x' subscribe{}}"),
        new Golden<>(
            new Push.Subscribe("x", true, "e", 7, true, bytes("0")),
            """
            {'push':{'channel':'x','subscribe':{'recoverable':true,'epoch':'e','offset':7,\
            'positioned':true,'data':0}}}\
            """,
            """
            push{channel:'x' subscribe{recoverable:true epoch:'e' offset:7 positioned:true
              data:'0'}}\
            """),
        new Golden<>(
            new Push.Message(bytes("'m'")),
            "{'push':{'message':{'data':'m'}}}",
            "push{message{data:'\"m\"'}}"),
        new Golden<>(
            new Push.Disconnect(3001, "shutdown"),
            "{'push':{'disconnect':{'code':3001,'reason':'shutdown'}}}",
            "push{disconnect{code:3001 reason:'shutdown'}}"),
        new Golden<>(
            new Push.Refresh(true, 60),
            "{'push':{'refresh':{'expires':true,'ttl':60}}}",
            "push{refresh{expires:true ttl:60}}"));
  }

  @ParameterizedTest
  @MethodSource("replies")
  void writesReplies(Golden<Reply> golden) throws Exception {
    // When
    var json = JsonCodec.INSTANCE.encode(golden.message());
    var binary = ProtobufCodec.INSTANCE.encode(golden.message());

    // Then
    assertThat(new String(json, UTF_8)).isEqualTo(golden.json().replace('\'', '"'));
    assertThat(parse(binary)).isEqualTo(expected(golden.text()));
  }

  @ParameterizedTest
  @MethodSource("pushes")
  void writesPushes(Golden<Push> golden) throws Exception {
    // When
    var json = JsonCodec.INSTANCE.encode(golden.message());
    var binary = ProtobufCodec.INSTANCE.encode(golden.message());

    // Then
    assertThat(new String(json, UTF_8)).isEqualTo(golden.json().replace('\'', '"'));
    assertThat(parse(binary)).isEqualTo(expected(golden.text()));
  }

  @Test
  void writesHandComputedProtobuf() throws Exception {
    // When
    var push = new Push.Publish("x", Publication.of(bytes("{}"), null));
    var bytes = ProtobufCodec.INSTANCE.encode(push);

    // Then: length 11; field 4 push, length 9: field 2 channel "x", field 4 pub, its field 4 "{}"
    assertThat(bytes).containsExactly(11, 0x22, 9, 0x12, 1, 'x', 0x22, 4, 0x22, 2, '{', '}');
  }

  @Test
  void prefixesLongProtobufWithTwoLengthBytes() {
    // When
    var bytes = ProtobufCodec.INSTANCE.encode(new Reply.Rpc(1, new byte[300]));

    // Then: 2 id, 3 rpc, 3 data, 300
    assertThat(bytes).hasSize(310).startsWith(0xb4, 0x02, 0x08, 1, 0x6a, 0xaf, 0x02, 0x0a);
  }

  @Test
  void pingsWithTheEmptyMessage() {
    // When
    var json = ClientCodec.of(Encoding.JSON).ping();
    var binary = ClientCodec.of(Encoding.PROTOBUF).ping();

    // Then
    assertThat(json).asString().isEqualTo("{}");
    assertThat(binary).containsExactly(0);
  }

  @Test
  void keepsEveryPairOfAList() throws Exception {
    // Given
    var presence = new Reply.Presence(1, Map.of("a", NOBODY, "b", ANN));

    // When
    var json = new String(JsonCodec.INSTANCE.encode(presence), UTF_8);
    var binary = parse(ProtobufCodec.INSTANCE.encode(presence));

    // Then
    assertThat(json).contains("\"a\":{\"user\":\"\"", "\"b\":{\"user\":\"ann\"").contains("},\"");
    assertThat(binary.getPresence().getPresenceMap()).containsOnlyKeys("a", "b");
  }

  private static Reply.Subscribe emptySubscribe(long id) {
    return new Reply.Subscribe(
        id, false, 0, false, "", List.of(), false, 0, false, null, false, false, 0);
  }

  private static dev.switchboard.protocol.proto.Reply parse(byte[] frame) throws IOException {
    var in = new ByteArrayInputStream(frame);
    var reply = dev.switchboard.protocol.proto.Reply.parseDelimitedFrom(in);
    assertThat(in.available()).isZero();
    assertThat(reply.getUnknownFields().getSerializedSize()).isZero();
    return reply;
  }

  private static dev.switchboard.protocol.proto.Reply expected(String text) throws IOException {
    return TextFormat.parse(text, dev.switchboard.protocol.proto.Reply.class);
  }

  private static byte[] bytes(String json) {
    return ByteString.copyFromUtf8(json.replace('\'', '"')).toByteArray();
  }
}
