package org.merganser.report.measure;

import java.io.Serializable;
import java.util.SplittableRandom;
import org.merganser.shard.ShardRow;

/**
 * Chooses the excerpts of a corpus that are measured: one in {@code 1 << halvings}, by a hash of
 * their place, so that the choice is the same for every unit, runner and retry. A smaller sample is
 * part of every larger one.
 *
 * @param halvings how many times the corpus is halved; 0 for all text
 */
public record TextSample(int halvings) implements Serializable {
  public static final TextSample ALL = new TextSample(0);

  private static final int MAX_HALVINGS = 62;

  public TextSample {
    if (halvings < 0 || halvings > MAX_HALVINGS) {
      throw new IllegalArgumentException(
          halvings + " halvings of a sample; 0 to " + MAX_HALVINGS + " are possible");
    }
  }

  /**
   * The largest sample with at most {@code wanted} expected bytes; it has at least half as many, or
   * it is all text. The share is a power of two, so a corpus may grow without another choice.
   */
  public static TextSample of(long textBytes, long wanted) {
    int halvings = 0;
    long left = textBytes;
    while (left > wanted && halvings < MAX_HALVINGS) {
      left = left / 2 + left % 2;
      halvings++;
    }
    return new TextSample(halvings);
  }

  /** A hash of the place of an excerpt in a document, or in a part of one that was cut. */
  static long hash(ShardRow row, int excerpt) {
    return mix(mix(mix(mix(row.file.hashCode()) + row.offset) + row.part) + excerpt);
  }

  /** Whether the excerpt of a hash is in the sample. */
  public boolean has(long hash) {
    return (hash & ((1L << halvings) - 1)) == 0;
  }

  /** Whether the sample is all text. */
  public boolean isAll() {
    return halvings == 0;
  }

  /** Each bit of the result depends on all bits of the argument. */
  private static long mix(long value) {
    return new SplittableRandom(value).nextLong();
  }
}
