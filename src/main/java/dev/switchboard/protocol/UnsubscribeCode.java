package dev.switchboard.protocol;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;

/// Why a subscription was ended by the server; from 2500 on the SDK subscribes again by itself.
public enum UnsubscribeCode {
  /// The API asked for it; stays unsubscribed.
  SERVER(2000, "server unsubscribe"),
  /// The stream position cannot be continued; resubscribe and recover.
  INSUFFICIENT_STATE(2500, "insufficient state"),
  /// The subscription token ran out; resubscribe with a new one.
  EXPIRED(2501, "subscription expired"),
  /// All state of the subscription is void.
  STATE_INVALIDATED(2502, "state invalidated");

  private static final Map<Integer, String> REASONS =
      Arrays.stream(values())
          .collect(Collectors.toMap(UnsubscribeCode::code, UnsubscribeCode::reason));

  private final int code;
  private final String reason;

  UnsubscribeCode(int code, String reason) {
    this.code = code;
    this.reason = reason;
  }

  /// The number in the push.
  public int code() {
    return code;
  }

  /// The text in the push.
  public String reason() {
    return reason;
  }

  /// The reason that goes with a code of ours; empty for others.
  public static String reasonOf(int code) {
    return REASONS.getOrDefault(code, "");
  }
}
