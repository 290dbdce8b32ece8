package dev.switchboard.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/// Which wildcards stand for a channel, against what the page says of it.
class WildcardPropertyTest {
  private static final Pattern NAME = Pattern.compile("([^:]*:|\\$?)(.*)");

  @Provide
  Arbitrary<String> names() {
    return Arbitraries.strings().withChars("aab...:#*$").ofMaxLength(12);
  }

  @Provide
  Arbitrary<String> wildcards() {
    return Arbitraries.strings().withChars("aab..:$").ofMaxLength(8).map(name -> name + "*");
  }

  @Property(tries = 20_000)
  void aWildcardStandsForWhatBeginsLikeIt(
      @ForAll("names") String channel,
      @ForAll("wildcards") String wildcard,
      @ForAll @IntRange(min = 1, max = 4) int segmentsMax) {
    // When
    List<String> found = new ChannelName(channel).wildcards(segmentsMax);

    // Then
    boolean stands =
        isWildcard(wildcard)
            && segments(wildcard) <= segmentsMax
            && head(channel).equals(head(wildcard))
            && channel.startsWith(wildcard.substring(0, wildcard.length() - 1))
            && !channel.contains("#");
    assertThat(found.contains(wildcard)).isEqualTo(stands);
  }

  @Property(tries = 5_000)
  void whatStandsForAChannelIsAWildcardOfItsNamespace(
      @ForAll("names") String channel, @ForAll @IntRange(min = 1, max = 4) int segmentsMax) {
    // Given
    var name = new ChannelName(channel);

    // When
    List<String> found = name.wildcards(segmentsMax);

    // Then
    assertThat(found).doesNotHaveDuplicates().hasSizeLessThanOrEqualTo(segmentsMax);
    for (int place = 0; place < found.size(); place++) {
      var wildcard = new ChannelName(found.get(place));
      assertThat(wildcard.isWildcard()).isTrue();
      assertThat(wildcard.segments()).isEqualTo(place + 1);
      assertThat(wildcard.namespace()).isEqualTo(name.namespace());
      assertThat(wildcard.isPrivate()).isEqualTo(name.isPrivate());
    }
  }

  @Property(tries = 5_000)
  void aNameIsAWildcardByItsEnd(@ForAll("names") String name) {
    assertThat(new ChannelName(name).isWildcard()).isEqualTo(isWildcard(name));
    assertThat(new ChannelName(name).segments()).isEqualTo(segments(name));
  }

  private static boolean isWildcard(String name) {
    String rest = part(name, 2);
    return (rest.equals("*") || rest.endsWith(".*")) && !name.contains("#");
  }

  private static int segments(String name) {
    return part(name, 2).split("\\.", -1).length;
  }

  private static String head(String name) {
    return part(name, 1);
  }

  private static String part(String name, int group) {
    var matcher = NAME.matcher(name);
    assertThat(matcher.matches()).isTrue();
    return matcher.group(group);
  }
}
