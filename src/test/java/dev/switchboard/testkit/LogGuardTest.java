package dev.switchboard.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

class LogGuardTest {
  private final Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
  private final ListAppender<ILoggingEvent> seen = new ListAppender<>();

  @BeforeEach
  void listen() {
    seen.start();
    root.addAppender(seen);
  }

  @AfterEach
  void stopListening() {
    root.detachAppender(seen);
  }

  private boolean saw(String part) {
    return List.copyOf(seen.list).stream()
        .anyMatch(event -> event.getFormattedMessage().contains(part));
  }

  @Test
  void everyBufferIsTrackedWhileVertxRuns() {
    // When
    Vertx vertx = Vertx.vertx();

    // Then
    assertThat(ResourceLeakDetector.getLevel()).isEqualTo(ResourceLeakDetector.Level.PARANOID);
    vertx.close().await();
  }

  @Test
  @AllowLog(logger = "io.netty.util.ResourceLeakDetector", containing = "LEAK:")
  void aLostBufferIsReported() {
    // Given
    lose();

    // When
    LogGuard.provokeLeaks();

    // Then
    assertThat(saw("LEAK:")).isTrue();
  }

  private static void lose() {
    PooledByteBufAllocator.DEFAULT.directBuffer(64).writeLong(42);
  }

  @Test
  @AllowLog(logger = "io.vertx.core.impl.BlockedThreadChecker", containing = "has been blocked")
  void aBlockedEventLoopIsReported() {
    // Given
    Vertx vertx =
        Vertx.vertx(
            new VertxOptions()
                .setBlockedThreadCheckInterval(5)
                .setBlockedThreadCheckIntervalUnit(TimeUnit.MILLISECONDS)
                .setMaxEventLoopExecuteTime(10)
                .setMaxEventLoopExecuteTimeUnit(TimeUnit.MILLISECONDS));
    var release = new CountDownLatch(1);

    // When
    vertx.runOnContext(
        _ -> {
          try {
            release.await();
          } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
          }
        });

    // Then
    await().until(() -> saw("has been blocked"));
    release.countDown();
    vertx.close().await();
  }

  @ParameterizedTest
  @CsvSource({
    "WARN,io.vertx.core.impl.BlockedThreadChecker,Thread has been blocked,true",
    "ERROR,io.netty.util.ResourceLeakDetector,LEAK: release() was not called,true",
    "WARN,com.example.Anything,a warning,true",
    "INFO,com.example.Anything,hello,false",
    "INFO,dev.switchboard.wire.Guard,a stranger came,true",
    "DEBUG,dev.switchboard.wire.Guard,a stranger came,false",
    "INFO,switchboard.access,session opened,false",
    "WARN,switchboard.access,session opened,true",
    "ERROR,dev.switchboard.allowed.One,expected here,false",
    "ERROR,dev.switchboard.allowed.One,something else,true",
    "WARN,io.micrometer.core.instrument.MeterRegistry,has been already registered,false"
  })
  void onlyWhatIsUnwelcomeFails(String level, String logger, String message, boolean fails) {
    // Given
    var event = new LoggingEvent();
    event.setLevel(Level.valueOf(level));
    event.setLoggerName(logger);
    event.setMessage(message);
    var allowed = List.of(new LogGuard.Allowed("dev.switchboard.allowed.", "expected"));

    // When
    List<String> complaints = LogGuard.complaints(List.of(event), allowed);

    // Then
    assertThat(!complaints.isEmpty()).isEqualTo(fails);
  }
}
