package dev.switchboard.token;

import static dev.switchboard.token.TokenForge.CLAIMS;
import static dev.switchboard.token.TokenForge.base64;
import static dev.switchboard.token.TokenForge.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.auth.TokenOutcome;
import io.vertx.core.Vertx;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class MutatedTokenTest {
  private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();
  private static final Map<String, TokenForge> FORGES =
      Map.of(
          "HS256", TokenForge.of("HS256"),
          "RS256", TokenForge.of("RS256"),
          "ES256", TokenForge.of("ES256"));
  private static final TokenForge STRANGER = TokenForge.of("RS256");
  private static Vertx vertx;

  @BeforeAll
  static void start() {
    vertx = Vertx.vertx();
  }

  @AfterAll
  static void stop() {
    vertx.close().await();
  }

  @ParameterizedTest
  @ValueSource(strings = {"HS256", "RS256", "ES256"})
  void acceptsTheTokenAllMutationsStartFrom(String algorithm) {
    // Given
    var forge = FORGES.get(algorithm);
    var named = TokenForge.verifier(vertx, forge.key("main"));
    var unnamed = TokenForge.verifier(vertx, forge.key(""));

    // When
    var outcomes =
        Stream.of(
            named.verifyConnection(forge.claims(CLAIMS)),
            named.verifyConnection(forge.header("\"kid\":\"main\"")),
            unnamed.verifyConnection(forge.claims(CLAIMS)));

    // Then
    assertThat(outcomes).allMatch(outcome -> outcome instanceof TokenOutcome.Granted);
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("mutations")
  void refusesEveryMutation(String algorithm, String name, String token) {
    // Given
    var key = FORGES.get(algorithm);
    var named = TokenForge.verifier(vertx, key.key("main"));
    var unnamed = TokenForge.verifier(vertx, key.key(""));

    // When
    var outcomes = Stream.of(named.verifyConnection(token), unnamed.verifyConnection(token));

    // Then
    assertThat(outcomes)
        .as("%s: %s", algorithm, name)
        .allSatisfy(
            outcome ->
                assertThat(outcome)
                    .isInstanceOfSatisfying(
                        TokenOutcome.Refused.class,
                        refused ->
                            assertThat(refused.reason()).isNotBlank().doesNotContain("canary")));
  }

  @Test
  void hasSixtyMutationsPerAlgorithm() {
    // When
    var count = mutations().count();

    // Then
    assertThat(count).isGreaterThanOrEqualTo(3 * 60);
  }

  static Stream<Arguments> mutations() {
    return FORGES.values().stream()
        .flatMap(
            forge ->
                all().entrySet().stream()
                    .map(
                        mutation ->
                            Arguments.of(
                                forge.algorithm(),
                                mutation.getKey(),
                                mutation.getValue().apply(forge))));
  }

  private static Map<String, Function<TokenForge, String>> all() {
    var all = new LinkedHashMap<String, Function<TokenForge, String>>();
    addAlgorithms(all);
    addHeaders(all);
    addShapes(all);
    addSignatures(all);
    addClaims(all);
    return all;
  }

  private static void addAlgorithms(Map<String, Function<TokenForge, String>> all) {
    for (var none : new String[] {"none", "None", "NONE", "nOnE", "", " none", "null"}) {
      var unsigned = base64("{\"alg\":\"" + none + "\"}") + "." + base64(CLAIMS);
      all.put("alg '" + none + "' two parts", _ -> unsigned);
      all.put("alg '" + none + "' no signature", _ -> unsigned + ".");
      all.put("alg '" + none + "' signed", forge -> forge.sealed(unsigned));
    }
    all.put("alg null", forge -> forge.signed("{\"alg\":null}", CLAIMS));
    all.put("alg missing", forge -> forge.signed("{\"typ\":\"JWT\"}", CLAIMS));
    all.put("alg a list", forge -> forge.signed("{\"alg\":[\"HS256\"]}", CLAIMS));
    all.put("alg a number", forge -> forge.signed("{\"alg\":256}", CLAIMS));
    all.put(
        "alg in lower case",
        forge -> forge.signed("{\"alg\":\"" + forge.algorithm().toLowerCase() + "\"}", CLAIMS));
    all.put(
        "alg with a trailing blank",
        forge -> forge.signed("{\"alg\":\"" + forge.algorithm() + " \"}", CLAIMS));
    all.put("alg of another size", forge -> forge.signed(otherSize(forge), CLAIMS));
    all.put(
        "alg twice",
        forge -> forge.signed("{\"alg\":\"none\",\"alg\":\"" + forge.algorithm() + "\"}", CLAIMS));
    all.put("HMAC with the public key's PEM", MutatedTokenTest::hmacWithPem);
    all.put("HMAC with the public key's bytes", MutatedTokenTest::hmacWithDer);
    all.put("HMAC with no secret", _ -> TokenForge.hmac(hs256(), new byte[1]));
    all.put("HMAC with a guess", _ -> TokenForge.hmac(hs256(), utf8("secret")));
  }

  private static void addHeaders(Map<String, Function<TokenForge, String>> all) {
    var members =
        new String[] {
          "\"crit\":[\"exp\"]",
          "\"crit\":[]",
          "\"crit\":null",
          "\"jku\":\"https://e.example/k\"",
          "\"x5u\":\"https://e.example/c\"",
          "\"x5c\":[\"MIIB\"]",
          "\"b64\":false",
          "\"zip\":\"DEF\"",
          "\"enc\":\"A128GCM\"",
          "\"jwk\":{\"kty\":\"oct\",\"k\":\"AA\"}",
          "\"typ\":\"JWE\"",
          "\"typ\":null",
          "\"typ\":[\"JWT\"]",
          "\"typ\":\"JWT \"",
          "\"kid\":\"\"",
          "\"kid\":null",
          "\"kid\":[\"main\"]",
          "\"kid\":{\"main\":1}",
          "\"kid\":1",
          "\"kid\":\"MAIN\"",
          "\"kid\":\"main \"",
          "\"kid\":\"other\"",
          "\"kid\":\"../../../../dev/null\"",
          "\"kid\":\"main' OR '1'='1\"",
          "\"kid\":\"main\\u0000\"",
          "\"kid\":\"canary\"",
          "\"kid\":\"main\",\"kid\":\"main\"",
          "\"deep\":" + "[".repeat(40) + "]".repeat(40)
        };
    for (var member : members) {
      all.put("header " + member, forge -> forge.header(member));
    }
    all.put("key in the header, signed with it", MutatedTokenTest::embeddedKey);
    all.put("header a list", forge -> forge.signed("[]", CLAIMS));
    all.put("header a string", forge -> forge.signed("\"HS256\"", CLAIMS));
    all.put("header null", forge -> forge.signed("null", CLAIMS));
    all.put("header empty", forge -> forge.signed("", CLAIMS));
    all.put("header goes on", forge -> forge.signed(goodHeader(forge) + "{}", CLAIMS));
    all.put("header cut", forge -> forge.signed("{\"alg\":\"" + forge.algorithm(), CLAIMS));
    all.put("header with a comment", forge -> forge.signed(goodHeader(forge) + "//x", CLAIMS));
    all.put("header in UTF-16", forge -> forge.signed(utf16(goodHeader(forge)), utf8(CLAIMS)));
  }

  private static void addShapes(Map<String, Function<TokenForge, String>> all) {
    all.put("nothing", _ -> "");
    all.put("dots", _ -> "..");
    all.put("blank", _ -> " ");
    all.put("words", _ -> "canary.canary.canary");
    all.put("one part", forge -> part(forge, 0));
    all.put("two parts", forge -> part(forge, 0) + "." + part(forge, 1));
    all.put("four parts", forge -> good(forge) + ".AAAA");
    all.put("five parts", forge -> good(forge) + ".AAAA.AAAA");
    all.put("trailing dot", forge -> good(forge) + ".");
    all.put("leading dot", forge -> "." + good(forge));
    all.put("leading blank", forge -> " " + good(forge));
    all.put("trailing blank", forge -> good(forge) + " ");
    all.put("trailing line feed", forge -> good(forge) + "\n");
    all.put("Bearer", forge -> "Bearer " + good(forge));
    all.put("line feed inside", forge -> good(forge).replaceFirst("\\.", "\n."));
    all.put("NUL at the end", forge -> good(forge) + "\0");
    all.put("empty header", forge -> "." + part(forge, 1) + "." + part(forge, 2));
    all.put("empty claims", forge -> part(forge, 0) + ".." + part(forge, 2));
    all.put("padded header", forge -> forge.sealed(part(forge, 0) + "=." + part(forge, 1)));
    all.put("padded claims", forge -> forge.sealed(part(forge, 0) + "." + part(forge, 1) + "=="));
    all.put("padded signature", forge -> good(forge) + "=");
    all.put("letters outside ASCII", forge -> good(forge).replaceFirst("e", "\u0435"));
    all.put("full-width dot", forge -> good(forge).replaceFirst("\\.", "\uff0e"));
    all.put("JSON serialisation", MutatedTokenTest::jsonSerialisation);
    all.put("too long", forge -> forge.claims(with("\"x\":\"" + "a".repeat(8192) + "\"")));
  }

  private static void addSignatures(Map<String, Function<TokenForge, String>> all) {
    all.put("signature missing", forge -> part(forge, 0) + "." + part(forge, 1) + ".");
    all.put("signature one byte", forge -> withSignature(forge, new byte[1]));
    all.put("signature of zeros", forge -> withSignature(forge, filled(forge, 0)));
    all.put("signature of ones", forge -> withSignature(forge, filled(forge, 0xff)));
    all.put("signature cut by one", forge -> withSignature(forge, resized(forge, -1)));
    all.put("signature longer by one", forge -> withSignature(forge, resized(forge, 1)));
    all.put("signature in plain base64", MutatedTokenTest::plainBase64);
    all.put("signature with stray bits", MutatedTokenTest::strayBits);
    all.put("signature of another token", MutatedTokenTest::swapped);
    all.put("r = s = 0, DER", forge -> withSignature(forge, bytes("3006020100020100")));
    all.put("r = s = 1", forge -> withSignature(forge, scalars("1", "1")));
    all.put("r = 0, s = 1", forge -> withSignature(forge, scalars("0", "1")));
    all.put("r = 1, s = 0", forge -> withSignature(forge, scalars("1", "0")));
    all.put("r = s = order", forge -> withSignature(forge, scalars(ORDER, ORDER)));
    all.put("claims changed", MutatedTokenTest::otherUser);
    all.put("signed by a stranger", _ -> STRANGER.claims(CLAIMS + " "));
  }

  private static final String ORDER =
      "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";

  private static void addClaims(Map<String, Function<TokenForge, String>> all) {
    var claims =
        new String[] {
          "[]",
          "null",
          "\"x\"",
          "1",
          "",
          "{",
          CLAIMS + "x",
          CLAIMS + CLAIMS,
          "\ufeff" + CLAIMS,
          with("\"exp\":1800000060"),
          with("\"sub\":\"root\""),
          with("\"\\u0073ub\":\"root\""),
          with("\"channel\":\"c\""),
          with("\"channel\":null"),
          with("\"nbf\":\"0\""),
          with("\"iat\":\"0\""),
          with("\"iat\":null"),
          with("\"nbf\":null"),
          with("\"expire_at\":\"0\""),
          with("\"expire_at\":-1"),
          with("\"channels\":\"c\""),
          with("\"channels\":[1]"),
          with("\"channels\":[\"\"]"),
          with("\"channels\":{\"c\":1}"),
          with("\"channels\":[\"a\\nb\"]"),
          with("\"subs\":[\"c\"]"),
          with("\"b64info\":1"),
          with("\"b64info\":\"?\""),
          with("\"info2\":{\"a\":1,\"a\":2}"),
          with("\"iss\":1"),
          with("\"x\":" + "[".repeat(40) + "]".repeat(40)),
          with("\"x\":NaN"),
          with("\"x\":'y'"),
          with("\"x\":01"),
          with("\"x\":" + "9".repeat(200)),
          "{\"aud\":\"switchboard\"}",
          "{\"exp\":1800000060}",
          claims("\"1800000060\"", "\"u\""),
          claims("null", "\"u\""),
          claims("true", "\"u\""),
          claims("[1800000060]", "\"u\""),
          claims("{\"a\":1800000060}", "\"u\""),
          claims("1e400", "\"u\""),
          claims("1e999999999", "\"u\""),
          claims("1e18", "\"u\""),
          claims("9223372036854775807", "\"u\""),
          claims("18446744073709551616", "\"u\""),
          claims("1800000060000", "\"u\""),
          claims("-1", "\"u\""),
          claims("1800000060", "1"),
          claims("1800000060", "null"),
          claims("1800000060", "[\"u\"]"),
          claims("1800000060", "{\"u\":1}"),
          claims("1800000060", "true"),
          claims("1800000060", "\"a\\u0000b\""),
          claims("1800000060", "\"a\\r\\nb\""),
          claims("1800000060", "\"\\ud800\""),
          claims("1800000060", "\"\\u009f\""),
          claims("1800000060", "\"" + "u".repeat(256) + "\""),
          claims("1800000060", "\"" + "\u00fc".repeat(128) + "\""),
          CLAIMS.replace("\"switchboard\"", "\"other\""),
          CLAIMS.replace("\"switchboard\"", "\"Switchboard\""),
          CLAIMS.replace("\"switchboard\"", "[]"),
          CLAIMS.replace("\"switchboard\"", "null"),
          CLAIMS.replace("\"switchboard\"", "[\"other\"]"),
          CLAIMS.replace("\"switchboard\"", "[\"switchboard\",1]"),
          CLAIMS.replace("\"switchboard\"", "{\"switchboard\":1}")
        };
    for (var claim : claims) {
      all.put("claims " + claim.substring(0, Math.min(90, claim.length())), f -> f.claims(claim));
    }
    all.put("claims in UTF-16", f -> f.signed(utf8(goodHeader(f)), utf16(CLAIMS)));
    all.put(
        "claims in Latin-1",
        f ->
            f.signed(
                utf8(goodHeader(f)),
                with("\"x\":\"\u00e9\"").getBytes(StandardCharsets.ISO_8859_1)));
    all.put("claims with overlong bytes", MutatedTokenTest::overlong);
  }

  private static String with(String member) {
    return CLAIMS.substring(0, CLAIMS.length() - 1) + "," + member + "}";
  }

  private static String claims(String exp, String sub) {
    return "{\"aud\":\"switchboard\",\"exp\":" + exp + ",\"sub\":" + sub + "}";
  }

  private static String goodHeader(TokenForge forge) {
    return "{\"alg\":\"" + forge.algorithm() + "\"}";
  }

  private static String good(TokenForge forge) {
    return forge.claims(CLAIMS);
  }

  private static String part(TokenForge forge, int index) {
    return good(forge).split("\\.")[index];
  }

  private static String hs256() {
    return base64("{\"alg\":\"HS256\"}") + "." + base64(CLAIMS);
  }

  private static String otherSize(TokenForge forge) {
    return "{\"alg\":\"" + forge.algorithm().replace("256", "512") + "\"}";
  }

  private static String hmacWithPem(TokenForge forge) {
    var pem = forge.pair() == null ? STRANGER.publicPem() : forge.publicPem();
    return TokenForge.hmac(hs256(), utf8(pem));
  }

  private static String hmacWithDer(TokenForge forge) {
    var pair = forge.pair() == null ? STRANGER.pair() : forge.pair();
    return TokenForge.hmac(hs256(), pair.getPublic().getEncoded());
  }

  private static String embeddedKey(TokenForge forge) {
    var jwk = "{\"kty\":\"oct\",\"alg\":\"HS256\",\"k\":\"AAAA\"}";
    var input = base64("{\"alg\":\"HS256\",\"jwk\":" + jwk + "}") + "." + base64(CLAIMS);
    return TokenForge.hmac(input, new byte[3]);
  }

  private static String jsonSerialisation(TokenForge forge) {
    return "{\"protected\":\"%s\",\"payload\":\"%s\",\"signature\":\"%s\"}"
        .formatted(part(forge, 0), part(forge, 1), part(forge, 2));
  }

  private static byte[] signature(TokenForge forge) {
    return Base64.getUrlDecoder().decode(part(forge, 2));
  }

  private static byte[] filled(TokenForge forge, int value) {
    var bytes = new byte[signature(forge).length];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }

  private static byte[] resized(TokenForge forge, int by) {
    return Arrays.copyOf(signature(forge), signature(forge).length + by);
  }

  private static String withSignature(TokenForge forge, byte[] signature) {
    return part(forge, 0) + "." + part(forge, 1) + "." + BASE64.encodeToString(signature);
  }

  private static String plainBase64(TokenForge forge) {
    for (var n = 0; ; n++) {
      var token = forge.claims(with("\"n\":" + n));
      var signature = token.substring(token.lastIndexOf('.') + 1);
      var plain = signature.replace('-', '+').replace('_', '/');
      if (!plain.equals(signature)) {
        return token.substring(0, token.lastIndexOf('.') + 1) + plain;
      }
    }
  }

  private static String strayBits(TokenForge forge) {
    var alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    var token = good(forge);
    var last = alphabet.indexOf(token.charAt(token.length() - 1));
    return token.substring(0, token.length() - 1) + alphabet.charAt(last ^ 1);
  }

  private static String swapped(TokenForge forge) {
    var other = forge.claims(with("\"n\":1")).split("\\.");
    return part(forge, 0) + "." + part(forge, 1) + "." + other[2];
  }

  private static String otherUser(TokenForge forge) {
    var claims = base64(CLAIMS.replace("canary-user", "root"));
    return part(forge, 0) + "." + claims + "." + part(forge, 2);
  }

  private static String overlong(TokenForge forge) {
    var bytes = new ByteArrayOutputStream();
    bytes.writeBytes(utf8("{\"x\":\""));
    bytes.writeBytes(bytes("c0af"));
    bytes.writeBytes(utf8("\"," + CLAIMS.substring(1)));
    return forge.signed(utf8(goodHeader(forge)), bytes.toByteArray());
  }

  private static byte[] utf16(String text) {
    return text.getBytes(StandardCharsets.UTF_16BE);
  }

  private static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex);
  }

  /// Two 32-byte numbers, the raw form of an ECDSA signature.
  private static byte[] scalars(String r, String s) {
    var both = new byte[64];
    place(new BigInteger(r, 16), both, 32);
    place(new BigInteger(s, 16), both, 64);
    return both;
  }

  private static void place(BigInteger number, byte[] into, int end) {
    var bytes = number.toByteArray();
    for (var i = 1; i <= Math.min(32, bytes.length); i++) {
      into[end - i] = bytes[bytes.length - i];
    }
  }
}
