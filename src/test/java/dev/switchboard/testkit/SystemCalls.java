package dev.switchboard.testkit;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/// Counts the system calls by which some threads send, as the kernel sees them.
///
/// By seccomp_unotify(2): the kernel stops a thread at each of these calls, tells us, and goes on
/// when we say so. So nothing that it runs can send past the count, whichever library makes the
/// call. What else counts calls does not do: `/proc/self/io` leaves the sends of sockets out, and
/// strace or perf are not everywhere. Needs no privilege, but Linux 5.5.
///
/// A filter cannot be taken off a thread, and threads that it starts inherit it, so who answers the
/// kernel lives as long as this JVM. Counts are safe on any thread.
// Calling the kernel is what this class is for; tests run with --enable-native-access.
@SuppressWarnings("restricted")
public final class SystemCalls {
  // write, writev, sendto, sendmsg, sendmmsg, io_uring_enter: on x86-64, on aarch64.
  private static final int[][] COUNTED = {
    {1, 64}, {20, 66}, {44, 206}, {46, 211}, {307, 269}, {426, 426}
  };

  private static final long SECCOMP = number(317, 277);
  private static final long SET_FILTER = 1;
  private static final long NEW_LISTENER = 1 << 3;
  private static final long PRCTL = number(157, 167);
  private static final long NO_NEW_PRIVILEGES = 38;
  private static final long IOCTL = number(16, 29);
  private static final long RECEIVE = 0xc0502100L;
  private static final long SEND = 0xc0182101L;

  // ---- struct sock_filter and its operations
  private static final int INSTRUCTION_BYTES = 8;
  private static final int LOAD_NUMBER = 0x20;
  private static final int JUMP_IF_EQUAL = 0x15;
  private static final int RETURN = 0x06;
  private static final int ALLOW = 0x7fff0000;
  private static final int NOTIFY = 0x7fc00000;

  // ---- struct seccomp_notif, and what answers it
  private static final int NOTICE_BYTES = 80;
  private static final int ANSWER_BYTES = 24;
  private static final int ANSWER_FLAGS = 20;
  private static final int CONTINUE = 1;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final MethodHandle SYSTEM_CALL =
      LINKER.downcallHandle(
          LINKER.defaultLookup().findOrThrow("syscall"),
          FunctionDescriptor.of(
              JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
          Linker.Option.firstVariadicArg(1));

  private final AtomicLong count = new AtomicLong();

  private SystemCalls() {}

  private static int number(int x86, int arm) {
    return System.getProperty("os.arch").equals("aarch64") ? arm : x86;
  }

  /// Counts what some threads do from here on. The test is left out where the kernel refuses.
  ///
  /// @param threads executors of one thread each
  public static SystemCalls of(Iterable<? extends ExecutorService> threads) {
    var calls = new SystemCalls();
    for (ExecutorService thread : threads) {
      int listener = filter(thread);
      assumeThat(listener).as("a listener of seccomp").isNotNegative();
      Thread.ofPlatform().daemon().name("system-calls").start(() -> calls.answer(listener));
    }
    return calls;
  }

  private static int filter(ExecutorService thread) {
    try {
      return thread.submit(SystemCalls::filterThisThread).get(10, TimeUnit.SECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException failure) {
      throw new AssertionError(failure);
    }
  }

  /// How many there were.
  public long count() {
    return count.get();
  }

  /// Negative when the kernel refuses.
  private static int filterThisThread() {
    try (Arena arena = Arena.ofConfined()) {
      var program = new Program(arena, COUNTED.length + 3);
      program.add(LOAD_NUMBER, 0, 0);
      for (int index = 0; index < COUNTED.length; index++) {
        // Over the others and the one that allows.
        int[] numbers = COUNTED[index];
        program.add(JUMP_IF_EQUAL, COUNTED.length - index, number(numbers[0], numbers[1]));
      }
      program.add(RETURN, 0, ALLOW);
      program.add(RETURN, 0, NOTIFY);
      call(PRCTL, NO_NEW_PRIVILEGES, 1, 0);
      return (int) call(SECCOMP, SET_FILTER, NEW_LISTENER, program.header().address());
    }
  }

  private void answer(int listener) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment notice = arena.allocate(NOTICE_BYTES, Long.BYTES);
      MemorySegment answer = arena.allocate(ANSWER_BYTES, Long.BYTES);
      answer.set(JAVA_INT, ANSWER_FLAGS, CONTINUE);
      while (call(IOCTL, listener, RECEIVE, notice.fill((byte) 0).address()) >= 0) {
        count.incrementAndGet();
        answer.set(JAVA_LONG, 0, notice.get(JAVA_LONG, 0));
        call(IOCTL, listener, SEND, answer.address());
      }
    }
  }

  private static long call(long number, long first, long second, long third) {
    try {
      return (long) SYSTEM_CALL.invokeExact(number, first, second, third, 0L, 0L);
    } catch (Throwable impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /// A filter under construction.
  private static final class Program {
    private final MemorySegment header;
    private final MemorySegment instructions;
    private int length;

    Program(Arena arena, int capacity) {
      instructions = arena.allocate((long) capacity * INSTRUCTION_BYTES, Long.BYTES);
      header = arena.allocate(2L * Long.BYTES, Long.BYTES);
      header.set(JAVA_SHORT, 0, (short) capacity);
      header.set(ADDRESS, Long.BYTES, instructions);
    }

    /// @param jump how many instructions to leave out when a comparison holds
    void add(int operation, int jump, int operand) {
      long at = (long) length++ * INSTRUCTION_BYTES;
      instructions.set(JAVA_SHORT, at, (short) operation);
      instructions.set(JAVA_BYTE, at + 2, (byte) jump);
      instructions.set(JAVA_INT, at + 4, operand);
    }

    MemorySegment header() {
      return header;
    }
  }
}
