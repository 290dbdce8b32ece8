package dev.switchboard.faults;

/// How large a cluster is, and what it has to carry.
///
/// @param clients of the SDK
/// @param rate publications to streams per second
/// @param streams whether they take part
record Load(int nodes, int clients, int rate, Streams streams) {
  /// Whether streams take part.
  enum Streams {
    /// Without them nothing is tested.
    REQUIRED,
    /// Never.
    OFF
  }
}
