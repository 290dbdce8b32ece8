package dev.switchboard.deflate;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Finds in what a client offers the compression that we can agree to (RFC 7692, 7.1). Pure.
///
/// An offer that is malformed, or asks for what we do not do, is passed over, never refused with
/// the whole handshake: the client goes on without compression, or with its next offer.
public final class DeflateOffer {
  private static final String NAME = "permessage-deflate";
  private static final String AGREED =
      NAME + "; server_no_context_takeover; client_no_context_takeover";

  /// All windows that exist, as numbers of bits.
  private static final Set<String> WINDOWS = Set.of("8", "9", "10", "11", "12", "13", "14", "15");

  // The JDK has no smaller one to compress with.
  private static final String OUR_WINDOW = "15";

  private DeflateOffer() {}

  /// The value of `Sec-WebSocket-Extensions` in the answer, for the first offer that can be met;
  /// empty when there is none.
  ///
  /// @param headers all values of `Sec-WebSocket-Extensions` in the request
  public static Optional<String> answer(List<String> headers) {
    return headers.stream()
        .flatMap(header -> split(header, ',').stream())
        .map(DeflateOffer::agree)
        .flatMap(Optional::stream)
        .findFirst();
  }

  private static Optional<String> agree(String offer) {
    List<String> parts = split(offer, ';');
    if (!parts.getFirst().equals(NAME)) {
      return Optional.empty();
    }
    Set<String> seen = new HashSet<>();
    String answer = AGREED;
    for (String part : parts.subList(1, parts.size())) {
      int equals = part.indexOf('=');
      String name = (equals < 0 ? part : part.substring(0, equals)).strip();
      Optional<String> value =
          equals < 0 ? Optional.empty() : Optional.of(unquoted(part.substring(equals + 1).strip()));
      if (!seen.add(name) || !canBeMet(name, value)) {
        return Optional.empty();
      }
      if (value.isPresent() && name.equals("server_max_window_bits")) {
        answer += "; " + name + "=" + value.get();
      }
    }
    return Optional.of(answer);
  }

  private static boolean canBeMet(String name, Optional<String> value) {
    return switch (name) {
      case "server_no_context_takeover", "client_no_context_takeover" -> value.isEmpty();
      case "server_max_window_bits" -> value.equals(Optional.of(OUR_WINDOW));
      // Says what the client could do. Whatever it does, a full window inflates it.
      case "client_max_window_bits" -> value.isEmpty() || WINDOWS.contains(value.get());
      default -> false;
    };
  }

  private static String unquoted(String value) {
    boolean quoted = value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"");
    return quoted ? value.substring(1, value.length() - 1) : value;
  }

  /// The pieces between separators that do not stand in quotes.
  private static List<String> split(String text, char separator) {
    List<String> pieces = new ArrayList<>();
    boolean quoted = false;
    int from = 0;
    for (int at = 0; at < text.length(); at++) {
      char next = text.charAt(at);
      if (next == '"') {
        quoted = !quoted;
      } else if (next == '\\' && quoted) {
        at++;
      } else if (next == separator && !quoted) {
        pieces.add(text.substring(from, at).strip());
        from = at + 1;
      }
    }
    pieces.add(text.substring(from).strip());
    return pieces;
  }
}
