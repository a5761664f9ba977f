package org.merganser.pipeline.step;

import java.io.Serializable;
import org.merganser.pipeline.output.FileRef;

/** Where the tokenizer of a run comes from. */
public sealed interface TokenizerSource extends Serializable {

  /**
   * Names what the files of the tokenizer's folder depend on; empty for a run that has no such
   * folder of its own.
   */
  String fingerprint();

  /** A tokenizer that is known before the graph runs. */
  sealed interface Ready extends TokenizerSource {
    FileRef file();
  }

  /** The job names it; it is published before the graph runs. */
  record Loaded(String fingerprint, FileRef file) implements Ready {}

  /** A run with the same job and input learned it before, and published it in the output folder. */
  record LearnedBefore(String fingerprint, FileRef file) implements Ready {}

  /** The tokenizer of the run whose shards are read. */
  record OfEarlierRun(FileRef file) implements Ready {
    @Override
    public String fingerprint() {
      return "";
    }
  }

  /**
   * This run learns it from text.
   *
   * @param plan location of the units to count
   * @param counting how counting them is spread
   * @param countFingerprint of what pretoken counts depend on, beside each unit's input
   */
  record FromText(String fingerprint, String plan, CountingPlan counting, String countFingerprint)
      implements TokenizerSource {}

  /** This run learns it from the tables of counts that the job names. */
  record FromCounts(String fingerprint) implements TokenizerSource {}
}
