package dev.switchboard.deflate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// RFC 7692, 5 and 7.1: which offers are agreed to, and how.
class DeflateOfferTest {
  private static final String AGREED =
      "permessage-deflate; server_no_context_takeover; client_no_context_takeover";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "permessage-deflate",
        " permessage-deflate ",
        "permessage-deflate; client_max_window_bits",
        "permessage-deflate; client_max_window_bits=8",
        "permessage-deflate;client_max_window_bits=15",
        "permessage-deflate; client_max_window_bits=\"10\"",
        "permessage-deflate ; client_max_window_bits = 9",
        "permessage-deflate; server_no_context_takeover",
        "permessage-deflate; client_no_context_takeover",
        "permessage-deflate; client_max_window_bits; server_no_context_takeover;"
            + " client_no_context_takeover",
        "x-webkit-deflate-frame, permessage-deflate",
        "permessage-bzip2; level=9, permessage-deflate, x",
        "x; a=\"b,permessage-deflate\", permessage-deflate",
        "x; a=\"\\\",\", permessage-deflate",
        // The first cannot be met, the second can.
        "permessage-deflate; server_max_window_bits=10, permessage-deflate",
        "permessage-deflate; unheard_of, permessage-deflate; client_max_window_bits",
        ", permessage-deflate,"
      })
  void whatCanBeMetIsAgreedToAndNoContextIsKept(String offer) {
    assertThat(DeflateOffer.answer(List.of(offer))).contains(AGREED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"15", "\"15\""})
  void aFullWindowIsPromisedToThoseWhoAskForIt(String bits) {
    // When
    var answer = DeflateOffer.answer(List.of("permessage-deflate; server_max_window_bits=" + bits));

    // Then
    assertThat(answer).contains(AGREED + "; server_max_window_bits=15");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // What we do not do.
        "permessage-deflate; server_max_window_bits=8",
        "permessage-deflate; server_max_window_bits=14",
        // What does not exist.
        "permessage-deflate; server_max_window_bits=7",
        "permessage-deflate; server_max_window_bits=16",
        "permessage-deflate; client_max_window_bits=7",
        "permessage-deflate; client_max_window_bits=16",
        "permessage-deflate; unheard_of",
        "permessage-deflate; mux=1",
        // Malformed.
        "permessage-deflate; server_max_window_bits",
        "permessage-deflate; server_max_window_bits=",
        "permessage-deflate; server_max_window_bits=015",
        "permessage-deflate; server_max_window_bits=\"15",
        "permessage-deflate; server_max_window_bits=+15",
        "permessage-deflate; client_max_window_bits=",
        "permessage-deflate; client_max_window_bits=010",
        "permessage-deflate; client_max_window_bits=10=10",
        "permessage-deflate; client_max_window_bits=ten",
        "permessage-deflate; server_no_context_takeover=1",
        "permessage-deflate; client_no_context_takeover=\"\"",
        "permessage-deflate;",
        "permessage-deflate;; client_max_window_bits",
        "permessage-deflate; =15",
        "permessage-deflate; SERVER_NO_CONTEXT_TAKEOVER",
        "permessage-deflate client_max_window_bits",
        // Twice.
        "permessage-deflate; client_max_window_bits; client_max_window_bits=10",
        "permessage-deflate; server_max_window_bits=15; server_max_window_bits=15",
        "permessage-deflate; server_no_context_takeover; server_no_context_takeover",
        // Something else.
        "permessage-deflat",
        "permessage-deflate2",
        "x-permessage-deflate",
        "\"permessage-deflate\"",
        "x; a=\"b, permessage-deflate",
        "x; a=\"b, permessage-deflate\"",
        "deflate-frame",
        "",
        ";",
        ",,,",
        "\"",
        "\"\\"
      })
  void whatCannotBeMetIsPassedOver(String offer) {
    assertThat(DeflateOffer.answer(List.of(offer))).isEmpty();
  }

  @Test
  void offersMayStandInHeadersOfTheirOwn() {
    // Given
    var asked = "permessage-deflate; server_max_window_bits=10";

    // Then
    assertThat(DeflateOffer.answer(List.of())).isEmpty();
    assertThat(DeflateOffer.answer(List.of(asked, "permessage-deflate"))).contains(AGREED);
  }

  @ParameterizedTest
  @CsvSource({"8000,;", "8000,','", "4000,';,'", "8000,'\"'", "8000,'\\'"})
  void aHeaderFullOfSeparatorsIsJustNoOffer(int length, String pattern) {
    // When
    var answer = DeflateOffer.answer(List.of(pattern.repeat(length / pattern.length())));

    // Then
    assertThat(answer).isEmpty();
  }
}
