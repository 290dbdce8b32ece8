package dev.switchboard.link;

import java.util.List;

/// What crosses the bus between two links.
///
/// Immutable. Numbers of items start at one; times are microseconds of the sender's link time,
/// which starts at one with the link.
public sealed interface LinkMessage {
  /// The oldest version of the link protocol this node speaks.
  int VERSION_MIN = 1;

  /// The newest version of the link protocol this node speaks.
  int VERSION_MAX = 1;

  /// Who says it to whom, and what every message carries along.
  Header header();

  /// Says that a link exists, or that something is missing: to be answered by a [Welcome] and by
  /// everything after `received`.
  ///
  /// @param request counts up; each is answered once
  record Hello(Header header, int versionMin, int versionMax, long request)
      implements LinkMessage {}

  /// The answer to a [Hello].
  ///
  /// @param version the highest both speak
  record Welcome(Header header, int version, long request) implements LinkMessage {}

  /// Items in order.
  ///
  /// @param sequence number of the first item it covers, carried or dropped
  /// @param dropped how many of the items it covers were too old to carry
  /// @param ackNow whether the sender waits for the acknowledgement
  record Batch(Header header, long sequence, long dropped, boolean ackNow, List<Entry> entries)
      implements LinkMessage {
    /// Number of the last item it covers.
    public long last() {
      return sequence + dropped + entries.size() - 1;
    }
  }

  /// The heartbeat of a link, and the bare acknowledgement.
  ///
  /// @param sent highest number of an item handed to the bus
  record Tick(Header header, long sent) implements LinkMessage {}

  /// What every message starts with.
  ///
  /// @param from incarnation of the sending node
  /// @param to incarnation of the node it is for
  /// @param generation of the sending link
  /// @param peerGeneration of the link it is for, 0 while unknown
  /// @param received highest number up to which every item of `peerGeneration` arrived
  record Header(
      long from, long to, long generation, long peerGeneration, long received, Beat beat) {}

  /// One side of the continuous conversation about time and leases.
  ///
  /// @param sentAt when it was sent
  /// @param echo `sentAt` of the newest beat that came from the peer, 0 for none
  /// @param held how long ago that one came
  /// @param granted for how long from `echo` the peer may rely on the sender's state, 0 for not
  record Beat(long sentAt, long echo, long held, long granted) {}

  /// One item under way.
  ///
  /// @param enqueuedAt when the link took it
  record Entry(long enqueuedAt, Item item) {}
}
