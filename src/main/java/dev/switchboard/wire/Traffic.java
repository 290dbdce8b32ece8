package dev.switchboard.wire;

import dev.switchboard.metrics.GatewayMetrics;
import dev.switchboard.metrics.GatewayMetrics.Direction;
import dev.switchboard.protocol.Encoding;

/// Messages and bytes of one event loop since the last tick.
///
/// Plain sums: a shared counter per message would cost more than the message's bookkeeping.
final class Traffic {
  private static final Encoding[] ENCODINGS = Encoding.values();

  private final long[] messagesIn = new long[ENCODINGS.length];
  private final long[] bytesIn = new long[ENCODINGS.length];
  private final long[] messagesOut = new long[ENCODINGS.length];
  private final long[] bytesOut = new long[ENCODINGS.length];

  void onIn(Encoding encoding, int bytes) {
    messagesIn[encoding.ordinal()]++;
    bytesIn[encoding.ordinal()] += bytes;
  }

  void onOut(Encoding encoding, int messages, int bytes) {
    messagesOut[encoding.ordinal()] += messages;
    bytesOut[encoding.ordinal()] += bytes;
  }

  void report(GatewayMetrics metrics) {
    for (Encoding encoding : ENCODINGS) {
      int index = encoding.ordinal();
      metrics.onMessages(Direction.IN, encoding, messagesIn[index], bytesIn[index]);
      metrics.onMessages(Direction.OUT, encoding, messagesOut[index], bytesOut[index]);
      messagesIn[index] = bytesIn[index] = messagesOut[index] = bytesOut[index] = 0;
    }
  }
}
