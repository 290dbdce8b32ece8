package dev.switchboard.schema;

import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchboard.schema.UnfitException.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Which schemas are taken, what fits them, and what a payload may cost.
class PayloadSchemaTest {
  private static final int BYTES_MAX = 65_536;

  @TempDir Path folder;

  /// A schema whose apostrophes are quotes.
  private PayloadSchema schema(String text) {
    try {
      return PayloadSchema.read("chat@2", file(text));
    } catch (BadSchemaException refused) {
      throw new IllegalArgumentException(refused);
    }
  }

  private Path file(String text) {
    try {
      return Files.writeString(folder.resolve("schema.json"), text.replace('\'', '"'));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /// Why a payload is refused, or that it fits.
  private static String outcome(PayloadSchema schema, byte[] payload) {
    try {
      schema.check(payload, new Schemas.Limits(BYTES_MAX, 10_000));
      return "fits";
    } catch (UnfitException unfit) {
      return unfit.reason() == Reason.MISFIT
          ? unfit.getMessage().split(": ")[0]
          : unfit.reason().name();
    }
  }

  private static String outcome(PayloadSchema schema, String payload) {
    return outcome(schema, payload.replace('\'', '"').getBytes(UTF_8));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'type':'object'}                                      | {}                | fits",
        "{'type':'object'}                                      | []                | the payload",
        "{'properties':{'a':{'items':{'type':'integer'}}}}      | {'a':[1,2.0,3]}   | fits",
        "{'properties':{'a':{'items':{'type':'integer'}}}}      | {'a':[1,'x',2]}   | /a/1",
        "{'required':['id']}                                    | {'x':1}           | the payload",
        "{'properties':{'a/b':{'minimum':3}}}                   | {'a/b':2}         | /a~1b",
        "{'properties':{'n':{'multipleOf':0.01}}}               | {'n':19.99}       | fits",
        "{'properties':{'n':{'$ref':'#'},'v':{'type':'string'}}}| {'n':{'n':{'v':1}}}| /n/n/v",
        "{'properties':{'a':{'pattern':'b'}}}                   | {'a':'abc'}       | fits",
        "{'properties':{'a':{'pattern':'^[a-z]+$'}}}            | {'a':'A'}         | /a",
        "{'patternProperties':{'^x':{'type':'null'}}}           | {'y':1,'xx':1}    | /xx",
        "{'uniqueItems':true}                                   | [1,2,1.0]         | the payload",
        "{'uniqueItems':true}                                   | ['1',1,true,'true',[1],[[1]]] |"
            + " fits",
        "{'uniqueItems':true}                                   | [{'ab':1},{'a':'b1'},{}]| fits",
        "{'uniqueItems':true}                   | [{'a':1,'b':2},{'b':2,'a':1.0}] | the payload",
        "{'uniqueItems':false}                                  | [1,1]             | fits",
        "{'additionalProperties':false}                         | {'a':1}           | the payload",
        "{'unevaluatedProperties':false,'allOf':[{'properties':{'a':true}}]} | {'a':1} | fits",
        "{'anyOf':[{'type':'string'},{'type':'number'}]}        | true              | the payload",
        "{'anyOf':[{'type':'string'},{'type':'number'}]}        | 1                 | fits",
        "{'properties':{'t':{'format':'date-time'}}}            | {'t':'never'}     | fits",
        "{'const':{'a':[1]}}                                    | {'a':[1]}         | fits",
        "{'enum':['a',{'pattern':'(?=x)'}]}                     | 'b'               | the payload",
      })
  void theFirstFaultIsNamed(String text, String payload, String expected) {
    assertThat(outcome(schema(text), payload)).isEqualTo(expected);
  }

  @Test
  void theSentenceSaysWhereAndWhatAndOfWhichSchema() {
    // Given
    PayloadSchema schema = schema("{'properties':{'price':{'type':'number'}}}");

    // Then
    assertThatThrownBy(
            () ->
                schema.check(
                    "{\"price\":\"x\"}".getBytes(UTF_8), new Schemas.Limits(BYTES_MAX, 10_000)))
        .hasMessage("/price: string found, number expected (chat@2)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{                                                  | is not JSON",
        "[]                                                 | is no JSON object",
        "{'type':'object','type':'array'}                   | cannot be used: Duplicate",
        "{'$schema':'http://json-schema.org/draft-07/schema#'} | is of"
            + " http://json-schema.org/draft",
        "{'properties':{'a':{'type':'strng'}}}  | is no schema of draft 2020-12:"
            + " /properties/a/type",
        "{'$ref':'#/$defs/none'}                            | refers to what is not in the file",
        "{'items':{'$ref':'other.json'}}                    | refers to what is not in the file",
        "{'$ref':'https://example.com/a.json'}              | refers to what is not in the file",
        "{'$ref':'file:///etc/hostname'}                    | refers to what is not in the file",
        "{'$ref':'classpath:draft/2020-12/schema'}          | refers to what is not in the file",
        "{'$ref':'https://json-schema.org/draft/2020-12/schema'} | refers to what is not",
        "{'properties':{'a':{'pattern':'(?=a)'}}}           | has at /properties/a/pattern `(?=a)`",
        "{'allOf':[{'patternProperties':{'(a)\\\\1':true}}]} | has at /allOf/0/patternProperties",
        "{'properties':{'a':{'pattern':'['}}}               | has at /properties/a/pattern `[`,"
            + " which",
      })
  void whatIsNoSchemaIsRefusedWithAReason(String text, String reason) {
    assertThatThrownBy(() -> PayloadSchema.read("chat@2", file(text)))
        .isInstanceOf(BadSchemaException.class)
        .hasMessageStartingWith(reason.replace('`', '"'));
  }

