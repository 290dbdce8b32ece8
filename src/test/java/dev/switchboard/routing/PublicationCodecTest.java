package dev.switchboard.routing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchboard.protocol.ClientInfo;
import dev.switchboard.protocol.MalformedException;
import dev.switchboard.protocol.Publication;
import dev.switchboard.protocol.Push;
import dev.switchboard.routing.PublicationCodec.Published;
import java.util.Arrays;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class PublicationCodecTest {
  private static Arbitrary<String> texts() {
    return Arbitraries.strings().withCharRange(' ', '~').withChars('ä', '日', '\n').ofMaxLength(12);
  }

  private static Arbitrary<byte[]> bytes() {
    return Arbitraries.bytes().array(byte[].class).ofMaxSize(200);
  }

  private static Arbitrary<Long> numbers() {
    return Arbitraries.oneOf(Arbitraries.just(0L), Arbitraries.longs());
  }

  @Provide
  Arbitrary<Published> publications() {
    Arbitrary<byte[]> parts = bytes().injectNull(0.3);
    Arbitrary<ClientInfo> clients =
        Combinators.combine(texts(), texts(), parts, parts).as(ClientInfo::new);
    Arbitrary<Publication> publications =
        Combinators.combine(
                bytes(),
                clients.injectNull(0.3),
                numbers(),
                Arbitraries.maps(texts(), texts()).ofMaxSize(3),
                numbers(),
                texts())
            .as(
                (data, info, offset, tags, time, heard) ->
                    new Publication(data, info, offset, tags, time, false, heard));
    return Combinators.combine(texts(), publications, texts(), Arbitraries.of(true, false))
        .as(
            (channel, one, epoch, deltas) ->
                new Published(new Push.Publish(channel, one), epoch, deltas));
  }

  @Property(tries = 500, edgeCases = EdgeCasesMode.NONE)
  void comesBackFromItsBytes(@ForAll("publications") Published publication)
      throws MalformedException {
    // When
    var back = PublicationCodec.decode(encode(publication));

    // Then
    assertThat(back).usingRecursiveComparison().isEqualTo(publication);
  }

  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  void whatIsCutShortIsRefusedOrOnlyHasLessData(@ForAll("publications") Published publication)
      throws MalformedException {
    // Given
    byte[] whole = encode(publication);
    int parts = whole.length - publication.push().publication().data().length;

    for (int length = 0; length < whole.length; length++) {
      byte[] part = Arrays.copyOf(whole, length);

      // Then
      if (length < parts) {
        assertThatThrownBy(() -> PublicationCodec.decode(part))
            .isInstanceOf(MalformedException.class)
            .hasMessage("a publication is cut short");
      } else {
        assertThat(encode(PublicationCodec.decode(part))).isEqualTo(part);
      }
    }
  }

  @Property(tries = 2_000)
  void whateverComesIsAPublicationOrRefused(@ForAll byte[] bytes) {
    try {
      // Then
      assertThat(PublicationCodec.decode(bytes)).isNotNull();
    } catch (MalformedException refused) {
      assertThat(refused).hasMessageStartingWith("a publication ");
    }
  }

  @Test
  void aPartThatOnlyANewerVersionKnowsIsRefused() {
    // Given
    byte[] bytes = PublicationCodec.encode(news(Publication.of(new byte[0], null)));
    bytes[2] = 2;

    // Then
    assertThatThrownBy(() -> PublicationCodec.decode(bytes))
        .isInstanceOf(MalformedException.class)
        .hasMessage("a publication with unknown parts: 512");
  }

  @Test
  void theBytesAreTheseForEver() {
    // Given
    byte[] one = {'1'};
    var info = new ClientInfo("u", "c", one, one);
    var full = new Publication(one, info, 7, Map.of("t", "v"), 8);
    var bare = Publication.of(one, null);

    // Then
    assertThat(PublicationCodec.encode(news(bare))).isEqualTo(bytes("~~~~~~~\4news1"));
    assertThat(PublicationCodec.encode(news(full), "e", false))
        .isEqualTo(
            bytes(
                "~~~\177~~~\4news~~~\1u~~~\1c~~~\0011~~~\0011"
                    + "~~~~~~~\7~~~~~~~\10~~~\1~~~\1t~~~\1v~~~\1e1"));
    assertThat(PublicationCodec.encode(news(bare), "e", true))
        .isEqualTo(bytes("~~~\300~~~\4news~~~\1e1"));
    assertThat(PublicationCodec.encode(news(bare.heardOf("news.one"))))
        .isEqualTo(bytes("~~\1~~~~\4news~~~\10news.one1"));
  }

  private static byte[] encode(Published published) {
    return PublicationCodec.encode(published.push(), published.epoch(), published.deltas());
  }

  private static Push.Publish news(Publication publication) {
    return new Push.Publish("news", publication);
  }

  private static byte[] bytes(String text) {
    return text.replace('~', '\0').getBytes(ISO_8859_1);
  }
}
