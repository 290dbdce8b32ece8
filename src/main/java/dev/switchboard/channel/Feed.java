package dev.switchboard.channel;

import dev.switchboard.config.GatewayConfig.Namespace;
import dev.switchboard.protocol.Publication;
import dev.switchboard.stream.Position;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;

/// What an audience of a stream has beside its members: how far they got, and what those need who
/// are about to join. Confined to the audience's event loop.
///
/// Who joins reads the log first. What the others are given meanwhile is kept, up to 256
/// publications, for as long as somebody joins.
public final class Feed {
  private final Cursor cursor = new Cursor();
  private final Namespace policy;
  private ArrayDeque<Publication> recent;
  private Publication last;
  private int joining;

  /// Where its audience stands among those of streams; see [Subscriptions#streams].
  int place;

  Feed(Namespace policy) {
    this.policy = policy;
  }

  /// Whether whatever is published may go as a patch to members who want that.
  public boolean patchesAll() {
    return policy.deltaPublish();
  }

  /// How far the members got.
  public Cursor cursor() {
    return cursor;
  }

  /// Somebody is about to join.
  public void beginJoining() {
    joining++;
  }

  /// Somebody has joined, or will not.
  public void endJoining() {
    if (--joining == 0) {
      recent = null;
    }
  }

  /// The members are given this.
  public void onDelivered(Publication publication) {
    if (!policy.allowedDeltaTypes().isEmpty()) {
      last = publication;
    }
    if (joining == 0) {
      return;
    }
    if (recent == null) {
      recent = new ArrayDeque<>();
    }
    if (recent.size() == Cursor.WINDOW) {
      recent.poll();
    }
    recent.add(publication);
  }

  /// The members lost something.
  public void onLost() {
    recent = null;
    last = null;
  }

  /// What the members were given right before an offset; null when that is not known.
  public Publication before(long offset) {
    return last != null && last.offset() + 1 == offset ? last : null;
  }

  /// What the members were given after a position that the log had while somebody joined.
  ///
  /// @return empty when that is not known, so that the log must be read again
  public Optional<List<Publication>> after(Position position) {
    Position at = cursor.position();
    if (!position.epoch().equals(at.epoch())) {
      return Optional.empty();
    }
    if (position.offset() >= at.offset()) {
      return Optional.of(List.of());
    }
    boolean known = recent != null && recent.peek().offset() <= position.offset() + 1;
    return known
        ? Optional.of(
            recent.stream()
                .filter(publication -> publication.offset() > position.offset())
                .toList())
        : Optional.empty();
  }
}
