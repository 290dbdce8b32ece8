package dev.switchboard.config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

/// A block of IP addresses such as `10.0.0.0/8` or `fd00::/8`; one address is a block of one.
///
/// Immutable; never asks a name server. IPv4 and IPv6 are compared as they are, except that an IPv4
/// address written as IPv6 (`::ffff:10.0.0.1`) is the IPv4 address, as Java has it.
///
/// @param network the first address of the block
/// @param prefixBits how many leading bits all its addresses share
public record Cidr(InetAddress network, int prefixBits) {
  private static final Pattern FORM =
      Pattern.compile("(\\d{1,3}(?:\\.\\d{1,3}){3}|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*)(?:/(\\d{1,3}))?");

  /// The block with the bits behind the prefix cleared.
  public Cidr {
    byte[] bytes = network.getAddress();
    if (prefixBits < 0 || prefixBits > bytes.length * Byte.SIZE) {
      throw new IllegalArgumentException("prefix of " + prefixBits + " bits");
    }
    for (int bit = prefixBits; bit < bytes.length * Byte.SIZE; bit++) {
      bytes[bit / Byte.SIZE] &= (byte) ~mask(bit);
    }
    network = address(bytes);
  }

  /// The block a text stands for.
  ///
  /// @throws IllegalArgumentException when it is neither an address nor a block
  public static Cidr parse(String text) {
    var matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("not an address block");
    }
    InetAddress network = InetAddress.ofLiteral(matcher.group(1));
    String bits = matcher.group(2);
    return new Cidr(
        network, bits == null ? network.getAddress().length * Byte.SIZE : Integer.parseInt(bits));
  }

  /// Whether an address lies in this block.
  public boolean contains(InetAddress address) {
    byte[] ours = network.getAddress();
    byte[] theirs = address.getAddress();
    if (ours.length != theirs.length) {
      return false;
    }
    for (int bit = 0; bit < prefixBits; bit++) {
      int place = bit / Byte.SIZE;
      if (((ours[place] ^ theirs[place]) & mask(bit)) != 0) {
        return false;
      }
    }
    return true;
  }

  private static int mask(int bit) {
    return 0x80 >> (bit % Byte.SIZE);
  }

  private static InetAddress address(byte[] bytes) {
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("an address has 4 or 16 bytes", e);
    }
  }

  @Override
  public String toString() {
    return network.getHostAddress() + "/" + prefixBits;
  }
}
