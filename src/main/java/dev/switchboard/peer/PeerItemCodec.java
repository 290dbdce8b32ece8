package dev.switchboard.peer;

import java.nio.ByteBuffer;

/// The bytes of a [PeerItem]: a kind, numbers of fixed length, and the rest. Pure functions.
///
/// Big-endian. The link has checked the signature, so what does not parse comes from a node of
/// another version.
final class PeerItemCodec {
  private static final byte PUBLISH = 1;
  private static final byte INTEREST = 2;
  private static final byte QUESTION = 3;
  private static final byte ANSWER = 4;
  private static final byte LEAVING = 5;
  private static final byte REPAIR = 6;
  private static final byte ROSTER = 7;
  private static final byte PRESENCE = 8;

  private PeerItemCodec() {}

  static byte[] encode(PeerItem item) {
    return switch (item) {
      case PeerItem.Publish(long hash, byte[] publication) ->
          buffer(PUBLISH, Long.BYTES + publication.length).putLong(hash).put(publication).array();
      case PeerItem.Interest(byte[] news) -> buffer(INTEREST, news.length).put(news).array();
      case PeerItem.Question(long id, byte[] question) ->
          buffer(QUESTION, Long.BYTES + question.length).putLong(id).put(question).array();
      case PeerItem.Answer(long id, boolean answered, byte[] answer) ->
          buffer(ANSWER, Long.BYTES + 1 + answer.length)
              .putLong(id)
              .put((byte) (answered ? 1 : 0))
              .put(answer)
              .array();
      case PeerItem.Leaving() -> buffer(LEAVING, 0).array();
      case PeerItem.Repair() -> buffer(REPAIR, 0).array();
      case PeerItem.Roster(byte[] message) -> buffer(ROSTER, message.length).put(message).array();
      case PeerItem.Presence(byte[] news) -> buffer(PRESENCE, news.length).put(news).array();
    };
  }

  private static ByteBuffer buffer(byte kind, int rest) {
    return ByteBuffer.allocate(1 + rest).put(kind);
  }

  /// @throws UnknownItemException when no node of this version says such a thing
  static PeerItem decode(byte[] bytes) throws UnknownItemException {
    var buffer = ByteBuffer.wrap(bytes);
    byte kind = buffer.hasRemaining() ? buffer.get() : 0;
    int fixed =
        switch (kind) {
          case PUBLISH, QUESTION -> Long.BYTES;
          case ANSWER -> Long.BYTES + 1;
          default -> 0;
        };
    if (buffer.remaining() < fixed) {
      throw new UnknownItemException("an item of kind " + kind + " is cut short");
    }
    return switch (kind) {
      case PUBLISH -> new PeerItem.Publish(buffer.getLong(), rest(buffer));
      case INTEREST -> new PeerItem.Interest(rest(buffer));
      case QUESTION -> new PeerItem.Question(buffer.getLong(), rest(buffer));
      case ANSWER -> new PeerItem.Answer(buffer.getLong(), buffer.get() != 0, rest(buffer));
      case LEAVING -> new PeerItem.Leaving();
      case REPAIR -> new PeerItem.Repair();
      case ROSTER -> new PeerItem.Roster(rest(buffer));
      case PRESENCE -> new PeerItem.Presence(rest(buffer));
      default -> throw new UnknownItemException("there is no item of kind " + kind);
    };
  }

  private static byte[] rest(ByteBuffer buffer) {
    byte[] rest = new byte[buffer.remaining()];
    buffer.get(rest);
    return rest;
  }
}
