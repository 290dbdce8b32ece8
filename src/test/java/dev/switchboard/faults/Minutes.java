package dev.switchboard.faults;

import dev.switchboard.faults.referee.Fact;
import dev.switchboard.faults.referee.Transcript;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// Writes down what many threads see, in the order in which they say so.
///
/// Anybody may tell it; a thread of its own writes. More than fits memory is judged from the file.
final class Minutes implements Consumer<Fact>, AutoCloseable {
  private static final int CLOSE_SECONDS = 60;

  private final ExecutorService thread = Executors.newSingleThreadExecutor();
  private final Path file;
  private final Transcript transcript;

  Minutes(Path folder) {
    this.file = folder.resolve(Transcript.FILE);
    this.transcript = Transcript.create(folder);
  }

  @Override
  public void accept(Fact fact) {
    thread.execute(() -> transcript.write(fact));
  }

  Path file() {
    return file;
  }

  /// Returns once all is written.
  @Override
  public void close() {
    thread.shutdown();
    try {
      if (!thread.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        throw new IllegalStateException("the minutes are not written");
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    } finally {
      transcript.close();
    }
  }
}
