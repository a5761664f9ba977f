package org.merganser.pipeline.count;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BlockCodecTest {
  private static final byte[] BLOCK = "three counts of the pretoken the".repeat(3).getBytes(UTF_8);

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aBlockIsReadAsItWasWritten(boolean local) {
    for (byte[] block : List.of(BLOCK, new byte[0])) {
      byte[] written = BlockCodec.forFile(block, local);
      assertThat(BlockCodec.decode(written)).isEqualTo(block);
    }
  }

  @Test
  void onlyAFileThatIsNotOnALocalDiskIsCompressed() {
    assertThat(BlockCodec.forFile(BLOCK, false)).hasSizeLessThan(BLOCK.length);
    assertThat(BlockCodec.forFile(BLOCK, true)).endsWith(BLOCK);
  }

  /** A bit of the frame that nothing uses changes nothing; every other one is noticed. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void everyFlippedBitAndEveryCutIsNoticed(boolean local) {
    byte[] good = BlockCodec.forFile(BLOCK, local);
    int unnoticed = 0;
    for (int i = 0; i < 8 * good.length; i++) {
      byte[] bad = good.clone();
      bad[i / 8] ^= (byte) (1 << i % 8);
      try {
        assertThat(BlockCodec.decode(bad)).as("bit %d", i).isEqualTo(BLOCK);
        unnoticed++;
      } catch (IllegalStateException e) {
        assertThat(e).hasMessageStartingWith("a packed block of counts is damaged: ");
      }
    }
    assertThat(unnoticed).isLessThan(4);
    for (int length = 0; length < good.length; length++) {
      byte[] bad = Arrays.copyOf(good, length);
      assertThatThrownBy(() -> BlockCodec.decode(bad))
          .as("length %d", length)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageStartingWith("a packed block of counts is damaged: ");
    }
  }
}
