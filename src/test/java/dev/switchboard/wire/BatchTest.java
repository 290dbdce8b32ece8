package dev.switchboard.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.ByteArrayOutputStream;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class BatchTest {
  private static final Frame ONE = Frame.of(Framing.WEBSOCKET_JSON, new byte[] {1});
  private static final Frame TWO = Frame.of(Framing.WEBSOCKET_PROTOBUF, new byte[] {2});

  @Property
  void joinedBytesAreThoseOfAllFrames(@ForAll @Size(max = 20) List<byte[]> payloads) {
    // Given
    var expected = new ByteArrayOutputStream();
    Batch batch = Batch.root();
    for (byte[] payload : payloads) {
      Frame frame = Frame.of(Framing.WEBSOCKET_PROTOBUF, payload);
      expected.writeBytes(frame.bytes());
      batch = batch.plus(frame);
    }

    // When
    ByteBuf joined = batch.joined(UnpooledByteBufAllocator.DEFAULT);

    // Then
    assertThat(ByteBufUtil.getBytes(joined)).isEqualTo(expected.toByteArray());
    assertThat(batch.bytes()).isEqualTo(expected.size());
    assertThat(batch.frames()).isEqualTo(payloads.size());
    batch.release();
  }

  @Test
  void socketsToldTheSameShareABatch() {
    // Given
    Batch root = Batch.root();

    // When
    Batch first = root.plus(ONE).plus(TWO);
    Batch second = root.plus(ONE).plus(TWO);

    // Then
    assertThat(second).isSameAs(first);
  }

  @Test
  void socketsToldOtherThingsDoNot() {
    // Given
    Batch root = Batch.root();

    // When
    Batch first = root.plus(ONE).plus(TWO);
    Batch second = root.plus(TWO).plus(ONE);

    // Then
    assertThat(second).isNotSameAs(first);
    assertThat(root.plus(ONE)).isNotSameAs(first);
  }

  @Test
  void aFrameOfEqualBytesIsAnotherFrame() {
    // Given
    Batch root = Batch.root();
    Frame equal = Frame.of(Framing.WEBSOCKET_JSON, new byte[] {1});

    // When
    Batch first = root.plus(ONE);

    // Then
    assertThat(root.plus(equal)).isNotSameAs(first);
  }

  @Test
  void growingLeavesTheSmallerBatchAsItWas() {
    // Given
    Batch small = Batch.root().plus(ONE);

    // When
    Batch grown = small.plus(TWO);

    // Then
    assertThat(small.bytes()).isEqualTo(ONE.size());
    assertThat(grown.bytes()).isEqualTo(ONE.size() + TWO.size());
    assertThat(small.frames()).isEqualTo(1);
  }

  @Test
  void bytesAreJoinedOnceAndAgainAfterARelease() {
    // Given
    Batch batch = Batch.root().plus(ONE);
    ByteBuf first = batch.joined(UnpooledByteBufAllocator.DEFAULT);
    assertThat(batch.joined(UnpooledByteBufAllocator.DEFAULT)).isSameAs(first);

    // When
    batch.release();

    // Then
    assertThat(batch.isJoined()).isFalse();
    assertThat(first.refCnt()).isZero();
    assertThat(ByteBufUtil.getBytes(batch.joined(UnpooledByteBufAllocator.DEFAULT)))
        .isEqualTo(ONE.bytes());
    batch.release();
  }

  @Test
  void theRootForgetsWhatGrewFromIt() {
    // Given
    Batch root = Batch.root();
    Batch before = root.plus(ONE);

    // When
    root.forgetGrown();

    // Then
    assertThat(root.plus(ONE)).isNotSameAs(before);
  }
}
