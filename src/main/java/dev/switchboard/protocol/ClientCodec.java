package dev.switchboard.protocol;

import java.util.List;

/// Translates between bytes and the closed language of [Command], [Reply] and [Push].
///
/// Stateless and safe on any thread; [#of] hands out the one instance per [Encoding].
public sealed interface ClientCodec permits JsonCodec, ProtobufCodec {
  /// The codec of an encoding.
  static ClientCodec of(Encoding encoding) {
    return switch (encoding) {
      case JSON -> JsonCodec.INSTANCE;
      case PROTOBUF -> ProtobufCodec.INSTANCE;
    };
  }

  /// All commands of one whole message, in order, at least one.
  ///
  /// @throws MalformedException when any part is unreadable; the connection gets 3501
  List<Command> decode(byte[] message) throws MalformedException;

  /// One reply, framed for this encoding.
  ///
  /// @throws UnencodableException when a payload cannot be carried; the connection gets 3506
  byte[] encode(Reply reply) throws UnencodableException;

  /// One push, framed for this encoding.
  ///
  /// @throws UnencodableException when a payload cannot be carried; the connection gets 3506
  byte[] encode(Push push) throws UnencodableException;

  /// The empty reply that asks for a pong.
  byte[] ping();
}
