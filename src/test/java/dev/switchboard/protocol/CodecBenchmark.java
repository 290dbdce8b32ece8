package dev.switchboard.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.switchboard.testkit.ProtobufJson;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/// What clients say most, read; and what they hear most, written.
@State(Scope.Thread)
public class CodecBenchmark {
  private static final String TEXT = "x".repeat(126);

  @Param Encoding encoding;

  private ClientCodec codec;
  private byte[] connect;
  private byte[] subscribe;
  private byte[] publish;
  private Push publication;

  @Setup
  public void setUp() {
    codec = ClientCodec.of(encoding);
    connect = message("connect", new JsonObject().put("token", "t".repeat(300)).put("name", "js"));
    subscribe = message("subscribe", new JsonObject().put("channel", "chat:room-1"));
    publish = message("publish", new JsonObject().put("channel", "chat:room-1").put("data", TEXT));
    var info = new ClientInfo("alice", "c".repeat(36), null, null);
    byte[] data = ('"' + TEXT + '"').getBytes(UTF_8);
    publication = new Push.Publish("chat:room-1", Publication.of(data, info));
  }

  private byte[] message(String command, JsonObject parameters) {
    var json = new JsonObject().put("id", 1).put(command, parameters);
    return switch (encoding) {
      case JSON -> json.encode().getBytes(UTF_8);
      case PROTOBUF -> ProtobufJson.command(json);
    };
  }

  @Benchmark
  public List<Command> decodeConnect() throws MalformedException {
    return codec.decode(connect);
  }

  @Benchmark
  public List<Command> decodeSubscribe() throws MalformedException {
    return codec.decode(subscribe);
  }

  @Benchmark
  public List<Command> decodePublish() throws MalformedException {
    return codec.decode(publish);
  }

  @Benchmark
  public byte[] encodePublication() throws UnencodableException {
    return codec.encode(publication);
  }
}
