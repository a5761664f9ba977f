package org.merganser.corpus;

import java.util.Arrays;

/**
 * The segments of a document's text, in order, and whether a model is trained on each. One instance
 * is reused.
 */
public final class Segments {
  private int[] ends = new int[16];
  private boolean[] loss = new boolean[16];
  private int count;

  public void clear() {
    count = 0;
  }

  /** Adds a segment that ends at byte {@code end} of the document's text. */
  public void add(int end, boolean trained) {
    if (count == ends.length) {
      ends = Arrays.copyOf(ends, 2 * count);
      loss = Arrays.copyOf(loss, 2 * count);
    }
    ends[count] = end;
    loss[count++] = trained;
  }

  public int count() {
    return count;
  }

  public int end(int segment) {
    return ends[segment];
  }

  public boolean hasLoss(int segment) {
    return loss[segment];
  }
}
