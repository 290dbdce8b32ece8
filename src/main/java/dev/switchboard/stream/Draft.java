package dev.switchboard.stream;

import dev.switchboard.protocol.Publication;
import java.util.LinkedHashMap;
import java.util.Map;

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

  /// The keys that drafts of one log have spent, the oldest first. Owned by the log.
  static final class Keys {
    private static final int KEY_BYTES = 128;
    private static final long KEPT_MILLIS = 60_000;

    private final Map<String, Key> keys = new LinkedHashMap<>(2);
    private long bytes;

    /// Where a key was spent.
    ///
    /// @param offset of the publication it came with; 0 when that one was not kept
    /// @param at when, in milliseconds
    record Key(long offset, long at) {}

    /// Where a key was spent, or null when it is new or past its time.
    Key find(String text, long now, long keyMillis) {
      Key key = keys.get(text);
      return key != null && now - key.at() < keyMillis ? key : null;
    }

    /// How many are past their time.
    int expired(long now, long keyMillis) {
      int expired = 0;
      for (Key key : keys.values()) {
        if (now - key.at() < keyMillis) {
          break;
        }
        expired++;
      }
      return expired;
    }

    /// How many have to go before one more may come in: -1 when none may go yet.
    int toDrop(long now, ShardLimits limits) {
      int expired = expired(now, limits.keyMillis());
      int further = Math.max(0, keys.size() - expired - limits.idempotencyKeysMax() + 1);
      boolean mayGo =
          keys.values().stream()
              .skip(expired)
              .limit(further)
              .allMatch(key -> now - key.at() >= KEPT_MILLIS);
      return mayGo && expired + further <= keys.size() ? expired + further : -1;
    }

    void drop(int count) {
      var oldest = keys.keySet().iterator();
      for (int i = 0; i < count && oldest.hasNext(); i++) {
        bytes -= KEY_BYTES + oldest.next().length();
        oldest.remove();
      }
    }

    void add(String text, Key key) {
      // Not replaced in place: the order is that of age.
      if (keys.remove(text) == null) {
        bytes += KEY_BYTES + text.length();
      }
      keys.put(text, key);
    }

    Map<String, Key> all() {
      return keys;
    }

    int size() {
      return keys.size();
    }

    long bytes() {
      return bytes;
    }
  }
}
