package dev.switchboard.quorum;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// The nodes that count, as agreed. Immutable.
///
/// A majority of one version's voters decides on the next version, whatever that is. Rosters of
/// different lineages have nothing to do with each other: a new lineage means new epochs.
///
/// @param lineage random id of a line of rosters
/// @param version counts from 1
/// @param seats in the order given by whoever proposed it
public record Roster(long lineage, long version, List<Seat> seats) {
  /// Takes a copy of the seats.
  public Roster {
    seats = List.copyOf(seats);
  }

  /// The first of a lineage: one node, which agrees with itself.
  public static Roster found(long lineage, long voter, long incarnation) {
    return new Roster(lineage, 1, List.of(new Seat(voter, incarnation, 1, true)));
  }

  /// The one that may follow.
  public Roster next(List<Seat> successors) {
    return new Roster(lineage, version + 1, successors);
  }

  /// The seat of a node's stay.
  public Optional<Seat> seat(long incarnation) {
    return seats.stream().filter(seat -> seat.incarnation() == incarnation).findFirst();
  }

  /// The seat of who has this memory of votes.
  public Optional<Seat> seatOf(long voter) {
    return seats.stream().filter(seat -> seat.voter() == voter).findFirst();
  }

  /// Whether this voter was on every roster from that version to this one.
  public boolean keeps(long voter, long fromVersion) {
    return seatOf(voter).filter(seat -> seat.since() <= fromVersion).isPresent();
  }

  /// Whether anybody sits here with this memory of votes.
  public boolean names(long voter) {
    return seatOf(voter).isPresent();
  }

  /// Whether this memory of votes counts.
  public boolean isVoter(long voter) {
    return seats.stream().anyMatch(seat -> seat.votes() && seat.voter() == voter);
  }

  /// Whether more than half of those who vote are among these.
  public boolean isMajority(Collection<Long> voters) {
    long all = seats.stream().filter(Seat::votes).count();
    long there =
        seats.stream().filter(seat -> seat.votes() && voters.contains(seat.voter())).count();
    return 2 * there > all;
  }
}
