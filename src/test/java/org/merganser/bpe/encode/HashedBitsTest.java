package org.merganser.bpe.encode;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.merganser.Seeds;
import org.merganser.binary.HashMultiplier;

final class HashedBitsTest {
  @Test
  void hasEachHashThatWasAddedAndFewOthers() {
    Random random = new Random(Seeds.next());
    HashedBits bits = new HashedBits(12);
    long[] added = random.longs(100).toArray();
    for (long hash : added) {
      bits.add(hash);
    }
    assertThat(LongStream.of(added)).allMatch(bits::contains);
    long others = random.longs(10_000).filter(bits::contains).count();
    assertThat(others).as("of 10,000, with 100 of 4,096 bits").isLessThan(1_000);
  }

  @Test
  void knowsAHashByItsUpperBitsAlone() {
    HashedBits bits = new HashedBits(6);
    bits.add(HashMultiplier.GOLDEN_RATIO);
    assertThat(bits.contains(HashMultiplier.GOLDEN_RATIO ^ 1)).isTrue();
    assertThat(bits.contains(HashMultiplier.GOLDEN_RATIO ^ Long.MIN_VALUE)).isFalse();
  }
}
