package dev.switchboard.ring;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/// System calls that no library in use offers, those of io_uring above all. Linux only. Safe on any
/// thread.
///
/// Numbers and structures: `io_uring_setup(2)`, `io_uring_enter(2)`, `fcntl(2)`.
// Calling the kernel is what this class is for; nodes run with --enable-native-access.
@SuppressWarnings("restricted")
final class Kernel {
  private static final long SETUP = 425;
  private static final long ENTER = 426;
  private static final long GET_EVENTS = 1;
  private static final int READ_AND_WRITE = 1 | 2;
  private static final int SHARED_AND_POPULATED = 0x1 | 0x8000;
  private static final int INTERRUPTED = 4;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final MemoryLayout STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO =
      STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
  private static final MethodHandle SYSTEM_CALL =
      LINKER.downcallHandle(
          LINKER.defaultLookup().findOrThrow("syscall"),
          FunctionDescriptor.of(
              JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG,
              JAVA_LONG),
          Linker.Option.firstVariadicArg(1),
          Linker.Option.captureCallState("errno"));
  private static final MethodHandle MAP =
      LINKER.downcallHandle(
          LINKER.defaultLookup().findOrThrow("mmap"),
          FunctionDescriptor.of(
              ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG));
  private static final MethodHandle UNMAP =
      LINKER.downcallHandle(
          LINKER.defaultLookup().findOrThrow("munmap"),
          FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG));
  private static final MethodHandle CLOSE =
      LINKER.downcallHandle(
          LINKER.defaultLookup().findOrThrow("close"), FunctionDescriptor.of(JAVA_INT, JAVA_INT));

  private static final MethodHandle CONTROL =
      LINKER.downcallHandle(
          LINKER.defaultLookup().findOrThrow("fcntl"),
          FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT),
          Linker.Option.firstVariadicArg(2));
  private static final int DUPLICATE_CLOSED_ON_EXEC = 1030;

  // One for each ring: what a call left behind in it is read before the next one.
  private final MemorySegment state;

  Kernel(Arena arena) {
    state = arena.allocate(STATE);
  }

  /// Makes a ring.
  ///
  /// @param parameters which the kernel fills in
  /// @return its file descriptor
  int setUp(int entries, MemorySegment parameters) throws IOException {
    return Math.toIntExact(call(SETUP, entries, parameters.address(), 0, 0));
  }

  /// Hands in what was queued, and waits until so many have completed.
  ///
  /// @return how many were taken
  int enter(int ring, int queued, int completed) throws IOException {
    return Math.toIntExact(call(ENTER, ring, queued, completed, GET_EVENTS));
  }

  private long call(long number, long first, long second, long third, long fourth)
      throws IOException {
    try {
      while (true) {
        long result =
            (long) SYSTEM_CALL.invokeExact(state, number, first, second, third, fourth, 0L, 0L);
        if (result >= 0) {
          return result;
        }
        int error = (int) ERRNO.get(state, 0L);
        if (error != INTERRUPTED) {
          throw new IOException("system call %d failed with error %d".formatted(number, error));
        }
      }
    } catch (IOException refused) {
      throw refused;
    } catch (Throwable impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /// Maps memory of a ring.
  MemorySegment map(int ring, long bytes, long offset) throws IOException {
    try {
      var mapped =
          (MemorySegment)
              MAP.invokeExact(
                  MemorySegment.NULL, bytes, READ_AND_WRITE, SHARED_AND_POPULATED, ring, offset);
      if (mapped.address() == -1) {
        throw new IOException("the memory of a ring cannot be mapped");
      }
      return mapped.reinterpret(bytes);
    } catch (IOException refused) {
      throw refused;
    } catch (Throwable impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  void unmap(MemorySegment mapped) {
    try {
      int _ = (int) UNMAP.invokeExact(mapped, mapped.byteSize());
    } catch (Throwable impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /// Another descriptor for the same open file (`fcntl(2)`).
  static int duplicate(int original) throws IOException {
    try {
      int duplicate = (int) CONTROL.invokeExact(original, DUPLICATE_CLOSED_ON_EXEC, 0);
      if (duplicate < 0) {
        throw new IOException("descriptor %d cannot be duplicated".formatted(original));
      }
      return duplicate;
    } catch (IOException refused) {
      throw refused;
    } catch (Throwable impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  void close(int ring) {
    try {
      int _ = (int) CLOSE.invokeExact(ring);
    } catch (Throwable impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
