package dev.switchboard.wire;

import dev.switchboard.protocol.CloseCode;
import dev.switchboard.protocol.Encoding;
import io.netty.buffer.ByteBuf;

/// One live connection of a client, a WebSocket or a response that never ends: what goes out, and
/// how it ends.
///
/// Open, then closing (the last message was sent, or a close frame received; nothing more is told
/// to the listener), then gone. Frames wait in a [Batch] that is flushed once per loop turn; only
/// while the kernel takes no more do they wait longer, and then only up to
/// `client.outbox_bytes_max`. Confined to its event loop. What comes in on a WebSocket passes
/// [Guard] first; the bytes are a [Connection]'s.
public final class Socket {
  private static final int SLOW_CHECK_BYTES = 16_384;

  private enum State {
    OPEN,
    CLOSING,
    GONE
  }

  private final SocketLoop loop;
  private final Framing framing;
  private final boolean deflates;
  private SocketListener listener;
  private Connection connection;
  private Batch pending;
  private Unfinished unfinished;
  private long controlFrames;
  private boolean flushDue;
  private boolean endDue;
  private State state = State.OPEN;

  Socket(SocketLoop loop, Framing framing) {
    this(loop, framing, false);
  }

  /// @param deflates whether both sides agreed to compression
  Socket(SocketLoop loop, Framing framing, boolean deflates) {
    this.loop = loop;
    this.framing = framing;
    this.deflates = deflates;
    this.controlFrames = loop.limits().controlFrames().full(SocketLoop.nowMillis());
  }

  /// How the messages of this socket travel.
  public Framing framing() {
    return framing;
  }

  /// How the messages of this socket are written.
  public Encoding encoding() {
    return framing.encoding();
  }

  /// Hands all further messages, and the end, to another listener.
  public void listener(SocketListener next) {
    listener = next;
  }

  /// Whether frames are still accepted.
  public boolean isOpen() {
    return state == State.OPEN;
  }

  /// Sends `frame` at the end of this loop turn; dropped when the socket is closing.
  public void send(Frame frame) {
    if (state != State.OPEN) {
      return;
    }
    // Compressed or not, a message is a frame of its own: a batch holds both kinds in the order in
    // which they were sent, and joins them as they are.
    queue(deflates ? loop.deflated(frame) : frame);
    if (pending.bytes() > SLOW_CHECK_BYTES
        && pending.bytes() + connection.unwrittenBytes() > loop.limits().outboxBytesMax()) {
      pending = null;
      close(CloseCode.SLOW);
    }
  }

  /// Whether everything sent so far went to the kernel.
  public boolean isFlushed() {
    return pending == null && connection.unwrittenBytes() == 0;
  }

  /// Says good-bye with a code of ours; what was sent before still goes out first.
  public void close(CloseCode code) {
    close(code.code(), code.reason());
  }

  /// Says good-bye with any code; 3000 drops the connection without a close frame.
  public void close(int code, String reason) {
    if (state != State.OPEN) {
      return;
    }
    state = State.CLOSING;
    if (code == CloseCode.CONNECTION_CLOSED.code()) {
      abort();
    } else {
      queue(Frame.close(framing, code, reason));
      loop.onClosing(this);
      if (framing.isResponse()) {
        // Nobody answers.
        endAfterFlush();
      }
    }
    // Last, so that a listener that fails leaves nothing open.
    listener.onClosed(code, false);
  }

  /// Ends the connection now, without waiting for a reader who may never read.
  void abort() {
    if (state == State.GONE) {
      return;
    }
    pending = null;
    connection.abort();
  }

  /// It has its connection, and keeps it.
  void onAdded(Connection added) {
    connection = added;
    loop.onOpened();
  }

  /// Takes a whole message of the client: from this connection, or one that came by another way as
  /// this connection only goes one.
  public void receive(byte[] message) {
    if (state == State.OPEN) {
      loop.traffic().onIn(encoding(), message.length);
      listener.onMessage(message);
    }
  }

  void onPing(byte[] payload) {
    if (state == State.OPEN && connection.isWritable()) {
      queue(Frame.pong(payload));
    }
  }

