package dev.switchboard.config;

import dev.switchboard.config.GatewayConfig.Key;
import dev.switchboard.config.GatewayConfig.Token;
import dev.switchboard.config.Problems.Violation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/// What must hold for tokens and their keys. Pure functions that never show a key.
final class TokenRules {
  private static final Duration SKEW_MAX = Duration.ofSeconds(30);
  private static final Duration JWKS_REFRESH_MIN = Duration.ofSeconds(10);
  private static final List<String> SHARED = List.of("HS256", "HS384", "HS512");
  private static final List<String> PUBLIC =
      List.of("RS256", "RS384", "RS512", "ES256", "ES384", "ES512", "EdDSA");
  private static final String PEM_HEADER = "-----BEGIN PUBLIC KEY-----";

  private TokenRules() {}

  static List<Violation> violations(GatewayConfig config) {
    var found = new ArrayList<>(someoneCanConnect(config));
    for (String path : List.of("token", "subscription_token")) {
      Token token = path.equals("token") ? config.token() : config.subscriptionToken();
      found.addAll(skewIsShort(path, token));
      found.addAll(hmacAlgorithmIsKnown(path, token));
      found.addAll(claimIsNamed(path, token));
      found.addAll(keysAreUsable(path, token));
      found.addAll(keysAreTellable(path, token));
      found.addAll(keysCanBeFetched(path, token));
    }
    return found;
  }

  private static List<Violation> someoneCanConnect(GatewayConfig config) {
    if (config.token().hasKeys() || config.client().insecure() || config.client().anonymous()) {
      return List.of();
    }
    return List.of(
        new Violation(
            List.of(
                "token.hmac_secret",
                "token.keys",
                "token.jwks_url",
                "client.insecure",
                "client.anonymous"),
            "token.hmac_secret and token.keys are empty, so nobody could connect; make a secret"
                + " with `openssl rand -hex 32` and set token.hmac_secret, or start with"
                + " `scripts/run`, which makes keys for development"));
  }

  private static List<Violation> skewIsShort(String path, Token token) {
    String key = path + ".skew";
    return token.skew().compareTo(SKEW_MAX) <= 0
        ? List.of()
        : List.of(
            Violation.of(
                key, "is " + ValueText.print(key, token.skew()) + "; allowed is at most 30s"));
  }

  private static List<Violation> hmacAlgorithmIsKnown(String path, Token token) {
    return SHARED.contains(token.hmacAlgorithm())
        ? List.of()
        : List.of(
            Violation.of(
                path + ".hmac_algorithm",
                "is \"%s\"; allowed is one of %s"
                    .formatted(token.hmacAlgorithm(), String.join(", ", SHARED))));
  }

  private static List<Violation> claimIsNamed(String path, Token token) {
    return token.userClaim().isBlank()
        ? List.of(Violation.of(path + ".user_claim", "is empty; allowed is a claim such as sub"))
        : List.of();
  }

  private static List<Violation> keysAreUsable(String path, Token token) {
    var found = new ArrayList<Violation>();
    for (int i = 0; i < token.keys().size(); i++) {
      Key key = token.keys().get(i);
      String at = path + ".keys." + i;
      boolean shared = SHARED.contains(key.algorithm());
      if (!shared && !PUBLIC.contains(key.algorithm())) {
        found.add(
            Violation.of(
                at + ".algorithm",
                "is \"%s\"; allowed is exactly one of %s, %s"
                    .formatted(
                        key.algorithm(), String.join(", ", SHARED), String.join(", ", PUBLIC))));
      } else if (key.pem().isEmpty()) {
        found.add(Violation.of(at + ".pem", "is empty; allowed is the key itself"));
      } else if (!shared && !key.pem().reveal().contains(PEM_HEADER)) {
        found.add(
            Violation.of(at + ".pem", "is not a public key in PEM; it must contain " + PEM_HEADER));
      }
    }
    return found;
  }

  private static List<Violation> keysCanBeFetched(String path, Token token) {
    var found = new ArrayList<Violation>();
    if (!token.jwksUrl().isEmpty() && !EventRules.isUrl(token.jwksUrl())) {
      found.add(
          Violation.of(
              path + ".jwks_url",
              "is \"%s\"; allowed is https:// or http:// with a host".formatted(token.jwksUrl())));
    }
    if (token.jwksRefresh().compareTo(JWKS_REFRESH_MIN) < 0) {
      String key = path + ".jwks_refresh";
      found.add(
          Violation.of(
              key, "is " + ValueText.print(key, token.jwksRefresh()) + "; allowed is 10s or more"));
    }
    return found;
  }

  private static List<Violation> keysAreTellable(String path, Token token) {
    var found = new ArrayList<Violation>();
    var seen = new HashSet<String>();
    int total = token.keys().size() + (token.hmacSecret().isEmpty() ? 0 : 1);
    for (int i = 0; i < token.keys().size(); i++) {
      String id = token.keys().get(i).id();
      String at = path + ".keys." + i + ".id";
      if (id.isEmpty() && total > 1) {
        found.add(
            new Violation(
                List.of(at, path + ".keys", path + ".hmac_secret"),
                at + " is empty; allowed only when there is exactly one key, here are " + total));
      } else if (!id.isEmpty() && !seen.add(id)) {
        found.add(Violation.of(at, "is \"%s\", as is the id of an earlier key".formatted(id)));
      }
    }
    return found;
  }
}
