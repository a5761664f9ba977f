package org.merganser.bpe.train;

import java.nio.charset.StandardCharsets;
import org.merganser.bpe.count.PretokenCounts;

/**
 * Any number of distinct synthetic pretokens, always the same ones: English-like letters, with a
 * space before most of them, and counts by Zipf's law.
 *
 * <p>Pretoken i is made of 30 bits, i times an odd number, read as a complete prefix code of
 * letters; so distinct numbers give distinct pretokens. Its count is {@code top / (i + 1)}, at
 * least 1.
 *
 * @param distinct the number of pretokens, at most 2<sup>29</sup>
 * @param top the count of the most frequent one
 */
public record ZipfPretokens(int distinct, long top) implements BpeTrainer.CountSource {
  private static final int BITS = 30;

  /** Letters of 3, 4, 5 and 6 bits: the code is complete. */
  private static final byte[] LETTERS = "etaoinshrdlucmwfgypb".getBytes(StandardCharsets.US_ASCII);

  @Override
  public void forEach(PretokenCounts.Visitor visitor) {
    byte[] word = new byte[BITS];
    for (int i = 0; i < distinct; i++) {
      int from = i % 8 == 0 ? 1 : 0;
      word[0] = ' ';
      int length = spell(i, word);
      visitor.visit(word, from, length, Math.max(1, top / (i + 1)));
    }
  }

  private static int spell(int i, byte[] word) {
    long bits = (i * 0x9E3779B1L & (1L << BITS) - 1) << (64 - BITS);
    int length = 1;
    for (int used = 0; used < BITS; ) {
      int head = (int) (bits >>> 58);
      int letter;
      int taken;
      if (head < 32) {
        letter = head >>> 3;
        taken = 3;
      } else if (head < 48) {
        letter = 4 + (head - 32 >>> 2);
        taken = 4;
      } else if (head < 56) {
        letter = 8 + (head - 48 >>> 1);
        taken = 5;
      } else {
        letter = 12 + head - 56;
        taken = 6;
      }
      word[length++] = LETTERS[letter];
      bits <<= taken;
      used += taken;
    }
    return length;
  }
}
