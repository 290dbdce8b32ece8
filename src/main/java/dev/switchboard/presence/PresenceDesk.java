package dev.switchboard.presence;

import dev.switchboard.protocol.ClientId;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/// The way to a [Presence] from other threads. Safe on any thread.
///
/// What one thread says is done in its order, soon, on the loop that has the presence.
public final class PresenceDesk {
  private final Executor loop;
  private final Presence presence;
  private final ToLongFunction<String> hashes;

  /// @param loop does work on the loop that has the presence, in the order in which it was given
  /// @param hashes by which nodes name channels to each other
  public PresenceDesk(Executor loop, Presence presence, ToLongFunction<String> hashes) {
    this.loop = loop;
    this.presence = presence;
    this.hashes = hashes;
  }

  /// Event loop `number` has a first subscriber of a channel; before the other nodes hear of it.
  ///
  /// @param announced whether anybody may want to hear who comes and goes
  public void open(String channel, int number, boolean announced) {
    long hash = hashes.applyAsLong(channel);
    loop.execute(() -> presence.open(channel, hash, number, announced));
  }

  /// Event loop `number` has none any more; before the other nodes hear of it.
  public void close(String channel, int number) {
    loop.execute(() -> presence.close(channel, number));
  }

  /// A session of this node is on a channel that is open, or there is something new of it.
  public void join(String channel, Member member) {
    loop.execute(() -> presence.join(channel, member));
  }

  /// A session of this node is on a channel no more.
  public void leave(String channel, ClientId id) {
    loop.execute(() -> presence.leave(channel, id));
  }

  /// Looks at a channel.
  ///
  /// @param own whether only this node's members are meant
  /// @param look done on the loop; must keep nothing of what it is given
  /// @param answer told what it returned, on the loop, or nothing when all members are meant and
  ///   not known here
  public <T> void look(
      String channel, boolean own, Function<Attendance, T> look, Consumer<Optional<T>> answer) {
    loop.execute(
        () -> {
          var members = own ? Optional.of(presence.own(channel)) : presence.find(channel);
          answer.accept(members.map(look));
        });
  }
}
