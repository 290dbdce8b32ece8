package dev.switchboard.api;

import dev.switchboard.protocol.ErrorCode;
import dev.switchboard.routing.BusyException;
import dev.switchboard.routing.NoAnswerException;
import dev.switchboard.schema.UnfitException;
import dev.switchboard.stream.StreamException;
import java.util.Optional;

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

  /// The error a caller hears of a failure that was to be expected; empty for a fault of ours.
  static Optional<ApiException> expected(Throwable failure) {
    return switch (failure) {
      case ApiException refused -> Optional.of(refused);
      case BusyException _ -> Optional.of(new ApiException(ErrorCode.TOO_MANY_REQUESTS));
      case NoAnswerException hung ->
          Optional.of(new ApiException(ErrorCode.INTERNAL, hung.getMessage()));
      case StreamException failed -> Optional.of(ofStream(failed));
      case UnfitException unfit ->
          Optional.of(new ApiException(ErrorCode.BAD_REQUEST, unfit.getMessage()));
      default -> Optional.empty();
    };
  }

  private static ApiException ofStream(StreamException failed) {
    return switch (failed.reason()) {
      case FULL -> new ApiException(ErrorCode.TOO_MANY_REQUESTS, failed.getMessage());
      case NO_QUORUM, INDETERMINATE, UNAVAILABLE ->
          new ApiException(ErrorCode.INTERNAL, failed.getMessage());
    };
  }

  ErrorCode code() {
    return code;
  }
}
