package dev.switchboard.wire;

import dev.switchboard.protocol.ClientCodec;
import dev.switchboard.protocol.Encoding;

/// How the messages of one connection travel: what carries them, how they are encoded, and whether
/// the client says anything back.
public enum Framing {
  /// JSON in text frames.
  WEBSOCKET_JSON(Carrier.WEBSOCKET, Encoding.JSON),
  /// Protobuf in binary frames.
  WEBSOCKET_PROTOBUF(Carrier.WEBSOCKET, Encoding.PROTOBUF),
  /// A line of JSON for each message, in an HTTP response that never ends.
  HTTP_STREAM_JSON(Carrier.HTTP_STREAM, Encoding.JSON),
  /// Protobuf in an HTTP response that never ends.
  HTTP_STREAM_PROTOBUF(Carrier.HTTP_STREAM, Encoding.PROTOBUF),
  /// Events of JSON, as `EventSource` of the HTML standard reads them.
  SSE(Carrier.SSE, Encoding.JSON),
  /// Pushes in text frames, for clients that only listen.
  UNI_WEBSOCKET(Carrier.WEBSOCKET),
  /// A line for each push, in an HTTP response that never ends, for clients that only listen.
  UNI_HTTP_STREAM(Carrier.HTTP_STREAM),
  /// An event for each push, for clients that only listen.
  UNI_SSE(Carrier.SSE);

  private final Carrier carrier;
  private final Encoding encoding;
  private final ClientCodec codec;
  private final boolean unidirectional;

  Framing(Carrier carrier, Encoding encoding) {
    this.carrier = carrier;
    this.encoding = encoding;
    this.codec = ClientCodec.of(encoding);
    this.unidirectional = false;
  }

  Framing(Carrier carrier) {
    this.carrier = carrier;
    this.encoding = Encoding.JSON;
    this.codec = ClientCodec.unidirectional();
    this.unidirectional = true;
  }

  /// What carries messages.
  public enum Carrier {
    WEBSOCKET("websocket"),
    HTTP_STREAM("http_stream"),
    SSE("sse");

    private final String label;

    Carrier(String label) {
      this.label = label;
    }
  }

  /// The framing of a WebSocket with this encoding.
  public static Framing webSocket(Encoding encoding) {
    return switch (encoding) {
      case JSON -> WEBSOCKET_JSON;
      case PROTOBUF -> WEBSOCKET_PROTOBUF;
    };
  }

  /// The framing of an HTTP stream with this encoding.
  public static Framing httpStream(Encoding encoding) {
    return switch (encoding) {
      case JSON -> HTTP_STREAM_JSON;
      case PROTOBUF -> HTTP_STREAM_PROTOBUF;
    };
  }

  /// What carries messages.
  public Carrier carrier() {
    return carrier;
  }

  /// How messages are written.
  public Encoding encoding() {
    return encoding;
  }

  /// Reads and writes messages.
  public ClientCodec codec() {
    return codec;
  }

  /// Whether the client only listens: it says who it is, and nothing after that.
  public boolean isUnidirectional() {
    return unidirectional;
  }

  /// Whether the client sends by requests of their own, as its connection only goes one way.
  public boolean isEmulated() {
    return isResponse() && !unidirectional;
  }

  /// Whether it is an HTTP response, on which nothing can be received.
  boolean isResponse() {
    return carrier != Carrier.WEBSOCKET;
  }

  /// The word used in logs and metrics, such as `uni_sse`.
  public String label() {
    return (unidirectional ? "uni_" : "") + carrier.label;
  }
}
