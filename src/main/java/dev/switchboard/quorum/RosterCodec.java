package dev.switchboard.quorum;

import dev.switchboard.quorum.RosterMessage.Accept;
import dev.switchboard.quorum.RosterMessage.Accepted;
import dev.switchboard.quorum.RosterMessage.Outbid;
import dev.switchboard.quorum.RosterMessage.Prepare;
import dev.switchboard.quorum.RosterMessage.Promise;
import dev.switchboard.quorum.RosterMessage.State;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The bytes of a [RosterMessage]: a kind, then numbers of fixed length, big-endian. Pure.
///
/// A roster is lineage, version, the number of seats, and for each seat voter, incarnation, since
/// and whether it votes. What trails is skipped, for releases to come.
public final class RosterCodec {
  private static final byte STATE = 1;
  private static final byte PREPARE = 2;
  private static final byte PROMISE = 3;
  private static final byte ACCEPT = 4;
  private static final byte ACCEPTED = 5;
  private static final byte OUTBID = 6;
  private static final int SEAT_BYTES = 3 * Long.BYTES + 1;
  // Kind, five numbers, two ballots and flags are less.
  private static final int FIXED_BYTES = 128;

  private RosterCodec() {}

  /// The bytes of a message.
  public static byte[] encode(RosterMessage message) {
    ByteBuffer out = ByteBuffer.allocate(FIXED_BYTES + seats(message) * SEAT_BYTES);
    switch (message) {
      case State(long voter, Optional<Roster> roster, boolean leaving) -> {
        out.put(STATE).putLong(voter).put(flag(leaving));
        put(out, roster);
      }
      case Prepare(Roster base, Ballot ballot) -> {
        put(out.put(PREPARE), ballot);
        put(out, Optional.of(base));
      }
      case Promise promise -> {
        out.put(PROMISE).putLong(promise.voter());
        out.putLong(promise.lineage()).putLong(promise.version());
        put(out, promise.ballot());
        put(out, promise.acceptedAt());
        put(out, promise.accepted());
      }
      case Accept(Ballot ballot, Roster next) -> {
        put(out.put(ACCEPT), ballot);
        put(out, Optional.of(next));
      }
      case Accepted(long voter, long lineage, long version, Ballot ballot) ->
          put(out.put(ACCEPTED).putLong(voter).putLong(lineage).putLong(version), ballot);
      case Outbid(Ballot promised) -> put(out.put(OUTBID), promised);
    }
    byte[] bytes = new byte[out.flip().remaining()];
    out.get(bytes);
    return bytes;
  }

  private static int seats(RosterMessage message) {
    return switch (message) {
      case State state -> size(state.roster());
      case Prepare prepare -> prepare.base().seats().size();
      case Promise promise -> size(promise.accepted());
      case Accept accept -> accept.next().seats().size();
      case Accepted _, Outbid _ -> 0;
    };
  }

  private static int size(Optional<Roster> roster) {
    return roster.map(one -> one.seats().size()).orElse(0);
  }

  private static byte flag(boolean flag) {
    return (byte) (flag ? 1 : 0);
  }

  private static void put(ByteBuffer out, Ballot ballot) {
    out.putLong(ballot.number()).putLong(ballot.proposer());
  }

  private static void put(ByteBuffer out, Optional<Roster> maybe) {
    out.put(flag(maybe.isPresent()));
    maybe.ifPresent(
        roster -> {
          out.putLong(roster.lineage()).putLong(roster.version()).putInt(roster.seats().size());
          for (Seat seat : roster.seats()) {
            out.putLong(seat.voter()).putLong(seat.incarnation()).putLong(seat.since());
            out.put(flag(seat.votes()));
          }
        });
  }

  /// The message in some bytes; none when no node of this version says such a thing.
  public static Optional<RosterMessage> decode(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    try {
      return switch (in.get()) {
        case STATE -> {
          long voter = in.getLong();
          boolean leaving = in.get() != 0;
          yield Optional.of(new State(voter, roster(in), leaving));
        }
        case PREPARE -> {
          Ballot ballot = ballot(in);
          yield roster(in).map(base -> new Prepare(base, ballot));
        }
        case PROMISE ->
            Optional.of(
                new Promise(
                    in.getLong(), in.getLong(), in.getLong(), ballot(in), ballot(in), roster(in)));
        case ACCEPT -> {
          Ballot ballot = ballot(in);
          yield roster(in).map(next -> new Accept(ballot, next));
        }
        case ACCEPTED ->
            Optional.of(new Accepted(in.getLong(), in.getLong(), in.getLong(), ballot(in)));
        case OUTBID -> Optional.of(new Outbid(ballot(in)));
        default -> Optional.empty();
      };
    } catch (BufferUnderflowException cutShort) {
      return Optional.empty();
    }
  }

  private static Ballot ballot(ByteBuffer in) {
    return new Ballot(in.getLong(), in.getLong());
  }

  private static Optional<Roster> roster(ByteBuffer in) {
    if (in.get() == 0) {
      return Optional.empty();
    }
    long lineage = in.getLong();
    long version = in.getLong();
    int size = in.getInt();
    if (size < 0 || size > in.remaining() / SEAT_BYTES) {
      throw new BufferUnderflowException();
    }
    List<Seat> seats = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      seats.add(new Seat(in.getLong(), in.getLong(), in.getLong(), in.get() != 0));
    }
    return Optional.of(new Roster(lineage, version, seats));
  }
}
