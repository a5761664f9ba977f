package org.merganser.pipeline.count;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class CompressedBlocksTest {
  private static final byte[] BLOCK = "three counts of the pretoken the".repeat(3).getBytes(UTF_8);

  @Test
  void aBlockIsReadAsItWasWritten() {
    assertThat(CompressedBlocks.decompress(CompressedBlocks.compress(BLOCK))).isEqualTo(BLOCK);
    assertThat(CompressedBlocks.decompress(CompressedBlocks.compress(new byte[0]))).isEmpty();
  }

  /** A bit of the frame that nothing uses changes nothing; every other one is noticed. */
  @Test
  void everyFlippedBitAndEveryCutIsNoticed() {
    byte[] good = CompressedBlocks.compress(BLOCK);
    int unnoticed = 0;
    for (int i = 0; i < 8 * good.length; i++) {
      byte[] bad = good.clone();
      bad[i / 8] ^= (byte) (1 << i % 8);
      try {
        assertThat(CompressedBlocks.decompress(bad)).as("bit %d", i).isEqualTo(BLOCK);
        unnoticed++;
      } catch (IllegalStateException e) {
        assertThat(e).hasMessageStartingWith("a packed block of counts is damaged: ");
      }
    }
    assertThat(unnoticed).isLessThan(4);
    for (int length = 0; length < good.length; length++) {
      byte[] bad = Arrays.copyOf(good, length);
      assertThatThrownBy(() -> CompressedBlocks.decompress(bad))
          .as("length %d", length)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageStartingWith("a packed block of counts is damaged: ");
    }
  }
}
