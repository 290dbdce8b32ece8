package dev.switchboard.door;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/// Keeps pages of other sites from using a visitor's browser to connect (RFC 6455, 10.2).
///
/// Browsers always send `Origin`, so a request without one is not from a page and is let through.
/// One that has it must be the page of this very host and port, or be listed, compared as a whole:
/// prefixes and suffixes are how such checks are fooled. Immutable.
public final class OriginRule {
  private final Set<String> allowed;
  private final boolean secure;

  /// @param allowed exact origins besides the request's own host; `*` lets every page in
  /// @param secure whether this port speaks TLS, so that a plain page of the same host is foreign
  public OriginRule(List<String> allowed, boolean secure) {
    this.allowed =
        allowed.stream().map(origin -> origin.toLowerCase(Locale.ROOT)).collect(Collectors.toSet());
    this.secure = secure;
  }

  /// Whether a request is from a page that may connect.
  ///
  /// @param origins all `Origin` headers of the request
  /// @param host the request's `Host` header
  public boolean allows(List<String> origins, String host) {
    if (origins.isEmpty() || allowed.contains("*")) {
      return true;
    }
    String origin = origins.getFirst().toLowerCase(Locale.ROOT);
    return origins.size() == 1 && (allowed.contains(origin) || isSameHost(origin, host));
  }

  private boolean isSameHost(String origin, String host) {
    return isPageOf(origin, host, "https", ":443")
        || !secure && isPageOf(origin, host, "http", ":80");
  }

  /// Compares as text what browsers write as text: nothing is parsed, so nothing is parsed wrongly.
  private static boolean isPageOf(String origin, String host, String scheme, String defaultPort) {
    String start = scheme + "://";
    if (!origin.startsWith(start)) {
      return false;
    }
    String page = withoutEnd(origin.substring(start.length()), defaultPort);
    String ours = withoutEnd(host.toLowerCase(Locale.ROOT), defaultPort);
    return !ours.isEmpty() && page.equals(ours);
  }

  private static String withoutEnd(String authority, String end) {
    return authority.endsWith(end)
        ? authority.substring(0, authority.length() - end.length())
        : authority;
  }
}
