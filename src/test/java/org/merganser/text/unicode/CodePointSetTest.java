package org.merganser.text.unicode;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.merganser.Seeds;

/** Against {@link BitSet}. */
final class CodePointSetTest {

  @Test
  void rangesHoldTheirEndsAndWhatLiesBetween() {
    Random random = new Random(Seeds.next());
    for (int round = 0; round < 200; round++) {
      CodePointSet.Builder builder = new CodePointSet.Builder();
      BitSet expected = new BitSet(CodePointSet.LIMIT);
      for (int i = random.nextInt(6); i >= 0; i--) {
        int first = random.nextInt(CodePointSet.LIMIT);
        int length = random.nextInt(1 << 1 + random.nextInt(14));
        int last = Math.min(first + length, CodePointSet.LIMIT - 1);
        builder.add(first, last);
        expected.set(first, last + 1);
      }
      assertSame(builder.build(), expected);
    }
  }

  @Test
  void rangesAtTheEndsOfWordsAndOfAll() {
    int[] places = {
      0, 1, 62, 63, 64, 65, 127, 128, CodePointSet.LIMIT - 64, CodePointSet.LIMIT - 1
    };
    for (int first : places) {
      for (int last : places) {
        BitSet expected = new BitSet(CodePointSet.LIMIT);
        if (first <= last) {
          expected.set(first, last + 1);
        }
        assertSame(new CodePointSet.Builder().add(first, last).build(), expected);
      }
    }
  }

  private static void assertSame(CodePointSet set, BitSet expected) {
    assertThat(set.size()).isEqualTo(expected.cardinality());
    int first = 0;
    while (first < CodePointSet.LIMIT) {
      assertThat(set.next(first)).isEqualTo(expected.nextSetBit(first));
      first = set.next(first);
      if (first < 0) {
        break;
      }
      int end = expected.nextClearBit(first);
      assertThat(set.nextClear(first)).isEqualTo(end);
      first = end;
    }
    assertThat(set.nextClear(0)).isEqualTo(expected.nextClearBit(0));
    assertThat(set.nextClear(CodePointSet.LIMIT)).isEqualTo(CodePointSet.LIMIT);
  }
}
