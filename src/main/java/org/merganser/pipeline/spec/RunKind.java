package org.merganser.pipeline.spec;

import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.report.measure.TextSample;

/**
 * The kind of a run: it encodes text, only counts its tokens, only learns a vocabulary, or writes
 * further files from the shards of earlier runs.
 */
public sealed interface RunKind extends Serializable {
  /** The source of the tokenizer of the run. */
  TokenizerSource tokenizer();

  /** Reads every document of the corpus with a tokenizer. */
  sealed interface OfCorpus extends RunKind {
    /** The location of the plan: the units to encode, or whose tokens to count. */
    String plan();
  }

  /**
   * Encodes text with a tokenizer that the run learns, loads or finds.
   *
   * @param plan as {@link OfCorpus#plan}
   * @param sample the sample of the documents that is measured for the report
   * @param addsTo the sha256 of the version of the output folder whose shards are kept; null
   *     without {@code corpus.append}, and for the first version
   * @param keptPretokens what counting keeps for encoding; null if encoding reads the text again
   */
  record Encode(
      TokenizerSource tokenizer,
      String plan,
      TextSample sample,
      @Nullable String addsTo,
      @Nullable PretokenReuse keptPretokens)
      implements OfCorpus {}

  /** Counts the ids that {@link Encode} would write. */
  record CountTokens(TokenizerSource tokenizer, String plan) implements OfCorpus {}

  /** Learns a vocabulary without encoding. */
  record Train(TokenizerSource tokenizer) implements RunKind {}

  /**
   * Joins the shards of finished runs with a table, or writes layouts or models from them.
   *
   * @param earlier the outputs of these runs, which share one tokenizer
   * @param masked whether their documents have a loss mask
   */
  record FromShards(
      TokenizerSource.OfEarlierRun tokenizer, List<OutputPaths> earlier, boolean masked)
      implements RunKind {}
}
