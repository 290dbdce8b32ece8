package dev.switchboard;

import dev.switchboard.store.Streams;
import dev.switchboard.stream.Appended;
import dev.switchboard.stream.Draft;
import dev.switchboard.stream.Query;
import dev.switchboard.stream.Retention;
import dev.switchboard.stream.Slice;
import dev.switchboard.stream.StreamException;
import io.vertx.core.Future;

/// The streams of a node that keeps none: nothing is appended, nothing can be read.
final class NoStreams implements Streams {
  @Override
  public Future<Appended> append(String channel, Draft draft, Retention retention) {
    return none();
  }

  @Override
  public Future<Slice> read(String channel, Query query) {
    return none();
  }

  @Override
  public Future<Void> remove(String channel) {
    return none();
  }

  private static <T> Future<T> none() {
    return Future.failedFuture(
        new StreamException(StreamException.Reason.UNAVAILABLE, "this node keeps no streams"));
  }
}
