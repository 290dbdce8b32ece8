package dev.switchboard.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.switchboard.protocol.ErrorCode;
import dev.switchboard.testkit.Execution;
import dev.switchboard.testkit.TestNode;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/// Any body to any method of a real node: it answers, and never that something went wrong in it.
///
/// The first byte of an input chooses the method.
class CallFuzzTest {
  private static final DeliveryOptions VERSION =
      new DeliveryOptions().addHeader("switchboard-version", "1");

  /// Without the one that gives up nodes.
  private static final List<String> METHODS =
      new TreeSet<>(ApiCalls.names())
          .stream().filter(name -> !Set.of("quorum_reset", "drain").contains(name)).toList();

  private static TestNode node;

  @BeforeAll
  static void start() {
    node =
        TestNode.start(
            "channel.namespaces.kept.history_size=2",
            "channel.namespaces.kept.history_ttl=1m",
            "channel.namespaces.shut.publication_data_format=json_object");
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @FuzzTest
  void calls(byte[] input) throws Exception {
    Execution.watch(input, CallFuzzTest::take);
  }

  /// Inputs to start from.
  static Map<String, byte[]> seeds() {
    Map<String, byte[]> seeds = new LinkedHashMap<>();
    seeds.put("publish", input("publish", "{'channel':'kept:a','data':1,'idempotency_key':'k'}"));
    seeds.put("broadcast", input("broadcast", "{'channels':['a','kept:b','x:y'],'data':{}}"));
    seeds.put("subscribe", input("subscribe", "{'user':'ada','channel':'news','info':{}}"));
    seeds.put("unsubscribe", input("unsubscribe", "{'user':'ada','channel':''}"));
    seeds.put("disconnect", input("disconnect", "{'user':'','disconnect':{'code':4999}}"));
    seeds.put("refresh", input("refresh", "{'user':'ada','expired':false,'expire_at':7}"));
    seeds.put("send", input("send", "{'user':'ada','b64data':'AP8='}"));
    seeds.put("presence", input("presence", "{'channel':'news','limit':2}"));
    seeds.put("history", input("history", "{'channel':'kept:a','limit':-1,'since':{'offset':1}}"));
    seeds.put("history-remove", input("history_remove", "{'channel':'kept:a'}"));
    seeds.put("channels", input("channels", "{'pattern':'a*?b'}"));
    seeds.put("batch", input("batch", "{'commands':[{'info':{}},{'history':{'channel':'a'}}]}"));
    seeds.put("events", input("events", "{'shard':1,'limit':2}"));
    seeds.put("users", input("users", "{'users':['ada']}"));
    return seeds;
  }

  private static byte[] input(String method, String body) {
    byte[] bytes = body.replace('\'', '"').getBytes(UTF_8);
    byte[] input = new byte[1 + bytes.length];
    input[0] = (byte) METHODS.indexOf(method);
    System.arraycopy(bytes, 0, input, 1, bytes.length);
    return input;
  }

  private static void take(byte[] input) throws Exception {
    if (input.length == 0) {
      return;
    }
    String method = METHODS.get((input[0] & 0xff) % METHODS.size());
    Buffer body = Buffer.buffer(Arrays.copyOfRange(input, 1, input.length));
    try {
      node.node()
          .vertx()
          .eventBus()
          .request("switchboard." + method, body, VERSION)
          .await(10, TimeUnit.SECONDS);
    } catch (ReplyException refused) {
      assertThat(refused.failureType()).isEqualTo(ReplyFailure.RECIPIENT_FAILURE);
      assertThat(refused.failureCode()).isNotEqualTo(ErrorCode.INTERNAL.code());
    }
  }
}
