package org.merganser.pipeline.step;

import java.io.Serializable;
import org.merganser.pipeline.output.OutputLayout;
import org.merganser.report.measure.TextSample;

/** What a run does: encode text, only learn a vocabulary, or make more of another run's shards. */
public sealed interface RunKind extends Serializable {

  TokenizerSource tokenizer();

  /**
   * Encodes text with a tokenizer that it learns or has.
   *
   * @param plan location of the units to encode
   * @param sample of the documents that is measured for the report
   */
  record Encode(TokenizerSource tokenizer, String plan, TextSample sample) implements RunKind {}

  /** Learns a vocabulary and encodes nothing. */
  record Train(TokenizerSource tokenizer) implements RunKind {}

  /**
   * Joins the shards of a finished run with a table, or makes layouts or models of them.
   *
   * @param earlier the output of that run
   */
  record FromShards(TokenizerSource.OfEarlierRun tokenizer, OutputLayout earlier)
      implements RunKind {}
}
