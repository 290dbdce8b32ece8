package dev.switchboard.protocol;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// The numbers and texts of the protocol.
class CodesTest {
  private static final int REASON_BYTES_MAX = 123;

  @Test
  void numbersAreUnique() {
    assertThat(ErrorCode.values()).extracting(ErrorCode::code).doesNotHaveDuplicates();
    assertThat(CloseCode.values()).extracting(CloseCode::code).doesNotHaveDuplicates();
    assertThat(UnsubscribeCode.values()).extracting(UnsubscribeCode::code).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @EnumSource
  void closeReasonsFitACloseFrameAndAreNotJson(CloseCode code) {
    // When
    var reason = code.reason().getBytes(UTF_8);

    // Then
    assertThat(reason).isNotEmpty().hasSizeLessThanOrEqualTo(REASON_BYTES_MAX);
    assertThat(US_ASCII.newEncoder().canEncode(code.reason())).isTrue();
    assertThat(Json.isValue(reason)).isFalse();
  }

  @ParameterizedTest
  @EnumSource
  void closeCodesAreWhereTheirRangeSays(CloseCode code) {
    assertThat(code.code()).matches(c -> c >= 1000 && c < 1016 || c >= 3000 && c < 4000);
  }

  @ParameterizedTest
  @EnumSource
  void errorsHaveTheProtocolsNumbersAndAText(ErrorCode code) {
    assertThat(code.code()).isBetween(100, 399);
    assertThat(code.message()).isNotBlank();
  }

  @ParameterizedTest
  @EnumSource
  void unsubscribesHaveTheProtocolsNumbersAndAText(UnsubscribeCode code) {
    assertThat(code.code()).matches(c -> c >= 2000 && c < 2100 || c >= 2500 && c < 2600);
    assertThat(code.reason()).isNotBlank();
  }

  @ParameterizedTest
  @CsvSource({
    "1000, true",
    "3000, true",
    "3499, true",
    "3500, false",
    "3999, false",
    "4000, true",
    "4499, true",
    "4500, false",
    "4999, false",
    "5000, true"
  })
  void theRangeTellsWhetherAClientComesBack(int code, boolean reconnect) {
    assertThat(CloseCode.reconnect(code)).isEqualTo(reconnect);
  }
}
