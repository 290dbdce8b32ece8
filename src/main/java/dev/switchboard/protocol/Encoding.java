package dev.switchboard.protocol;

/// How the messages of one socket are written; fixed by the handshake for the socket's life.
public enum Encoding {
  /// Text messages; commands and replies are JSON objects separated by one line feed.
  JSON("json"),
  /// Binary messages; each Protobuf message is preceded by its length as a varint.
  PROTOBUF("protobuf");

  private final String label;

  Encoding(String label) {
    this.label = label;
  }

  /// The word used in metrics, logs and the API.
  public String label() {
    return label;
  }
}
