package dev.switchboard.perf;

import java.nio.ByteBuffer;
import java.nio.charset.Charset;

/// Finds the messages of a frame, pings apart: one way for text, one for binary frames.
///
/// One instance is reused for every frame of a client: counting must cost next to nothing, or the
/// client would be what is measured.
sealed interface MessageScan permits LineScan, VarintScan {
  /// For whoever only wants the counts.
  Listener UNHEARD = (_, _, _) -> {};

  /// Who is told of each message.
  interface Listener {
    /// One message that is not a ping: `length` bytes of `in` from index `at`.
    void onMessage(ByteBuffer in, int at, int length);
  }

  /// Counts in `length` bytes of `in` from index `at`, and tells `listener` of each message.
  void scan(ByteBuffer in, int at, int length, Listener listener);

  /// Messages that are not pings, found by the last scan.
  int messages();

  /// Pings found by the last scan; each wants an answer.
  int pings();

  /// The frame that answers a ping.
  byte[] pong();

  /// How a message is read as a text; of a binary one every byte becomes a character.
  Charset charset();
}
