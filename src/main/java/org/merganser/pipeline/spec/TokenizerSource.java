package org.merganser.pipeline.spec;

import java.io.Serializable;
import org.merganser.pipeline.output.FileRef;
import org.merganser.pipeline.settings.CountingSpread;

/** The source of the tokenizer of a run. */
public sealed interface TokenizerSource extends Serializable {

  /**
   * The fingerprint of the tokenizer's files; empty for a run without a tokenizer folder of its
   * own.
   */
  String fingerprint();

  /** A tokenizer that is known before the graph runs. */
  sealed interface Ready extends TokenizerSource {
    /** The tokenizer.json. */
    FileRef file();
  }

  /**
   * A tokenizer that the job names; it is published before the graph runs.
   *
   * @param config of the file next to it
   */
  record Loaded(String fingerprint, FileRef file, TokenizerConfig config) implements Ready {}

  /**
   * A tokenizer that this run or an earlier one has learned already, from the same job and input.
   */
  record LearnedBefore(String fingerprint, FileRef file) implements Ready {}

  /** The tokenizer of the runs whose shards are read. */
  record OfEarlierRun(FileRef file) implements Ready {
    @Override
    public String fingerprint() {
      return "";
    }
  }

  /**
   * A tokenizer that this run learns from text.
   *
   * @param plan location of the units to count
   * @param counting how counting them is spread
   * @param countFingerprint of what pretoken counts depend on, besides each unit's input
   */
  record FromText(String fingerprint, String plan, CountingSpread counting, String countFingerprint)
      implements TokenizerSource {}

  /** A tokenizer that this run learns from the tables of counts that the job names. */
  record FromCounts(String fingerprint) implements TokenizerSource {}
}
