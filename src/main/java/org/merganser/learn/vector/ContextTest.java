package org.merganser.learn.vector;

import org.merganser.dataset.IdHistogram;
import org.merganser.learn.IdDocuments;
import org.merganser.learn.SplitMix64;

/**
 * How often vectors tell which of two tokens was really in the window: for each token of held-out
 * text one that stands before it in the window, at a random distance, against one drawn from the
 * corpus by frequency; the one whose vector has the higher cosine to the token's is taken. Vectors
 * that know nothing get half of them right. The first {@link #MAX_PAIRS} tokens are asked about.
 */
public final class ContextTest implements IdDocuments.Handler {
  public static final int MAX_PAIRS = 100_000;

  private final Nearest.Vectors vectors;
  private final long[] cumulative;
  private final int[] before;
  private final int endOfDocument;
  private final SplitMix64 random;
  private final float[] one;
  private final float[] real;
  private final float[] drawn;
  private int known;
  private long pairs;
  private double right;

  /**
   * @param counts of the corpus
   * @param endOfDocument the id that ends every document, or -1
   */
  public ContextTest(
      Nearest.Vectors vectors, IdHistogram counts, int window, int endOfDocument, long seed) {
    this.vectors = vectors;
    this.cumulative = new long[vectors.rows()];
    long sum = 0;
    for (int id = 0; id < cumulative.length; id++) {
      sum += id == endOfDocument ? 0 : counts.count(id);
      cumulative[id] = sum;
    }
    this.before = new int[window];
    this.endOfDocument = endOfDocument;
    this.random = new SplitMix64(seed);
    this.one = new float[vectors.dim()];
    this.real = new float[vectors.dim()];
    this.drawn = new float[vectors.dim()];
  }

  @Override
  public void begin(String docId) {
    known = 0;
  }

  @Override
  public void ids(int[] ids, int count) {
    for (int i = 0; i < count && pairs < MAX_PAIRS; i++) {
      if (ids[i] != endOfDocument) {
        if (known > 0) {
          ask(ids[i], before[random.nextInt(known)]);
        }
        System.arraycopy(before, 0, before, 1, before.length - 1);
        before[0] = ids[i];
        known = Math.min(known + 1, before.length);
      }
    }
  }

  private void ask(int id, int context) {
    int other = draw();
    if (other == context) {
      return; // no question
    }
    vectors.row(id, one);
    vectors.row(context, real);
    vectors.row(other, drawn);
    int order = Double.compare(Nearest.cosine(one, real), Nearest.cosine(one, drawn));
    right += order > 0 ? 1 : order == 0 ? 0.5 : 0;
    pairs++;
  }

  /** An id by its frequency. */
  private int draw() {
    long total = cumulative[cumulative.length - 1];
    long at = (long) (random.nextDouble() * total);
    int low = 0;
    int high = cumulative.length - 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (cumulative[middle] > at) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  @Override
  public void end() {}

  public long pairs() {
    return pairs;
  }

  /** The share of pairs told right, ties by half; 0.5 knows nothing. */
  public double score() {
    return pairs == 0 ? 0 : right / pairs;
  }
}
