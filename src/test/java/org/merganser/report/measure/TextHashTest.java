package org.merganser.report.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.merganser.Seeds;

/** The hash of ids against a slow one of big integers. */
final class TextHashTest {
  /** The hash as {@link TextHash#ofIds} defines it, one lane after the other. */
  private static BigInteger slowHash(int[] ids) {
    BigInteger multiplier = BigInteger.valueOf(0x9E37_79B9_7F4A_7C15L);
    BigInteger word = BigInteger.ONE.shiftLeft(64);
    int blocks = ids.length / 8;
    BigInteger hash = BigInteger.ZERO;
    for (int lane = 0; lane < 4; lane++) {
      BigInteger of =
          lane == 0
              ? slowStep(BigInteger.valueOf(ids.length), BigInteger.ZERO)
              : multiplier.multiply(BigInteger.valueOf(lane)).mod(word);
      int pairs = lane == 0 ? blocks + (ids.length % 8 + 1) / 2 : blocks;
      for (int pair = 0; pair < pairs; pair++) {
        int at = pair < blocks ? 8 * pair + 2 * lane : 8 * blocks + 2 * (pair - blocks);
        long high = at + 1 < ids.length ? ids[at + 1] : 0;
        of = slowStep(of, BigInteger.valueOf(high).shiftLeft(32).or(BigInteger.valueOf(ids[at])));
      }
      hash = lane == 0 ? of : slowMix(hash).add(of).mod(word);
    }
    return hash;
  }

  private static BigInteger slowMix(BigInteger value) {
    long mixed = new SplittableRandom(value.longValue()).nextLong();
    return BigInteger.valueOf(mixed).mod(BigInteger.ONE.shiftLeft(64));
  }

  private static BigInteger slowStep(BigInteger hash, BigInteger next) {
    BigInteger word = BigInteger.ONE.shiftLeft(64);
    BigInteger product =
        hash.xor(next).multiply(BigInteger.valueOf(0x9E37_79B9_7F4A_7C15L)).mod(word);
    return product.xor(product.shiftRight(32));
  }

  @Test
  void hashesIdsAsOneLaneAfterTheOther() {
    Random random = new Random(Seeds.next());
    for (int length = 0; length < 60; length++) {
      int[] ids = random.ints(length, 0, Integer.MAX_VALUE).toArray();
      assertThat(TextHash.ofIds(ids, length)).isEqualTo(slowHash(ids).longValue());
    }
  }

  @Test
  void hashesNoTwoTextsAlikeThatDifferInOneIdOrInTheirOrder() {
    Set<Long> hashes = new HashSet<>();
    int texts = 0;
    for (int length = 1; length < 40; length++) {
      int[] ids = new int[length];
      hashes.add(TextHash.ofIds(ids, length));
      texts++;
      for (int i = 0; i < length; i++) {
        for (int bit = 0; bit < 31; bit++) {
          ids[i] = 1 << bit;
          hashes.add(TextHash.ofIds(ids, length));
          texts++;
        }
        ids[i] = 0;
      }
    }
    assertThat(hashes).hasSize(texts);
  }
}