  /// The peer began the closing handshake, or answered ours.
  void onCloseFrame(int code, boolean hasCode) {
    if (state == State.OPEN) {
      state = State.CLOSING;
      queue(hasCode ? Frame.close(framing, code, "") : Frame.closeWithoutCode());
      loop.onClosing(this);
      endAfterFlush();
      listener.onClosed(code, true);
    } else {
      endAfterFlush();
    }
  }

  /// Ends the connection once all that is queued went to the kernel: both sides said good-bye.
  void endAfterFlush() {
    if (!endDue) {
      endDue = true;
      loop.afterFlush(this::endIfWritten);
    }
  }

  void onWritable() {
    if (pending != null && connection.isWritable()) {
      flush();
    }
  }

  void onGone() {
    State before = state;
    if (before == State.GONE) {
      return;
    }
    state = State.GONE;
    pending = null;
    unfinished = null;
    loop.onReleased();
    if (before == State.OPEN) {
      listener.onClosed(CloseCode.ABNORMAL.code(), true);
    }
  }

  /// Whether messages may be compressed, both ways.
  boolean deflates() {
    return deflates;
  }

  boolean isClosing() {
    return state != State.OPEN;
  }

  /// What has come of a message that is not whole; null when there is nothing.
  Unfinished unfinished() {
    return unfinished;
  }

  /// The same, made when there is nothing.
  Unfinished begun() {
    if (unfinished == null) {
      unfinished = new Unfinished();
    }
    return unfinished;
  }

  /// The message is whole, or will never be.
  void forget(Unfinished done) {
    if (unfinished == done) {
      unfinished = null;
    }
  }

  /// Nothing that comes from here on is a frame.
  void stopReading() {
    unfinished = Unfinished.UNREADABLE;
  }

  /// State of the budget for control frames; see [RateLimit].
  long controlFrames() {
    return controlFrames;
  }

  /// Keeps the state of that budget.
  void controlFrames(long left) {
    controlFrames = left;
  }

  /// Writes what is pending, unless the kernel is full; then [#onWritable] comes back to it.
  void flush() {
    flushDue = false;
    if (pending == null || state == State.GONE || !connection.isWritable()) {
      return;
    }
    connection.write(takePending());
    if (endDue) {
      endIfWritten();
    }
  }

  /// Queues what is pending for a send that shares its system call, where nothing else is on its
  /// way to the kernel.
  ///
  /// @return false when [#flush] has to do it
  boolean flushTo(Sends sends) {
    boolean simple = pending != null && state != State.GONE && !endDue;
    int descriptor = simple ? connection.idleDescriptor() : -1;
    if (descriptor < 0) {
      return false;
    }
    flushDue = false;
    sends.add(this, descriptor, takePending());
    return true;
  }

  /// The bytes of what is pending, valid until the flush ends; from here on they count as sent.
  private ByteBuf takePending() {
    Batch batch = pending;
    pending = null;
    loop.traffic().onOut(encoding(), batch.frames(), batch.bytes());
    return loop.outbox().bytes(batch);
  }

  /// A send is over: what the kernel did not take goes the other way, where a failure shows.
  ///
  /// @param result bytes taken, or the negative number of an error
  void onSent(ByteBuf frames, int result) {
    int sent = Math.max(0, result);
    int left = frames.readableBytes() - sent;
    if (left > 0 && state != State.GONE) {
      connection.write(frames.slice(frames.readerIndex() + sent, left));
    }
  }

  /// The loop slept before it could flush: what is pending is too old, so the client starts again.
  void giveUp() {
    flushDue = false;
    pending = null;
    if (state == State.OPEN) {
      close(CloseCode.FORCE_RECONNECT);
    } else {
      abort();
    }
  }

  private void queue(Frame frame) {
    pending = (pending == null ? loop.outbox().root(framing, deflates) : pending).plus(frame);
    if (!flushDue) {
      flushDue = true;
      loop.outbox().add(this);
    }
  }

  private void endIfWritten() {
    if (state != State.GONE && pending == null) {
      connection.end();
    }
  }
}
