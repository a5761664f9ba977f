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
  void combinesSetsAsBitSetsDo() {
    Random random = new Random(Seeds.next());
    for (int round = 0; round < 50; round++) {
      BitSet first = randomRanges(random);
      BitSet second = randomRanges(random);
      CodePointSet one = of(first);
      CodePointSet other = of(second);
      BitSet all = new BitSet();
      all.set(0, CodePointSet.LIMIT);

      BitSet expected = (BitSet) first.clone();
      expected.or(second);
      assertSame(one.union(other), expected);
      expected = (BitSet) first.clone();
      expected.and(second);
      assertSame(one.intersection(other), expected);
      expected = (BitSet) first.clone();
      expected.xor(second);
      assertSame(one.symmetricDifference(other), expected);
      expected = (BitSet) all.clone();
      expected.andNot(first);
      assertSame(one.complement(), expected);
      assertThat(one.complement().complement()).isEqualTo(one).hasSameHashCodeAs(one);
    }
  }

  @Test
  void aBuilderThatGoesOnChangesNoSetThatItBuilt() {
    CodePointSet.Builder builder = new CodePointSet.Builder().add(0, 4095);
    CodePointSet page = builder.build();
    CodePointSet more = builder.add(4096).add(5000, 9000).build();
    assertThat(page).isEqualTo(CodePointSet.ofRanges(0, 4095));
    assertThat(more).isEqualTo(CodePointSet.ofRanges(0, 4096, 5000, 9000));
    assertThat(CodePointSet.ofRanges(4096, 8191).contains(0)).isFalse();
  }

  /** Ranges of which some fill pages of 4,096 code points. */
  private static BitSet randomRanges(Random random) {
    BitSet ranges = new BitSet(CodePointSet.LIMIT);
    for (int i = random.nextInt(5); i >= 0; i--) {
      int first = random.nextInt(CodePointSet.LIMIT);
      ranges.set(
          first, Math.min(first + random.nextInt(1 << random.nextInt(20)), CodePointSet.LIMIT));
    }
    return ranges;
  }

  private static CodePointSet of(BitSet members) {
    CodePointSet.Builder builder = new CodePointSet.Builder();
    members.stream().forEach(builder::add);
    return builder.build();
  }

  @Test
  void rangesAtTheEndsOfWordsPagesAndOfAll() {
    int[] places = {
      0,
      1,
      62,
      63,
      64,
      65,
      127,
      128,
      4095,
      4096,
      8191,
      CodePointSet.LIMIT - 64,
      CodePointSet.LIMIT - 1
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
