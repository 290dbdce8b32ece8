package dev.switchboard.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.protocol.Encoding;
import dev.switchboard.testkit.RawSocket.ServerFrame;
import dev.switchboard.wire.Frame;
import dev.switchboard.wire.Socket;
import dev.switchboard.wire.SocketListener;
import io.netty.channel.Channel;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// One connection to an [EchoServer] seen from both ends.
///
/// Closing it checks what must hold however a connection went: its listener heard of the end
/// exactly once, and always under the Vert.x context of its loop. Made by [EchoServer#open].
public final class EchoPeer implements AutoCloseable {
  /// The message at which the listener fails.
  public static final String FAULT = "fault";

  private static final int PATIENCE_SECONDS = 10;

  private final EchoServer server;
  private final String path;
  private final RawSocket raw;
  private final CompletableFuture<Socket> socket = new CompletableFuture<>();
  private final CompletableFuture<Channel> channel = new CompletableFuture<>();
  private final BlockingQueue<Ending> endings = new LinkedBlockingQueue<>();
  private final List<String> mistakes = new CopyOnWriteArrayList<>();

  /// What the listener was told of the end.
  public record Ending(int code, boolean byPeer) {}

  EchoPeer(EchoServer server, String path, RawSocket raw) {
    this.server = server;
    this.path = path;
    this.raw = raw;
  }

  /// The client's end.
  public RawSocket raw() {
    return raw;
  }

  /// The path that leads to this peer's listener.
  public String path() {
    return path;
  }

  /// The server's end, to be touched on its loop only.
  public Socket socket() {
    return socket.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
  }

  /// The connection of that end.
  public Channel channel() {
    return channel.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
  }

  /// Sends frames in one write.
  public EchoPeer send(ClientFrame... frames) {
    raw.send(frames);
    return this;
  }

  /// Sends frames in one write.
  public EchoPeer send(List<ClientFrame> frames) {
    return send(frames.toArray(ClientFrame[]::new));
  }

  /// Sends bytes in pieces, each read by the server before the next.
  public EchoPeer sendChopped(byte[] bytes, int pieceBytes) {
    for (int from = 0; from < bytes.length; from += pieceBytes) {
      raw.send(Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + pieceBytes)));
      server.settle();
    }
    return this;
  }

  /// Expects a whole message with these bytes.
  public EchoPeer expectEcho(byte[] message) {
    ServerFrame frame = raw.read();
    assertThat(frame.opcode()).isEqualTo(encoding() == Encoding.JSON ? 1 : 2);
    assertThat(frame.payload()).isEqualTo(message);
    return this;
  }

  /// Expects that both sides still talk.
  public EchoPeer expectAlive() {
    byte[] message = "still here".getBytes(StandardCharsets.US_ASCII);
    int opcode = encoding() == Encoding.JSON ? ClientFrame.TEXT : ClientFrame.BINARY;
    return send(ClientFrame.of(opcode, message)).expectEcho(message);
  }

  /// Expects a pong with this payload.
  public EchoPeer expectPong(byte[] payload) {
    ServerFrame frame = raw.read();
    assertThat(frame.opcode()).isEqualTo(ClientFrame.PONG);
    assertThat(frame.payload()).isEqualTo(payload);
    return this;
  }

  /// Expects that the server fails the connection with a code, as its next word.
  public void expectFailure(int code) {
    assertThat(raw.read().closeCode()).isEqualTo(code);
    assertThat(ending()).isEqualTo(new Ending(code, false));
  }

  /// What the listener was told, once it was.
  public Ending ending() {
    try {
      Ending ending = endings.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      assertThat(ending).as("onClosed").isNotNull();
      endings.add(ending);
      return ending;
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    }
  }

  private Encoding encoding() {
    return socket().encoding();
  }

  SocketListener listen(Socket opened, Context context, Channel connection) {
    channel.complete(connection);
    var listener = new Echoing(opened, context);
    socket.complete(opened);
    return listener;
  }

  @Override
  public void close() {
    raw.close();
    if (socket.isDone()) {
      ending();
      assertThat(server.onLoop(() -> socket().isOpen())).isFalse();
      server.settle();
      assertThat(endings).as("calls of onClosed").hasSize(1);
    }
    assertThat(mistakes).isEmpty();
  }

  private final class Echoing implements SocketListener {
    private final Socket socket;
    private final Context context;

    Echoing(Socket socket, Context context) {
      this.socket = socket;
      this.context = context;
    }

    @Override
    public void onMessage(byte[] message) {
      check("onMessage");
      if (!endings.isEmpty()) {
        mistakes.add("onMessage after onClosed");
      }
      if (FAULT.equals(new String(message, StandardCharsets.UTF_8))) {
        throw new IllegalStateException("a planted fault");
      }
      socket.send(Frame.of(socket.framing(), message));
    }

    @Override
    public void onClosed(int code, boolean byPeer) {
      check("onClosed");
      endings.add(new Ending(code, byPeer));
    }

    private void check(String call) {
      if (Vertx.currentContext() != context) {
        mistakes.add(call + " outside its context");
      }
    }
  }
}
