package dev.switchboard.session;

import dev.switchboard.auth.Principal;
import dev.switchboard.channel.Subscription;
import dev.switchboard.channel.SubscriptionSet;
import dev.switchboard.protocol.ClientId;
import dev.switchboard.protocol.ClientInfo;
import dev.switchboard.protocol.CloseCode;
import dev.switchboard.protocol.Encoding;
import dev.switchboard.protocol.Publication;
import dev.switchboard.protocol.UnencodableException;
import dev.switchboard.wire.Frame;
import dev.switchboard.wire.Socket;
import dev.switchboard.wire.SocketListener;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// One authenticated client on one socket. Confined to its owner's event loop.
///
/// Built from a verified [Principal], so a half-authenticated session cannot exist. There may be
/// hundreds of thousands: what can be computed, like the public id's text, is not kept.
public final class Session implements SocketListener {
  private final Sessions owner;
  private final Socket socket;
  private final SubscriptionSet<Session> subscriptions = new SubscriptionSet<>();
  private final int slot;
  private final long key;
  private Principal principal;
  private Map<String, String> headers = Map.of();
  private Session nextOfUser;
  private Session previousOfUser;
  private long commandBudget;
  private int expireAt;
  private final int openedAt;
  private int pingAt;
  private boolean awaitingPong;
  private boolean holdsExpiring;
  private boolean greeted;
  private boolean open = true;

  Session(Sessions owner, Socket socket, Place place, Principal principal) {
    this.owner = owner;
    this.socket = socket;
    this.slot = place.slot();
    this.key = place.key();
    this.principal = principal;
    this.openedAt = nowSeconds();
  }

  /// Where a session stands in its owner's table.
  record Place(int slot, long key) {}

  /// The public id, which says who owns this session.
  public ClientId id() {
    return new ClientId(owner.incarnation(), owner.loop(), slot, key);
  }

  /// Who the client is.
  public Principal principal() {
    return principal;
  }

  /// The client brought a newer token of the same user.
  public void refresh(Principal renewed, long expiresAt) {
    principal = renewed;
    // Kept in 32 bits: what ends after 2106 ends then.
    expireAt = (int) Math.min(expiresAt, 0xffff_ffffL);
  }

  /// Second of the Unix epoch at which the session must be refreshed, 0 for never.
  public long expireAt() {
    return Integer.toUnsignedLong(expireAt);
  }

  /// Headers of the client's first request that back ends are told, by names in lower case.
  public Map<String, String> headers() {
    return headers;
  }

  /// Remembers what back ends are told of the client's first request.
  public void headers(Map<String, String> told) {
    headers = told;
  }

  /// How this client's messages are written.
  public Encoding encoding() {
    return socket.encoding();
  }

  /// Seconds since it opened.
  public int age() {
    return nowSeconds() - openedAt;
  }

  private static int nowSeconds() {
    return (int) TimeUnit.NANOSECONDS.toSeconds(System.nanoTime());
  }

  /// The socket underneath.
  public Socket socket() {
    return socket;
  }

  /// The client's subscriptions on this node.
  public SubscriptionSet<Session> subscriptions() {
    return subscriptions;
  }

  /// Whether it may still be sent to.
  public boolean isOpen() {
    return open && socket.isOpen();
  }

  /// Whether the client has its connect reply; before that nothing may be said to it.
  public boolean isGreeted() {
    return greeted;
  }

  /// The connect reply is about to be sent.
  public void greet() {
    greeted = true;
  }

  /// Who this is on a channel, as others may see it.
  public ClientInfo info(Subscription<Session> subscription) {
    byte[] channelInfo = subscription == null ? null : subscription.info();
    return new ClientInfo(principal.user(), id().toString(), principal.info(), channelInfo);
  }

  /// Whether this session published it.
  public boolean isAuthorOf(Publication publication) {
    return publication.info() != null && publication.info().client().equals(id().toString());
  }

  /// Sends one frame at the end of this loop turn.
  public void send(Frame frame) {
    socket.send(frame);
  }

  /// Sends what other sessions get too, or closes this one if its encoding cannot carry that.
  ///
  /// @return whether it was sent
  public boolean offer(Envelope envelope) {
    try {
      send(envelope.frame(socket.framing()));
      return true;
    } catch (UnencodableException notForThisEncoding) {
      close(CloseCode.INAPPROPRIATE_PROTOCOL);
      return false;
    }
  }

  /// Ends the session with a code of ours.
  public void close(CloseCode code) {
    socket.close(code);
  }

  /// Ends the session with any code.
  public void close(int code, String reason) {
    socket.close(code, reason);
  }

  @Override
  public void onMessage(byte[] message) {
    owner.listener().onMessage(this, message);
  }

  @Override
  public void onClosed(int code, boolean byPeer) {
    if (open) {
      open = false;
      owner.listener().onClosed(this, code, byPeer);
      owner.remove(this);
    }
  }

  /// The rate limiter's state; see [dev.switchboard.wire.RateLimit].
  public long commandBudget() {
    return commandBudget;
  }

  /// Keeps the rate limiter's state.
  public void commandBudget(long state) {
    commandBudget = state;
  }

  /// Remembers that a subscription may expire, so that the sweep looks at them all.
  public void onExpiring(boolean expires) {
    holdsExpiring |= expires;
  }

  boolean holdsExpiring() {
    return holdsExpiring;
  }

  int slot() {
    return slot;
  }

  long key() {
    return key;
  }

  Session nextOfUser() {
    return nextOfUser;
  }

  /// Puts this session before `next` in the chain of its user.
  void linkBefore(Session next) {
    nextOfUser = next;
    if (next != null) {
      next.previousOfUser = this;
    }
  }

  /// Takes this session out of its user's chain.
  ///
  /// @return whether it was the first
  boolean unlink() {
    if (nextOfUser != null) {
      nextOfUser.previousOfUser = previousOfUser;
    }
    if (previousOfUser == null) {
      return true;
    }
    previousOfUser.nextOfUser = nextOfUser;
    return false;
  }

  /// When the next ping is due or, while one is unanswered, when it was sent; loop milliseconds.
  int pingAt() {
    return pingAt;
  }

  boolean awaitingPong() {
    return awaitingPong;
  }

  void pingDueAt(int millis) {
    pingAt = millis;
    awaitingPong = false;
  }

  void pingSentAt(int millis) {
    pingAt = millis;
    awaitingPong = true;
  }
}
