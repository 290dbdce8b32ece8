package dev.switchboard.wire;

import dev.switchboard.metrics.CompressionMeters;
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
  private long inflations;
  private long inflatedBytes;
  private long inflatedFromBytes;
  private long deflatableBytes;
  private long deflatedBytes;
  private long deflationsReported;

  void onIn(Encoding encoding, int bytes) {
    messagesIn[encoding.ordinal()]++;
    bytesIn[encoding.ordinal()] += bytes;
  }

  void onOut(Encoding encoding, int messages, int bytes) {
    messagesOut[encoding.ordinal()] += messages;
    bytesOut[encoding.ordinal()] += bytes;
  }

  void onInflated(int before, int after) {
    inflations++;
    inflatedFromBytes += before;
    inflatedBytes += after;
  }

  /// A socket was sent a compressed frame, whoever else gets it.
  void onDeflated(int before, int after) {
    deflatableBytes += before;
    deflatedBytes += after;
  }

  /// @param deflations how many messages the loop ever compressed
  void report(GatewayMetrics metrics, long deflations) {
    for (Encoding encoding : ENCODINGS) {
      int index = encoding.ordinal();
      metrics.onMessages(Direction.IN, encoding, messagesIn[index], bytesIn[index]);
      metrics.onMessages(Direction.OUT, encoding, messagesOut[index], bytesOut[index]);
      messagesIn[index] = bytesIn[index] = messagesOut[index] = bytesOut[index] = 0;
    }
    reportCompression(metrics.compression(), deflations);
  }

  private void reportCompression(CompressionMeters meters, long deflations) {
    meters.onRuns(Direction.IN, inflations);
    meters.onBytes(Direction.IN, inflatedBytes, inflatedFromBytes);
    meters.onRuns(Direction.OUT, deflations - deflationsReported);
    meters.onBytes(Direction.OUT, deflatableBytes, deflatedBytes);
    inflations = inflatedBytes = inflatedFromBytes = deflatableBytes = deflatedBytes = 0;
    deflationsReported = deflations;
  }
}
