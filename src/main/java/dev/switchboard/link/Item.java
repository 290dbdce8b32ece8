package dev.switchboard.link;

/// What a link carries: bytes whose meaning only its users know.
///
/// Immutable by agreement: the bytes are shared between links and are never changed.
///
/// @param ageing whether it is worthless after `link.age_max`, as a publication or a send is; state
///   never is
public record Item(boolean ageing, byte[] bytes) {
  /// What an item costs beyond its bytes, in memory and on the wire.
  public static final int OVERHEAD = 128;

  /// What it takes of a window, in bytes.
  public int size() {
    return size(bytes.length);
  }

  /// What an item of so many bytes takes of a window.
  public static int size(int length) {
    return Math.addExact(length, OVERHEAD);
  }
}
