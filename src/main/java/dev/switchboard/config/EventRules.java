package dev.switchboard.config;

import dev.switchboard.config.EventsConfig.Webhook;
import dev.switchboard.config.Problems.Violation;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Pattern;

/// What must hold between the values about events for back ends. Pure functions.
final class EventRules {
  private static final Pattern NAME = Pattern.compile("[-a-zA-Z0-9_.]{1,64}");
  // Each of them may be asked about before one more is refused.
  private static final int CONNECTIONS_MAX = 1_000;
  private static final int SECRET_LENGTH_MIN = 16;
  private static final String ENCODED = "whsec_";

  private EventRules() {}

  static List<Violation> violations(GatewayConfig config) {
    var found = new ArrayList<>(eventsAreThere(config));
    if (config.user().connectionsMax() > CONNECTIONS_MAX) {
      found.add(
          Violation.of(
              "user.connections_max",
              "is %d; allowed is at most %d"
                  .formatted(config.user().connectionsMax(), CONNECTIONS_MAX)));
    }
    var names = new HashSet<String>();
    List<Webhook> webhooks = config.events().webhooks();
    for (int index = 0; index < webhooks.size(); index++) {
      String path = "events.webhooks." + index;
      Webhook webhook = webhooks.get(index);
      if (!NAME.matcher(webhook.name()).matches()) {
        found.add(
            Violation.of(
                path + ".name",
                "is \"%s\"; allowed are 1 to 64 letters, digits, dots, dashes and underscores"
                    .formatted(webhook.name())));
      } else if (!names.add(webhook.name())) {
        found.add(
            Violation.of(
                path + ".name",
                "is \"%s\", as is the name of an earlier webhook".formatted(webhook.name())));
      }
      if (!isUrl(webhook.url())) {
        found.add(
            Violation.of(
                path + ".url",
                "is \"%s\"; allowed is http:// or https:// with a host".formatted(webhook.url())));
      }
      found.addAll(secretIsGood(path + ".secret", webhook.secret().reveal()));
    }
    return found;
  }

  private static List<Violation> eventsAreThere(GatewayConfig config) {
    if (config.events().enabled()) {
      return List.of();
    }
    var found = new ArrayList<Violation>();
    if (config.user().connectionsMax() > 0) {
      found.add(needsEvents("user.connections_max"));
    }
    if (!config.events().webhooks().isEmpty()) {
      found.add(needsEvents("events.webhooks"));
    }
    NamespaceRules.all(config.channel())
        .forEach(
            (path, options) -> {
              if (options.lifecycleEvents()) {
                found.add(needsEvents(path + ".lifecycle_events"));
              }
            });
    return found;
  }

  private static Violation needsEvents(String key) {
    return new Violation(
        List.of(key, "events.enabled"), key + " is set; allowed only with events.enabled: true");
  }

  /// Whether it is a URL of HTTP.
  static boolean isUrl(String text) {
    try {
      var url = new URI(text);
      return url.getHost() != null
          && ("http".equalsIgnoreCase(url.getScheme())
              || "https".equalsIgnoreCase(url.getScheme()));
    } catch (URISyntaxException none) {
      return false;
    }
  }

  private static List<Violation> secretIsGood(String key, String secret) {
    if (secret.startsWith(ENCODED)) {
      try {
        Base64.getDecoder().decode(secret.substring(ENCODED.length()));
      } catch (IllegalArgumentException not) {
        return List.of(Violation.of(key, "begins with whsec_; allowed is base64 behind it"));
      }
    }
    return secret.length() < SECRET_LENGTH_MIN
        ? List.of(
            Violation.of(
                key,
                "is shorter than %d characters; `openssl rand -hex 32` makes one"
                    .formatted(SECRET_LENGTH_MIN)))
        : List.of();
  }
}
