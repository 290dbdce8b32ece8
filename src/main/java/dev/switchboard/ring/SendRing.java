package dev.switchboard.ring;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/// Sends to many sockets by one system call. Confined to the thread that made it.
///
/// None of them waits: what a socket does not take now it does not take at all, so a submission is
/// over when the call returns. Needs Linux 5.19 or later and the right to use io_uring, which many
/// container runtimes withhold.
public final class SendRing implements AutoCloseable {
  // ---- struct io_uring_params
  private static final int PARAMETERS_BYTES = 120;
  private static final int FLAGS = 8;
  private static final int FEATURES = 20;
  private static final int SUBMISSION_TAIL = 44;
  private static final int SUBMISSION_MASK = 48;
  private static final int SUBMISSION_ARRAY = 64;
  private static final int COMPLETION_HEAD = 80;
  private static final int COMPLETION_TAIL = 84;
  private static final int COMPLETION_MASK = 88;
  private static final int COMPLETION_ENTRIES = 100;

  /// One that fails does not keep the others back.
  private static final int SUBMIT_ALL = 1 << 7;

  /// Only one thread submits, so the kernel need not expect others.
  private static final int SINGLE_ISSUER = 1 << 12;

  /// What has to be done besides is done when this thread asks for results, not at any time.
  private static final int DEFER_WORK = 1 << 13;

  private static final int SINGLE_MAP = 1;
  private static final long ENTRIES_OFFSET = 0x10000000L;

  // ---- struct io_uring_sqe
  private static final int ENTRY_BYTES = 64;
  private static final int DESCRIPTOR = 4;
  private static final int FROM = 16;
  private static final int LENGTH = 24;
  private static final int MESSAGE_FLAGS = 28;
  private static final int USER_DATA = 32;
  private static final byte SEND = 26;
  private static final int DONT_WAIT_NO_SIGNAL = 0x40 | 0x4000;

  // ---- struct io_uring_cqe
  private static final int COMPLETION_BYTES = 16;
  private static final int RESULT = 8;

  private static final VarHandle INT = JAVA_INT.varHandle();

  private final Arena arena = Arena.ofConfined();
  private final Kernel kernel = new Kernel(arena);
  private final int descriptor;
  private final int capacity;
  private final MemorySegment ring;
  private final MemorySegment entries;
  private final long submissionTail;
  private final long completionHead;
  private final long completionTail;
  private final long completions;
  private final int completionMask;
  private int queued;
  private int tail;

  /// Hears how a send ended.
  @FunctionalInterface
  public interface Listener {
    /// @param index of the send, counted from 0 since the last submission
    /// @param result how many bytes the socket took, or the negative number of an error: -11 when
    ///   it takes none now
    void onSent(int index, int result);
  }

  /// @param capacity sends of one submission at most: a power of two
  /// @throws IOException when the kernel has no such ring, or does not give it to this process
  public SendRing(int capacity) throws IOException {
    this.capacity = capacity;
    MemorySegment parameters = arena.allocate(PARAMETERS_BYTES, Long.BYTES);
    descriptor = setUp(parameters);
    if ((parameters.get(JAVA_INT, FEATURES) & SINGLE_MAP) == 0) {
      kernel.close(descriptor);
      throw new IOException("the kernel's io_uring is too old");
    }
    completions = parameters.get(JAVA_INT, COMPLETION_ENTRIES);
    int array = parameters.get(JAVA_INT, SUBMISSION_ARRAY);
    long bytes = Math.max(completions + 2L * capacity * COMPLETION_BYTES, array + 4L * capacity);
    ring = kernel.map(descriptor, bytes, 0);
    entries = kernel.map(descriptor, (long) capacity * ENTRY_BYTES, ENTRIES_OFFSET);
    submissionTail = parameters.get(JAVA_INT, SUBMISSION_TAIL);
    completionHead = parameters.get(JAVA_INT, COMPLETION_HEAD);
    completionTail = parameters.get(JAVA_INT, COMPLETION_TAIL);
    completionMask = ring.get(JAVA_INT, parameters.get(JAVA_INT, COMPLETION_MASK));
    int mask = ring.get(JAVA_INT, parameters.get(JAVA_INT, SUBMISSION_MASK));
    if (mask != capacity - 1) {
      throw new IOException("a ring of %d instead of %d entries".formatted(mask + 1, capacity));
    }
    // An entry is always used in its own place of the queue, for the same kind of operation.
    for (int index = 0; index < capacity; index++) {
      ring.set(JAVA_INT, array + 4L * index, index);
      entries.set(JAVA_BYTE, (long) index * ENTRY_BYTES, SEND);
      entries.set(JAVA_INT, (long) index * ENTRY_BYTES + MESSAGE_FLAGS, DONT_WAIT_NO_SIGNAL);
    }
  }

  private int setUp(MemorySegment parameters) throws IOException {
    int flags = SUBMIT_ALL | SINGLE_ISSUER;
    parameters.set(JAVA_INT, FLAGS, flags | DEFER_WORK);
    try {
      return kernel.setUp(capacity, parameters);
    } catch (IOException olderThanLinux61) {
      parameters.fill((byte) 0);
      parameters.set(JAVA_INT, FLAGS, flags);
      return kernel.setUp(capacity, parameters);
    }
  }

  /// Whether [#submit] has to come first.
  public boolean isFull() {
    return queued == capacity;
  }

  /// Queues a send.
  ///
  /// @param socket its file descriptor
  /// @param address of the bytes, which must stay there until [#submit] returns
  public void add(int socket, long address, int length) {
    long entry = (long) (tail & capacity - 1) * ENTRY_BYTES;
    entries.set(JAVA_INT, entry + DESCRIPTOR, socket);
    entries.set(JAVA_LONG, entry + FROM, address);
    entries.set(JAVA_INT, entry + LENGTH, length);
    entries.set(JAVA_LONG, entry + USER_DATA, queued);
    tail++;
    queued++;
  }

  /// Forgets what was queued since the last submission.
  public void clear() {
    tail -= queued;
    queued = 0;
  }

  /// Sends all that was queued, and tells how each ended.
  ///
  /// @throws IOException when the kernel refuses; then it is not known what was sent, and the ring
  ///   is of no use any more
  public void submit(Listener listener) throws IOException {
    INT.setRelease(ring, submissionTail, tail);
    int left = queued;
    queued = 0;
    int unsubmitted = left;
    while (left > 0) {
      unsubmitted -= kernel.enter(descriptor, unsubmitted, left);
      left -= complete(listener);
    }
  }

  private int complete(Listener listener) {
    int head = ring.get(JAVA_INT, completionHead);
    int end = (int) INT.getAcquire(ring, completionTail);
    for (int at = head; at != end; at++) {
      long completion = completions + (long) (at & completionMask) * COMPLETION_BYTES;
      int index = (int) ring.get(JAVA_LONG, completion);
      listener.onSent(index, ring.get(JAVA_INT, completion + RESULT));
    }
    INT.setRelease(ring, completionHead, end);
    return end - head;
  }

  @Override
  public void close() {
    kernel.unmap(entries);
    kernel.unmap(ring);
    kernel.close(descriptor);
    arena.close();
  }
}
