package dev.switchboard.presence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.protocol.ClientId;
import dev.switchboard.protocol.MalformedException;
import dev.switchboard.testkit.Footprint;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What a copy of a large channel costs another node.
class PresenceFootprintTest {
  private static final int MEMBERS = 100_000;
  private static final int BYTES_MAX = 300;

  @Test
  void aMemberCostsAnInterestedNodeLittle() throws MalformedException {
    // Given
    List<byte[]> news = new ArrayList<>();
    var owner = presence(1);
    PresencePeer told = owner.meet(2, _ -> true, news::add);
    owner.open("room", 7, 0, true);
    for (int number = 0; number < MEMBERS; number++) {
      var id = new ClientId(1, number % 8, number, number * 0x9e3779b97f4a7c15L);
      owner.join("room", new Member(id, "user-" + number, null, null));
    }
    while (told.isTelling()) {
      told.tellPart();
    }
    var other = presence(2);
    PresencePeer heard = other.meet(1, _ -> true, _ -> true);
    other.open("room", 7, 0, true);
    Footprint before = Footprint.now();

    // When
    for (byte[] each : news) {
      heard.onNews(each);
    }

    // Then
    long bytes = (Footprint.now().heapBytes() - before.heapBytes()) / MEMBERS;
    assertThat(bytes).isBetween(1L, (long) BYTES_MAX);
    Attendance members = other.find("room").orElseThrow();
    assertThat(List.of(members.size(), members.users())).containsOnly(MEMBERS);
    var last = Optional.of(new ClientId(1, 7, MEMBERS - 1_001, Long.MIN_VALUE));
    assertThat(members.page(last, 100).members()).hasSize(100);
    assertThat(news).isNotEmpty();
  }

  private static Presence presence(long incarnation) {
    var silent =
        new PresenceListener() {
          @Override
          public void onJoined(long loops, String channel, Member member) {}

          @Override
          public void onLeft(long loops, String channel, Member member) {}
        };
    var presence = new Presence(silent);
    presence.incarnation(incarnation);
    return presence;
  }
}
