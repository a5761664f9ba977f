package org.merganser.corpus;

import java.util.Arrays;

/**
 * The segments of a document's text, in order, and whether a model is trained on each. A reader
 * uses one object for all its documents.
 */
public final class Segments {
  private int[] ends = new int[16];
  private boolean[] loss = new boolean[16];
  private int count;

  /** Removes all segments, for the next document. */
  public void clear() {
    count = 0;
  }

  /**
   * Adds a segment.
   *
   * @param end where it ends in the text of the document, in bytes
   * @param hasLoss whether a model is trained on it
   */
  public void add(int end, boolean hasLoss) {
    if (count == ends.length) {
      ends = Arrays.copyOf(ends, 2 * count);
      loss = Arrays.copyOf(loss, 2 * count);
    }
    ends[count] = end;
    loss[count] = hasLoss;
    count++;
  }

  /** The number of segments. */
  public int count() {
    return count;
  }

  /** Where a segment ends in the text of the document, in bytes. */
  public int end(int segment) {
    return ends[segment];
  }

  /** Whether a model is trained on a segment: its ids are 1 in the loss mask. */
  public boolean hasLoss(int segment) {
    return loss[segment];
  }
}
