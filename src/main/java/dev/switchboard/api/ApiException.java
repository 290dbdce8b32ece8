package dev.switchboard.api;

import dev.switchboard.protocol.ErrorCode;

/// A request that is answered with an error of the protocol.
final class ApiException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ErrorCode code;

  ApiException(ErrorCode code) {
    super(code.message(), null, false, false);
    this.code = code;
  }

  /// @param detail what is wrong with the request, added to the error's message
  ApiException(ErrorCode code, String detail) {
    super(code.message() + ": " + detail, null, false, false);
    this.code = code;
  }

  ErrorCode code() {
    return code;
  }
}
