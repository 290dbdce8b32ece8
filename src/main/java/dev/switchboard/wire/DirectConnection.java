package dev.switchboard.wire;

import dev.switchboard.ring.Descriptors;
import io.netty.buffer.ByteBuf;
import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoEvent;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A plain TCP connection that the event loop reads and writes itself, without a Netty channel and
/// its pipeline. Linux only, and confined to its event loop.
///
/// The loop's epoll says when something came; it is read into a buffer that all sockets of the loop
/// share, and [Guard] takes it from there. So an idle connection is a descriptor and its entry in
/// the loop's table.
final class DirectConnection implements Connection, EpollIoHandle {
  private static final Logger LOG = LoggerFactory.getLogger(DirectConnection.class);
  private static final EpollIoOps TO_READ = EpollIoOps.EPOLLIN;
  private static final EpollIoOps TO_READ_AND_WRITE = TO_READ.with(EpollIoOps.EPOLLOUT);

  // EPOLLHUP of sys/epoll.h, which Netty has no name for.
  private static final int HUNG_UP = 0x10;

  private final SocketLoop loop;
  private final Socket socket;
  private final io.netty.channel.unix.Socket descriptor;
  private IoRegistration registration;
  private ByteBuf unwritten;
  private boolean endDue;
  private boolean open = true;

  private DirectConnection(SocketLoop loop, Socket socket, int descriptor) {
    this.loop = loop;
    this.socket = socket;
    this.descriptor = new io.netty.channel.unix.Socket(descriptor);
  }

  /// Carries `socket` on a descriptor of its own of the connection that has this one.
  ///
  /// @throws IOException when there are no more descriptors, or the loop does not take it; then
  ///   nothing has changed
  static void open(SocketLoop loop, Socket socket, int original) throws IOException {
    var connection = new DirectConnection(loop, socket, Descriptors.duplicate(original));
    var registered =
        ((IoEventLoop) loop.context().nettyEventLoop()).register(connection).awaitUninterruptibly();
    if (!registered.isSuccess()) {
      connection.descriptor.close();
      throw new IOException("the event loop does not take the connection", registered.cause());
    }
    connection.registration = registered.getNow();
    connection.registration.submit(TO_READ);
    socket.onAdded(connection);
  }

  @Override
  public FileDescriptor fd() {
    return descriptor;
  }

  @Override
  public void handle(IoRegistration same, IoEvent event) {
    if (!open) {
      return;
    }
    EpollIoOps ops = ((EpollIoEvent) event).ops();
    if ((ops.value() & HUNG_UP) != 0) {
      // Gone both ways: nothing comes any more, so it can wait. Whoever has to wait for longer is
      // found here again, in the next turn.
      if (!loop.isBehind()) {
        registration.cancel();
        loop.afterwards(this::readToEnd);
      }
      return;
    }
    if (ops.contains(EpollIoOps.EPOLLOUT)) {
      writeOn();
    }
    // Errors, and the end of what the peer says, are found by reading.
    if (open && ops.value() != EpollIoOps.EPOLLOUT.value()) {
      read();
    }
  }

  private void readToEnd() {
    while (open && read()) {
      // Until nothing more comes.
    }
    finish();
  }

  /// Reads once.
  ///
  /// @return whether something came
  private boolean read() {
    ByteBuf buffer = loop.readBuffer().clear();
    int count;
    try {
      count = descriptor.recvAddress(buffer.memoryAddress(), 0, buffer.capacity());
    } catch (IOException broken) {
      LOG.debug("a connection broke", broken);
      finish();
      return false;
    }
    if (count < 0) {
      finish();
    } else {
      loop.read(socket, buffer.writerIndex(count));
    }
    return count > 0;
  }

  @Override
  public boolean isWritable() {
    return open && unwritten == null;
  }

  @Override
  public void write(ByteBuf bytes) {
    if (!open) {
      return;
    }
    ByteBuf left = bytes.retainedDuplicate();
    if (!isSent(left) && open) {
      unwritten = left;
      registration.submit(TO_READ_AND_WRITE);
    } else {
      left.release();
    }
  }

  /// Sends what the kernel takes.
  ///
  /// @return whether nothing is left
  private boolean isSent(ByteBuf bytes) {
    try {
      int sent =
          descriptor.sendAddress(bytes.memoryAddress(), bytes.readerIndex(), bytes.writerIndex());
      bytes.skipBytes(sent);
      return !bytes.isReadable();
    } catch (IOException broken) {
      LOG.debug("a connection broke", broken);
      finish();
      return false;
    }
  }

  private void writeOn() {
    if (unwritten == null || !isSent(unwritten)) {
      return;
    }
    unwritten.release();
    unwritten = null;
    registration.submit(TO_READ);
    if (endDue) {
      finish();
      return;
    }
    loop.dispatch(socket::onWritable);
  }

  @Override
  public long unwrittenBytes() {
    return unwritten == null ? 0 : unwritten.readableBytes();
  }

  @Override
  public int idleDescriptor() {
    return isWritable() ? descriptor.intValue() : -1;
  }

  @Override
  public void end() {
    endDue = true;
    if (unwritten == null) {
      finish();
    }
  }

  @Override
  public void abort() {
    if (open) {
      try {
        // A closed socket keeps its unread bytes in the kernel; lingering for 0 s gives them up.
        descriptor.setSoLinger(0);
      } catch (IOException alreadyBroken) {
        LOG.debug("nothing to give up", alreadyBroken);
      }
      finish();
    }
  }

  /// The event loop itself ends.
  @Override
  public void close() {
    finish();
  }

  private void finish() {
    if (!open) {
      return;
    }
    open = false;
    registration.cancel();
    try {
      // Not now: whoever ended it is in the middle of something.
      loop.afterwards(this::release);
    } catch (RejectedExecutionException loopHasEnded) {
      LOG.debug("nobody is left to be told", loopHasEnded);
      closeDescriptor();
    }
  }

  private void release() {
    closeDescriptor();
    if (unwritten != null) {
      unwritten.release();
      unwritten = null;
    }
    socket.onGone();
  }

  private void closeDescriptor() {
    try {
      descriptor.close();
    } catch (IOException harmless) {
      LOG.debug("a connection ended badly", harmless);
    }
  }
}
