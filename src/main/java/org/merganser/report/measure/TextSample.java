package org.merganser.report.measure;

import java.io.Serializable;
import org.merganser.shard.ShardRow;

/**
 * Chooses the excerpts of a corpus that are measured: one in {@code 1 << halvings}, by a hash of
 * their place, so that the choice is the same for every unit, runner and retry. A smaller sample is
 * part of every larger one.
 *
 * @param halvings how many times the corpus is halved; 0 for all text
 */
public record TextSample(int halvings) implements Serializable {
  /** The sample of all text. */
  public static final TextSample ALL = new TextSample(0);

  /** {@code 1L << 62} is the largest power of two. */
  private static final int MAX_HALVINGS = 62;

  public TextSample {
    if (halvings < 0 || halvings > MAX_HALVINGS) {
      throw new IllegalArgumentException(
          halvings + " halvings of a sample; 0 to " + MAX_HALVINGS + " are possible");
    }
  }

  /**
   * The largest sample with at most {@code wanted} expected bytes; it has at least half as many, or
   * it is all text. The share is a power of two, so that the sample of a growing corpus seldom
   * changes.
   *
   * @param textBytes of the corpus
   */
  public static TextSample of(long textBytes, long wanted) {
    int halvings = 0;
    long sampled = textBytes;
    while (sampled > wanted && halvings < MAX_HALVINGS) {
      sampled = sampled / 2 + sampled % 2; // rounded up
      halvings++;
    }
    return new TextSample(halvings);
  }

  /**
   * A hash of the place of an excerpt.
   *
   * @param row the document, or a part of one that was cut
   * @param excerpt the number of the excerpt in the row, from 0
   */
  static long hash(ShardRow row, int excerpt) {
    long document = TextHash.ofPlace(row.file, row.offset);
    return TextHash.mix(TextHash.mix(document + row.part) + excerpt);
  }

  /** Whether the excerpt of a hash is in the sample. */
  public boolean has(long hash) {
    return (hash & (oneIn() - 1)) == 0;
  }

  /** One excerpt in this many is in the sample. */
  public long oneIn() {
    return 1L << halvings;
  }

  /** Whether the sample is all text. */
  public boolean isAll() {
    return halvings == 0;
  }
}
