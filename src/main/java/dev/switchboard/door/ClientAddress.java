package dev.switchboard.door;

import dev.switchboard.config.Cidr;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Finds out who a request is really from. Pure, safe on any thread.
///
/// A forwarded address is believed only as far back as trusted proxies vouch for it: the list is
/// read from its end, and the first address that is not a trusted proxy is the client.
public final class ClientAddress {
  private final List<Cidr> trusted;

  /// @param trustedProxies `http.trusted_proxies`
  public ClientAddress(List<String> trustedProxies) {
    this.trusted = trustedProxies.stream().map(Cidr::parse).toList();
  }

  /// The client behind `peer`.
  ///
  /// @param forwardedFor all `X-Forwarded-For` headers, in order
  public InetAddress of(InetAddress peer, List<String> forwardedFor) {
    if (!isTrusted(peer)) {
      return peer;
    }
    List<String> hops =
        forwardedFor.stream().flatMap(value -> Arrays.stream(value.split(","))).toList();
    InetAddress nearest = peer;
    for (String hop : hops.reversed()) {
      Optional<InetAddress> address = parse(hop.strip());
      if (address.isEmpty()) {
        return nearest;
      }
      nearest = address.get();
      if (!isTrusted(nearest)) {
        return nearest;
      }
    }
    return nearest;
  }

  /// The address that counts against the limit per address; empty for exempt ones.
  public Optional<InetAddress> limited(InetAddress peer) {
    return peer.isLoopbackAddress() || isTrusted(peer) ? Optional.empty() : Optional.of(peer);
  }

  /// Whether what it says of others is believed.
  public boolean isTrusted(InetAddress address) {
    return trusted.stream().anyMatch(block -> block.contains(address));
  }

  private static Optional<InetAddress> parse(String text) {
    try {
      return Optional.of(InetAddress.ofLiteral(text));
    } catch (IllegalArgumentException notAnAddress) {
      return Optional.empty();
    }
  }
}
