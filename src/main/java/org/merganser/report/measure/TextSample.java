package org.merganser.report.measure;

import java.io.Serializable;
import org.merganser.learn.SplitMix64;
import org.merganser.shard.ShardRow;

/**
 * Which stretches of a corpus are measured: one in {@code 1 << halvings}, by a hash of where they
 * lie, so that the choice is the same from any unit, runner or retry. A smaller sample is part of
 * every larger one.
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
   * The largest sample of so much text that is expected to hold no more than {@code wanted}: half
   * of that to all of it. A power of two, so that a corpus may grow without another choice.
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

  /** A hash of where a stretch of a document, or of a part of one that was cut, lies. */
  static long hash(ShardRow row, int stretch) {
    return mix(mix(mix(mix(row.file.hashCode()) + row.offset) + row.part) + stretch);
  }

  /** Whether the stretch with this hash is measured. */
  public boolean has(long hash) {
    return (hash & (1L << halvings) - 1) == 0;
  }

  /** Whether nothing is left out. */
  public boolean isAll() {
    return halvings == 0;
  }

  /** Each bit of the result depends on all of the argument's. */
  private static long mix(long value) {
    return new SplitMix64(value).nextLong();
  }
}