  @Test
  void aFileThatIsNotThereIsRefusedToo() {
    assertThatThrownBy(() -> PayloadSchema.read("chat@2", folder.resolve("none.json")))
        .isInstanceOf(BadSchemaException.class)
        .hasMessage("does not exist");
  }

  @Test
  void whatIsNotJsonIsNotLookedAt() {
    // Given
    PayloadSchema anything = schema("{}");

    // Then
    assertThat(outcome(anything, "")).isEqualTo("NOT_JSON");
    assertThat(outcome(anything, "{'a':1}x")).isEqualTo("NOT_JSON");
    assertThat(outcome(anything, "{'a':1,'a':'x'}")).isEqualTo("NOT_JSON");
    assertThat(outcome(anything, "1e400")).isEqualTo("NOT_JSON");
    assertThat(outcome(anything, "[".repeat(65) + "]".repeat(65))).isEqualTo("NOT_JSON");
    assertThat(outcome(anything, "{}".getBytes(UTF_16))).isEqualTo("NOT_JSON");
    assertThat(outcome(anything, new byte[] {'"', (byte) 0xff, '"'})).isEqualTo("NOT_JSON");
    assertThat(outcome(anything, " ".repeat(BYTES_MAX) + "1")).isEqualTo("TOO_LONG");
    assertThat(outcome(anything, " ".repeat(BYTES_MAX - 1) + "1")).isEqualTo("fits");
  }

  @Test
  void numbersOfAnySizeAreCompared() {
    // Given
    PayloadSchema small = schema("{'maximum':10,'multipleOf':0.5}");

    // Then
    assertThat(outcome(small, "1e308")).isEqualTo("the payload");
    assertThat(outcome(small, "-" + "9".repeat(900))).isEqualTo("the payload");
    assertThat(outcome(schema("{'maximum':10}"), "-" + "9".repeat(900))).isEqualTo("fits");
    assertThat(outcome(small, "1e-320")).isEqualTo("the payload");
  }

  @Test
  void aSchemaThatBranchesIntoItselfEndsAtTheLimit() {
    // Given
    PayloadSchema twice =
        schema(
            "{'anyOf':[{'properties':{'n':{'$ref':'#'}},'required':['x']},"
                + "{'properties':{'n':{'$ref':'#'}}}]}");

    // Then
    assertThat(outcome(twice, "{'n':".repeat(5) + "{}" + "}".repeat(5))).isEqualTo("fits");
    assertThat(outcome(twice, "{'n':".repeat(60) + "{}" + "}".repeat(60))).isEqualTo("TOO_COSTLY");
  }

  @Test
  void aSchemaWithoutAnEndEndsToo() {
    assertThat(outcome(schema("{'allOf':[{'$ref':'#'}]}"), "1")).isEqualTo("TOO_COSTLY");
  }

  @Test
  void whatIsWideCostsForItsWidth() {
    // Given
    String wide =
        IntStream.range(0, 5_000).mapToObj(Integer::toString).collect(Collectors.joining(","));
    String all =
        IntStream.range(0, 40)
            .mapToObj(n -> "{'enum':[[" + n + "]]}")
            .collect(Collectors.joining(","));
    PayloadSchema often = schema("{'not':{'anyOf':[" + all + "]}}");

    // Then
    assertThat(outcome(schema("{'uniqueItems':true}"), "[" + wide + "]")).isEqualTo("fits");
    assertThat(outcome(often, "[1]")).isEqualTo("the payload");
    assertThat(outcome(often, "[" + wide + "]")).isEqualTo("TOO_COSTLY");
  }

  @Test
  void noTextMakesARegularExpressionExplode() {
    // Given
    PayloadSchema nested = schema("{'pattern':'^(a+)+$'}");
    PayloadSchema large = schema("{'pattern':'^(a?){400}a{400}$'}");

    // Then
    assertThat(outcome(nested, "'" + "a".repeat(15_000) + "b'")).isEqualTo("the payload");
    assertThat(outcome(large, "'" + "a".repeat(400) + "'")).isEqualTo("fits");
    assertThat(outcome(large, "'" + "a".repeat(60_000) + "'")).isEqualTo("TOO_COSTLY");
  }

  @Test
  void equalHashesCostNothing() {
    // Given
    String colliding =
        IntStream.range(0, 4_096)
            .mapToObj(
                n ->
                    IntStream.range(0, 12)
                        .mapToObj(bit -> (n >> bit & 1) == 0 ? "Aa" : "BB")
                        .collect(Collectors.joining("", "'", "'")))
            .limit(2_300)
            .collect(Collectors.joining(","));

    // Then
    assertThat(outcome(schema("{'uniqueItems':true}"), "[" + colliding + "]")).isEqualTo("fits");
  }
}
