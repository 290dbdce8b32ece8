package dev.switchboard.backend;

import java.util.Map;

/// What a back end makes of a publication that it lets through; as the API's `publish` has it.
///
/// @param data instead of what the client sent, or null to leave that
/// @param skipHistory whether the stream does not keep it
/// @param idempotencyKey empty for none
/// @param delta whether it may go out as a patch although the namespace does not say so
/// @param version above 0, if those not above the last one are to be dropped
public record Amendment(
    byte[] data,
    boolean skipHistory,
    Map<String, String> tags,
    String idempotencyKey,
    boolean delta,
    long version,
    String versionEpoch) {
  /// As the client sent it.
  public static final Amendment NONE = new Amendment(null, false, Map.of(), "", false, 0, "");
}
