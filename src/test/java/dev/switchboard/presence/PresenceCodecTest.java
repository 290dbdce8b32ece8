package dev.switchboard.presence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchboard.protocol.ClientIds;
import dev.switchboard.protocol.MalformedException;
import java.util.Arrays;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class PresenceCodecTest {
  private static Arbitrary<String> texts() {
    return Arbitraries.strings().withCharRange(' ', '~').withChars('ä', '日').ofMaxLength(12);
  }

  private static Arbitrary<byte[]> infos() {
    return Arbitraries.bytes().array(byte[].class).ofMaxSize(20).injectNull(0.3);
  }

  private static Arbitrary<Member> members() {
    return Combinators.combine(ClientIds.any(), texts(), infos(), infos()).as(Member::new);
  }

  @Provide
  Arbitrary<PresenceNews> news() {
    return Arbitraries.oneOf(
        Combinators.combine(
                texts(),
                ClientIds.any().optional(),
                members().list().ofMaxSize(4),
                Arbitraries.of(true, false))
            .as(PresenceNews.Part::new),
        Combinators.combine(texts(), members()).as(PresenceNews.Joined::new),
        Combinators.combine(texts(), ClientIds.any()).as(PresenceNews.Left::new));
  }

  @Property
  void comesBackFromItsBytes(@ForAll("news") PresenceNews news) throws MalformedException {
    // When
    PresenceNews back = PresenceCodec.decode(PresenceCodec.encode(news));

    // Then
    assertThat(back).usingRecursiveComparison().isEqualTo(news);
  }

  @Property(tries = 200)
  void whatIsCutShortOrTooLongIsRefused(@ForAll("news") PresenceNews news) {
    // Given
    byte[] whole = PresenceCodec.encode(news);

    // Then
    for (int length = 0; length <= whole.length + 1; length++) {
      byte[] other = Arrays.copyOf(whole, length);
      if (length != whole.length) {
        assertThatThrownBy(() -> PresenceCodec.decode(other))
            .isInstanceOf(MalformedException.class);
      }
    }
  }

  @Property(tries = 2_000)
  void whateverComesIsReadOrRefused(@ForAll byte[] bytes) {
    try {
      assertThat(PresenceCodec.decode(bytes)).isNotNull();
    } catch (MalformedException refused) {
      assertThat(refused).hasMessageContaining("presence");
    }
  }
}
