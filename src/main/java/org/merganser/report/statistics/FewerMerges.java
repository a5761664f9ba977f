package org.merganser.report.statistics;

import java.util.BitSet;
import org.merganser.bpe.encode.BpeModel;
import org.merganser.bpe.encode.MergeSteps;
import org.merganser.dataset.IdHistogram;
import org.merganser.report.measure.PieceSums;

/**
 * How often the tokens of a vocabulary would occur with fewer merges: merges are undone from the
 * last one back, and the uses of what a merge makes become uses of its two parts. That is what
 * encoding with fewer merges gives wherever a merge joins only what earlier ones made, as training
 * makes them; then {@link #tokens} is the number of {@link MergeSteps}. In a file of merges in
 * another order it may not be, and the caller compares the two.
 */
final class FewerMerges {
  private final BpeModel model;
  private final MergeSteps steps;
  private final long[] counts;
  private final BitSet ids;
  private int merges;

  /**
   * @param ids with a token
   */
  FewerMerges(BpeModel model, MergeSteps steps, BitSet ids, IdHistogram histogram) {
    this.model = model;
    this.steps = steps;
    this.ids = (BitSet) ids.clone();
    this.merges = model.mergeCount();
    this.counts = new long[Math.max(model.idBound(), Math.max(ids.length(), histogram.bound()))];
    for (int id = 0; id < histogram.bound(); id++) {
      counts[id] = histogram.count(id);
    }
  }

  /** Undoes all merges but the first ones. */
  void undoTo(int first) {
    while (merges > first) {
      merges--;
      int made = model.mergeResult(merges);
      if (steps.madeAt(made) == merges) {
        counts[model.mergeLeft(merges)] += counts[made];
        counts[model.mergeRight(merges)] += counts[made];
        counts[made] = 0;
        ids.clear(made);
      }
    }
  }

  /** Tokens of the corpus. */
  long tokens() {
    long sum = 0;
    for (long count : counts) {
      sum = Math.addExact(sum, count);
    }
    return sum;
  }

  /** Tokens of the vocabulary that occur seldom. */
  int rare() {
    return (int) ids.stream().filter(id -> counts[id] < PieceSums.RARE).count();
  }
}
