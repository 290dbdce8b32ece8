package dev.switchboard.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.protocol.ErrorCode;
import dev.switchboard.routing.BusyException;
import org.junit.jupiter.api.Test;

class ApiExceptionTest {
  @Test
  void aFullNodeIsErrorTooManyRequests() {
    // When
    var refused = ApiException.expected(new BusyException("a link is full"));

    // Then
    assertThat(refused).map(ApiException::code).hasValue(ErrorCode.TOO_MANY_REQUESTS);
  }

  @Test
  void whatNobodyExpectedIsNoRefusal() {
    // When
    var refused = ApiException.expected(new IllegalStateException());

    // Then
    assertThat(refused).isEmpty();
  }
}
