package dev.switchboard.channel;

import dev.switchboard.config.GatewayConfig.Namespace;
import dev.switchboard.config.GatewayConfig.RecoveryMode;
import dev.switchboard.protocol.Publication;
import dev.switchboard.stream.Position;
import dev.switchboard.stream.Query;
import dev.switchboard.stream.Slice;
import java.util.List;
import java.util.OptionalLong;

/// What a subscriber of a stream is to get of it: what it asked for, as far as its namespace lets
/// it. Pure.
///
/// @param positioned whether its position is watched
/// @param recoverable whether it may come back to its position
/// @param recovering whether it comes back to one now
/// @param cache whether recovery means the newest publication instead of all that was missed
/// @param strict whether it would rather not subscribe than without recovery
/// @param since where it was; an empty epoch stands for any
public record Recovery(
    boolean positioned,
    boolean recoverable,
    boolean recovering,
    boolean cache,
    boolean strict,
    Position since) {
  /// Publications at most that are recovered.
  public static final int LIMIT = 300;

  private static final Query NEWEST = new Query(1, OptionalLong.empty(), true);

  /// What a client says when it subscribes.
  ///
  /// @param readsHistory whether it may read the channel's history, and so all this is about
  public record Wish(
      boolean positioned,
      boolean recoverable,
      boolean recover,
      boolean strict,
      Position since,
      boolean readsHistory) {
    /// Nothing in particular.
    public static final Wish NONE =
        new Wish(false, false, false, false, new Position("", 0), false);
  }

  /// What became of it.
  public sealed interface Verdict {
    /// The subscriber goes in.
    ///
    /// @param offset from which the client counts
    /// @param publications that it missed, oldest first
    record Joins(boolean recovered, long offset, List<Publication> publications)
        implements Verdict {}

    /// It does not go in, as it cannot come back.
    record Stays() implements Verdict {}
  }

  /// What a subscriber has without asking for it.
  public record Forced(boolean positioning, boolean recovery) {
    /// What all subscribers of a namespace have.
    public static Forced by(Namespace policy) {
      return new Forced(policy.forcePositioning(), policy.forceRecovery());
    }
  }

  /// What the namespace makes of a wish.
  public static Recovery of(Namespace policy, Wish wish) {
    return of(policy, Forced.by(policy), wish);
  }

  /// What the namespace makes of a wish of somebody for whom it forces something else.
  public static Recovery of(Namespace policy, Forced forced, Wish wish) {
    boolean cache = policy.forceRecoveryMode() == RecoveryMode.CACHE;
    boolean mayRecover = policy.allowRecovery() || wish.readsHistory();
    boolean mayPosition = policy.allowPositioning() || wish.readsHistory();
    boolean recoverable = forced.recovery() || wish.recoverable() && mayRecover;
    boolean positioned = recoverable || forced.positioning() || wish.positioned() && mayPosition;
    boolean recovering = wish.recover() && recoverable || cache && policy.autoCacheRecover();
    Position since = wish.recover() ? wish.since() : Wish.NONE.since();
    return new Recovery(positioned, recoverable, recovering, cache, wish.strict(), since);
  }

  /// Whether the log must be read before the subscriber can go in, whoever else is there.
  public boolean needsLog() {
    return positioned || recovering;
  }

  /// The part of the log to read.
  public Query query() {
    if (!recovering) {
      return Query.TOP;
    }
    return cache ? NEWEST : new Query(LIMIT, OptionalLong.of(after(since.offset())), false);
  }

  /// An offset as a bound that nothing is after when it exceeds every offset there can be.
  public static long after(long unsigned) {
    return unsigned < 0 ? Long.MAX_VALUE : unsigned;
  }

  /// Decides, by what was read.
  ///
  /// @param bytesMax of the publications that a reply can hold
  public Verdict judge(Slice slice, long bytesMax) {
    long top = slice.top().offset();
    if (!recovering) {
      return new Verdict.Joins(false, top, List.of());
    }
    List<Publication> publications = slice.publications();
    boolean fits = publications.stream().mapToLong(Recovery::bytes).sum() <= bytesMax;
    if (!fits || !(cache ? newest(slice) : contiguous(slice))) {
      return strict ? new Verdict.Stays() : new Verdict.Joins(false, top, List.of());
    }
    boolean known = cache && isAt(slice.top()) && !since.epoch().isEmpty();
    return new Verdict.Joins(
        true, sameEpoch(slice.top()) ? since.offset() : 0, known ? List.of() : publications);
  }

  private boolean contiguous(Slice slice) {
    List<Publication> missed = slice.publications();
    if (!sameEpoch(slice.top()) || missed.isEmpty()) {
      return isAt(slice.top());
    }
    return missed.getFirst().offset() == since.offset() + 1
        && missed.getLast().offset() == slice.top().offset();
  }

  private boolean newest(Slice slice) {
    return slice.publications().isEmpty()
        ? isAt(slice.top())
        : slice.publications().getFirst().offset() == slice.top().offset();
  }

  private boolean isAt(Position top) {
    return sameEpoch(top) && since.offset() == top.offset();
  }

  private boolean sameEpoch(Position top) {
    return since.epoch().isEmpty() || since.epoch().equals(top.epoch());
  }

  /// About what a publication takes in a reply.
  public static long bytes(Publication publication) {
    long bytes = 128 + size(publication.data());
    if (publication.info() != null) {
      bytes += size(publication.info().connInfo()) + size(publication.info().chanInfo());
    }
    for (var tag : publication.tags().entrySet()) {
      bytes += tag.getKey().length() + tag.getValue().length() + 8;
    }
    return bytes;
  }

  private static int size(byte[] payload) {
    return payload == null ? 0 : payload.length;
  }
}
