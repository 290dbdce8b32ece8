package dev.switchboard.config;

import java.net.BindException;
import java.util.Locale;
import java.util.Optional;

/// A configuration that is right in itself but cannot be honoured on this machine, now.
///
/// Immutable. The message is one line that starts with the key and says what to do; it never holds
/// the content of a key file.
public final class StartException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final boolean portInUse;

  private StartException(String sentence, boolean portInUse, Throwable cause) {
    super(sentence, cause);
    this.portInUse = portInUse;
  }

  /// @param key the key that cannot be honoured
  /// @param sentence what is wrong with it; follows the key
  public static StartException of(String key, String sentence, Throwable cause) {
    return new StartException(key + " " + sentence, false, cause);
  }

  /// What a failed listen on a port becomes.
  ///
  /// @param section `http` or `internal`
  public static StartException ofListen(String section, String host, int port, Throwable cause) {
    String address = host.contains(":") ? "[" + host + "]:" + port : host + ":" + port;
    Optional<String> refused = refusal(cause);
    if (refused.isEmpty()) {
      return of(section + ".host", "or its port cannot be served: " + reason(cause), cause);
    }
    if (refused.get().toLowerCase(Locale.ROOT).contains("in use")) {
      String option = section.equals("http") ? "--port" : "--internal-port";
      return new StartException(
          "%s.port %d is in use on %s; stop what listens there or choose another with %s"
              .formatted(section, port, host, option),
          true,
          cause);
    }
    return of(section + ".port", "cannot listen on " + address + ": " + refused.get(), cause);
  }

  /// Whether another port would help.
  public boolean isPortInUse() {
    return portInUse;
  }

  /// Whether a listen failed because the system refused the address.
  public static boolean isRefusal(Throwable failure) {
    return refusal(failure).isPresent();
  }

  /// The innermost message of a failure, on one line.
  public static String reason(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    String text = root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
    return text.replaceAll("\\s+", " ").strip();
  }

  private static Optional<String> refusal(Throwable failure) {
    for (Throwable at = failure; at != null; at = at.getCause()) {
      String text = String.valueOf(at.getMessage());
      if (at instanceof BindException || text.startsWith("bind(..)")) {
        return Optional.of(text.replaceAll("\\s+", " ").strip());
      }
    }
    return Optional.empty();
  }
}
