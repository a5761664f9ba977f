package org.merganser.corpus.select;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.merganser.checksum.NameHash;

final class ValidationSplitTest {
  private static long heldOut(double share, String prefix, int documents) {
    ValidationSplit split = new ValidationSplit(share);
    return IntStream.range(0, documents).filter(i -> split.holdsOut(prefix + i)).count();
  }

  @Test
  void holdsOutAboutItsShareOfIdsThatDifferLittle() {
    for (String prefix : new String[] {"", "wiki/", "file.jsonl#", "日本"}) {
      assertThat(heldOut(0.1, prefix, 100_000)).isCloseTo(10_000, within(400L));
      assertThat(heldOut(0.001, prefix, 100_000)).isCloseTo(100, within(45L));
    }
    assertThat(heldOut(0, "x", 10_000)).isZero();
    assertThat(heldOut(1, "x", 10_000)).isEqualTo(10_000);
  }

  @Test
  void aLargerShareHoldsOutAllThatASmallerOneDoes() {
    for (int i = 0; i < 10_000; i++) {
      if (new ValidationSplit(0.01).holdsOut("doc" + i)) {
        assertThat(new ValidationSplit(0.02).holdsOut("doc" + i)).isTrue();
      }
    }
  }

  /** A document that changes sides from one version to the next would have been trained on. */
  @Test
  void theHashIsThatOfEarlierVersions() {
    assertThat(NameHash.of("")).isEqualTo(0xf52a15e9a9b5e89bL);
    assertThat(NameHash.of("file.jsonl#0")).isEqualTo(0x5ff00ada837f166eL);
  }
}
