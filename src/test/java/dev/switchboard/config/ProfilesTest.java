package dev.switchboard.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProfilesTest {
  private static final List<String> NAMES = List.of("js", "java", "python", "go");

  @ParameterizedTest
  @ValueSource(strings = {"js", "java", "python", "go"})
  void aProfileServesOnePortOnThisMachineWithTokensThatNeverExpire(String name) throws Exception {
    // When
    GatewayConfig config = profile(name).config();

    // Then
    assertThat(config.http().host()).isEqualTo("localhost").isEqualTo(config.internal().host());
    assertThat(config.http().port()).isEqualTo(8000).isEqualTo(config.internal().port());
    assertThat(Stream.of(config.token(), config.subscriptionToken()))
        .noneMatch(token -> token.requireExp() || token.requireAud());
    assertThat(config.client().insecure()).isEqualTo(!name.equals("python"));
  }

  @Test
  void eachProfileHasAClusterOfItsOwn() throws Exception {
    // When
    var clusters = Stream.of("js", "java", "python", "go").map(ProfilesTest::cluster).toList();

    // Then
    assertThat(clusters).extracting(GatewayConfig.Cluster::name).doesNotHaveDuplicates();
    assertThat(clusters).extracting(GatewayConfig.Cluster::key).doesNotHaveDuplicates();
    assertThat(clusters).noneMatch(cluster -> cluster.key().isEmpty());
  }

  @Test
  void everyProfileIsTested() {
    assertThat(Path.of("conf/profiles").toFile().list())
        .containsExactlyInAnyOrderElementsOf(NAMES.stream().map(name -> name + ".yaml").toList());
  }

  @Test
  void theJavaScriptProfileIsWhatItsSuiteExpects() throws Exception {
    // When
    GatewayConfig config = profile("js").config();

    // Then
    var namespaces = config.channel().namespaces();
    assertThat(namespaces).containsOnlyKeys("recovery", "smallhistory", "delta");
    assertThat(namespaces.get("smallhistory").historySize()).isEqualTo(2);
    assertThat(namespaces.get("delta").allowedDeltaTypes()).containsExactly("fossil");
    assertThat(config.api().key().reveal()).isEqualTo("test-api-key");
    assertThat(config.token().hmacSecret().reveal()).isEqualTo("secret");
    assertThat(config.http().httpStream().enabled() && config.http().sse().enabled()).isTrue();
  }

  @Test
  void nothingOfStreamsIsStillToBeBuilt() throws Exception {
    // When
    var secret = Map.of("SWITCHBOARD_TOKEN__HMAC_SECRET", "a-secret-of-at-least-thirty-two-bytes");
    var example = load(Path.of("conf/examples/streams.yaml"), secret);
    List<String> warnings = new ArrayList<>(example.warnings());
    for (String name : NAMES) {
      warnings.addAll(profile(name).warnings());
    }

    // Then
    assertThat(warnings)
        .isNotEmpty()
        .noneMatch(line -> line.matches(".*(history|recover|positioning|(^|[ ,])stream\\.).*"));
  }

  private static GatewayConfig.Cluster cluster(String name) {
    try {
      return profile(name).config().cluster();
    } catch (ConfigException e) {
      throw new IllegalStateException(e);
    }
  }

  private static ConfigLoader.Loaded profile(String name) throws ConfigException {
    return load(Path.of("conf/profiles", name + ".yaml"), Map.of());
  }

  private static ConfigLoader.Loaded load(Path file, Map<String, String> environment)
      throws ConfigException {
    return ConfigLoader.load(Optional.of(file), environment, List.of());
  }
}
