package dev.switchboard.protocol;

import java.util.List;

/// Translates between bytes and the closed language of [Command], [Reply] and [Push].
///
/// Stateless and safe on any thread; there is one instance of each.
public sealed interface ClientCodec permits JsonCodec, ProtobufCodec, JsonCodec.Unidirectional {
  /// The codec of an encoding.
  static ClientCodec of(Encoding encoding) {
    return switch (encoding) {
      case JSON -> JsonCodec.INSTANCE;
      case PROTOBUF -> ProtobufCodec.INSTANCE;
    };
  }

  /// The codec of clients that only listen.
  static ClientCodec unidirectional() {
    return JsonCodec.Unidirectional.INSTANCE;
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
  default byte[] encode(Push push) throws UnencodableException {
    return encode(push, 0);
  }

  /// One push that names its channel by the number told in the subscribe reply.
  ///
  /// @param id above 0; 0 names the channel itself
  /// @throws UnencodableException when a payload cannot be carried; the connection gets 3506
  byte[] encode(Push push, long id) throws UnencodableException;

  /// Commands that come by a request of their own, for a session whose connection only goes one
  /// way.
  ///
  /// @param node that owns the session, as its connect reply said
  /// @param session secret from the connect reply
  /// @param message of the client, as it would have been sent on a socket
  record Emulated(String node, String session, byte[] message) {}

  /// Reads the body of such a request.
  ///
  /// @throws MalformedException when it is anything else
  Emulated decodeEmulated(byte[] body) throws MalformedException;

  /// The empty reply that asks for a pong.
  byte[] ping();
}
