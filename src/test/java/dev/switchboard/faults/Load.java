package dev.switchboard.faults;

/// How large a cluster is, and what it has to carry.
///
/// @param clients of the SDK
/// @param rate publications to streams per second
/// @param streams whether they take part
/// @param access how clients come to nodes
record Load(int nodes, int clients, int rate, Streams streams, Access access) {
  /// Clients choose their nodes themselves.
  Load(int nodes, int clients, int rate, Streams streams) {
    this(nodes, clients, rate, streams, Access.DIRECT);
  }

  /// How clients come to nodes.
  enum Access {
    /// Each to a node of its own at first, and to any other one later.
    DIRECT,
    /// Through a [Balancer], which chooses.
    BALANCED
  }

  /// Whether streams take part.
  enum Streams {
    /// Without them nothing is tested.
    REQUIRED,
    /// Never.
    OFF
  }
}
