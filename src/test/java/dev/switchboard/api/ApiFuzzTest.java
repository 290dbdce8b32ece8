package dev.switchboard.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.switchboard.config.GatewayConfig;
import dev.switchboard.config.Secret;
import dev.switchboard.protocol.ErrorCode;
import dev.switchboard.protocol.Json;
import dev.switchboard.protocol.MalformedException;
import dev.switchboard.testkit.Execution;
import java.util.List;
import java.util.Map;

/// Any body of an API request, and what each method looks for in one.
class ApiFuzzTest {
  private static final GatewayConfig.Api LIMITS =
      new GatewayConfig.Api(new Secret(""), false, GatewayConfig.ErrorMode.BODY, 65_536, 100);
  private static final List<String> NAMES =
      List.of("channel", "data", "info", "version", "channels", "delta", "disconnect");

  @FuzzTest
  void bodies(byte[] input) throws Exception {
    Execution.watch(input, ApiFuzzTest::take);
  }

  /// Inputs to start from.
  static Map<String, byte[]> seeds() {
    return Map.of(
        "publish", body("{'channel':'news','data':{'a':1},'tags':{'a':'b'},'version':7}"),
        "binary", body("{'channel':'news','b64data':'AP8=','b64info':'e30='}"),
        "broadcast", body("{'channels':['a','b'],'data':null,'delta':true}"),
        "disconnect", body("{'user':'ada','disconnect':{'code':4000,'reason':'r'}}"),
        "client", body("{'client':'AAAAAAAAAAECAAAAAwAAAAAAAAAE','data':1}"),
        "session", body("{'session':'AAAAAAAAAAECAAAAAwAAAAAAAAAE.secret','data':1}"),
        "batch", body("{'parallel':true,'commands':[{'info':{}},{'publish':{'channel':'a'}}]}"),
        "lines", body("{'method':'info'}\n{'method':'publish','params':{'channel':'a'}}\n"),
        "wrong-types", body("{'channel':1,'data':2,'version':'x','channels':{},'user':[]}"));
  }

  private static byte[] body(String text) {
    return text.replace('\'', '"').getBytes(UTF_8);
  }

  private static void take(byte[] input) {
    try {
      ApiRequest request = ApiRequest.parse(input);
      for (String name : NAMES) {
        read(request, name);
      }
      read(request::recipient);
      read(request::payload);
      read(request::tags);
      read(() -> Batch.of(request, LIMITS));
    } catch (MalformedException notAnObject) {
      assertThat(notAnObject).hasMessageMatching(".+");
    }
    lines(input);
  }

  private static void read(ApiRequest request, String name) {
    read(() -> request.text(name));
    read(() -> request.requiredText(name));
    read(() -> request.texts(name));
    read(() -> request.number(name));
    read(() -> request.flag(name));
    read(() -> request.nested(name));
    read(() -> request.objects(name));
    read(() -> request.bytes(name));
  }

  private static void read(Runnable reading) {
    try {
      reading.run();
    } catch (ApiException refused) {
      assertThat(refused.code()).isEqualTo(ErrorCode.BAD_REQUEST);
    }
  }

  /// As older clients send several calls.
  private static void lines(byte[] input) {
    try {
      for (byte[] line : Json.sequence(input)) {
        assertThat(Json.isValue(line)).isTrue();
        ApiRequest.parse(line);
      }
    } catch (MalformedException notObjects) {
      assertThat(notObjects).hasMessageMatching(".+");
    }
  }
}
