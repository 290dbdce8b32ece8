package dev.switchboard.stream;

import dev.switchboard.protocol.Publication;

/// A publication that asks to be kept.
///
/// @param publication without an offset yet
/// @param key idempotency key: a draft with a key seen before is not kept again; empty for none
/// @param version of the state the publication describes: older or equal ones are not kept; 0 for
///   none
/// @param versionEpoch names one numbering of versions; another one starts anew
/// @param kept whether it goes into the stream; else it only spends its key and version
public record Draft(
    Publication publication, String key, long version, String versionEpoch, boolean kept) {
  /// A draft without key and version.
  public static Draft of(Publication publication) {
    return new Draft(publication, "", 0, "", true);
  }
}
