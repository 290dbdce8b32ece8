package dev.switchboard.fuzz;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// What can be fuzzed: the method of a `...FuzzTest`, and how long its inputs may become.
enum FuzzTarget {
  /// Bytes in pieces on a WebSocket: decoder, guard, socket.
  GUARD("wire.GuardFuzzTest", "bytesInPieces", 2_048),
  /// Compressed messages, and offers to compress.
  DEFLATE("deflate.DeflateFuzzTest", "messagesAndOffers", 512),
  /// Messages of clients, in JSON and in Protobuf.
  COMMANDS("protocol.CommandFuzzTest", "messages", 4_096),
  /// Replies and pushes, in JSON and in Protobuf.
  REPLIES("protocol.ReplyFuzzTest", "replies", 2_048),
  /// Tokens, and headers and claims that are signed.
  TOKENS("token.TokenFuzzTest", "tokens", 2_048),
  /// Messages of links.
  LINK("link.LinkFuzzTest", "messages", 1_024),
  /// Items of links.
  ITEMS("peer.PeerItemFuzzTest", "items", 256),
  /// Questions, answers and publications between nodes.
  WORDS("routing.PeerFuzzTest", "words", 1_024),
  /// News of interest.
  INTEREST("interest.InterestFuzzTest", "news", 4_096),
  /// News of presence.
  PRESENCE("presence.PresenceFuzzTest", "news", 1_024),
  /// Messages about who counts.
  ROSTER("quorum.RosterFuzzTest", "messages", 512),
  /// Questions and words about the term of a shard.
  TENURE("tenure.TenureFuzzTest", "questionsAndWords", 256),
  /// Shards, batches, deltas and results.
  SHARDS("stream.ShardFuzzTest", "parts", 4_096),
  /// Bodies of API requests.
  BODIES("api.ApiFuzzTest", "bodies", 2_048),
  /// API calls to a node.
  CALLS("api.CallFuzzTest", "calls", 1_024),
  /// Filters by tags, and patterns over names.
  FILTERS("channel.FilterFuzzTest", "filtersAndTags", 2_048),
  /// Patches between payloads.
  PATCHES("delta.FossilFuzzTest", "patches", 512);

  private final String type;
  private final String method;
  private final int bytesMax;

  FuzzTarget(String type, String method, int bytesMax) {
    this.type = "dev.switchboard." + type;
    this.method = method;
    this.bytesMax = bytesMax;
  }

  static Optional<FuzzTarget> named(String label) {
    return Arrays.stream(values()).filter(target -> target.label().equals(label)).findFirst();
  }

  /// Its name on the command line.
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// The class with the method.
  String type() {
    return type;
  }

  /// The one fuzz test of the class.
  String method() {
    return method;
  }

  /// How long an input may become.
  int bytesMax() {
    return bytesMax;
  }

  /// The inputs that every test run replays: those to start from, and whatever was a finding.
  Path corpus() {
    String folder = type.replace('.', '/') + "Inputs";
    return Path.of("src", "test", "resources").resolve(folder).resolve(method);
  }

  /// What runs leave behind.
  Path folder() {
    return Path.of("target", "fuzz", label());
  }
}
