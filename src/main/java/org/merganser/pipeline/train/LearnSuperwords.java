package org.merganser.pipeline.train;

import java.util.List;
import org.apache.beam.sdk.values.PCollection;
import org.merganser.corpus.select.DuplicateList;
import org.merganser.pipeline.output.FileRef;
import org.merganser.pipeline.select.DocumentChoice;
import org.merganser.pipeline.step.Broadcast;
import org.merganser.pipeline.step.RunSpec;
import org.merganser.pipeline.step.Stage;
import org.merganser.pipeline.step.StepFn;
import org.merganser.pipeline.step.TokenizerSource;
import org.merganser.pipeline.train.count.CountPretokens;
import org.merganser.pipeline.train.count.CountingUnit;
import org.merganser.pipeline.train.count.MergeCounts;

/**
 * Learns a tokenizer whose tokens span words from the merged counts of pretokens, and publishes its
 * folder. The text is read twice more:
 *
 * <pre>
 * counts ─▶ words ┬▶ CountPairs ─▶ MergePairs ─▶ pairs ┬▶ CountRuns ─▶ MergeRuns ─▶ tokenizer
 * </pre>
 */
record LearnSuperwords(
    RunSpec spec,
    TokenizerSource.FromText text,
    Broadcast<DocumentChoice> choice,
    Broadcast<DuplicateList> duplicates) {

  /** Learns from the documents that {@code choice} trains on, {@code duplicates} left out. */
  PCollection<FileRef> learn(PCollection<String> mergedCounts) {
    PCollection<FileRef> words =
        mergedCounts.apply(
            "Words",
            LearnTokenizer.onOneWorker(
                StepFn.of(
                    spec,
                    Stage.LEARN_WORDS,
                    (run, context) -> new SuperwordLearner(run, List.of()),
                    SuperwordLearner::words)));
    Broadcast<FileRef> wordsToAll = Broadcast.one("WordsToWorkers", words);
    PCollection<FileRef> pairs =
        counts(words, Stage.COUNT_WORD_PAIRS, List.of(wordsToAll))
            .apply(
                "Pairs",
                LearnTokenizer.onOneWorker(
                    StepFn.of(
                        spec,
                        Stage.COUNT_WORD_PAIRS,
                        (run, context) ->
                            new SuperwordLearner(run, List.of(wordsToAll.get(context))),
                        SuperwordLearner::pairs,
                        wordsToAll)));
    Broadcast<FileRef> pairsToAll = Broadcast.one("PairsToWorkers", pairs);
    return counts(pairs, Stage.COUNT_WORD_RUNS, List.of(wordsToAll, pairsToAll))
        .apply(
            "Tokenizer",
            LearnTokenizer.onOneWorker(
                StepFn.of(
                    spec,
                    Stage.LEARN,
                    (run, context) ->
                        new SuperwordLearner(
                            run, List.of(wordsToAll.get(context), pairsToAll.get(context))),
                    SuperwordLearner::tokenizer,
                    wordsToAll,
                    pairsToAll)));
  }

  /**
   * The units are planned when the one element of {@code signal} is there, because the direct
   * runner polls waiting elements again and again.
   */
  private PCollection<String> counts(
      PCollection<FileRef> signal, Stage stage, List<Broadcast<FileRef>> words) {
    String name = stage == Stage.COUNT_WORD_PAIRS ? "Pairs" : "Runs";
    return signal
        .apply("Plan" + name, CountingUnit.plan(spec, text))
        .apply("Count" + name, CountPretokens.of(spec, text, choice, duplicates, stage, words))
        .apply("Merge" + name, MergeCounts.of(spec, stage));
  }
}
