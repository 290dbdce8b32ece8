package dev.switchboard.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class RoutesTest {
  private static Routes routes(String node, int size, String peer, int peerSize) {
    String table = "{\"size\":%d,\"digest\":\"%x\",\"state\":\"open\",\"lease\":true}";
    return Routes.parse(
        "{\"node\":\"%s\",\"own\":%s,\"peers\":{\"%s\":%s},\"roster\":{\"quorum\":true}}"
            .formatted(
                node, table.formatted(size, size), peer, table.formatted(peerSize, peerSize)));
  }

  @Test
  void equalIsWhatEachSaysOfItself() {
    // When
    var equal = List.of(routes("a", 3, "b", 5), routes("b", 5, "a", 3));
    var behind = List.of(routes("a", 3, "b", 5), routes("b", 5, "a", 2));
    var stranger = List.of(routes("a", 3, "c", 5), routes("b", 5, "a", 3));
    var alone = List.of(routes("a", 3, "b", 5));

    // Then
    assertThat(Routes.equal(equal)).isTrue();
    assertThat(Routes.equal(behind)).isFalse();
    assertThat(Routes.equal(stranger)).isFalse();
    assertThat(Routes.equal(alone)).isFalse();
  }
}
