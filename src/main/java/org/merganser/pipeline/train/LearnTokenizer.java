package org.merganser.pipeline.train;

import java.util.List;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.Impulse;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PCollection;
import org.merganser.corpus.select.DuplicateList;
import org.merganser.pipeline.count.CombineCounts;
import org.merganser.pipeline.count.CountPretokens;
import org.merganser.pipeline.count.CountingUnit;
import org.merganser.pipeline.engine.ToOneWorker;
import org.merganser.pipeline.output.FileRef;
import org.merganser.pipeline.select.ChooseTrainingDocuments;
import org.merganser.pipeline.select.DocumentChoice;
import org.merganser.pipeline.select.FindDuplicates;
import org.merganser.pipeline.spec.RunKind;
import org.merganser.pipeline.spec.RunSpec;
import org.merganser.pipeline.spec.Stage;
import org.merganser.pipeline.spec.TokenizerSource;
import org.merganser.pipeline.step.Broadcast;
import org.merganser.pipeline.step.StepFn;
import org.merganser.pipeline.step.Steps;

/**
 * Pass 1: counts pretokens, learns merges from the combined counts on one worker, and publishes the
 * tokenizer's folder. The counts come from the text that is encoded, from other inputs, or from
 * tables that the job names.
 */
public final class LearnTokenizer {
  private LearnTokenizer() {}

  /**
   * Adds the steps that learn a tokenizer; returns its tokenizer.json.
   *
   * @param encodedDuplicates the duplicates in the text that is encoded; they apply to counting if
   *     it reads the same plan
   */
  public static PCollection<FileRef> of(
      Pipeline pipeline, RunSpec spec, Broadcast<DuplicateList> encodedDuplicates) {
    if (!(spec.tokenizer() instanceof TokenizerSource.FromText text)) {
      return pipeline
          .apply("GivenCounts", Create.empty(StringUtf8Coder.of()))
          .apply("LearnTokenizer", learn(spec));
    }
    boolean isEncoded =
        spec.kind() instanceof RunKind.OfCorpus run && run.plan().equals(text.plan());
    Broadcast<DuplicateList> duplicates =
        isEncoded
            ? encodedDuplicates
            : FindDuplicates.toWorkers("FindTrainingDuplicates", pipeline, spec, text.plan());
    Broadcast<DocumentChoice> choice =
        ChooseTrainingDocuments.toWorkers(pipeline, spec, text.plan(), duplicates);
    PCollection<String> counts =
        pipeline
            .apply("CountingImpulse", Impulse.create())
            .apply("PlanCounting", CountingUnit.fromPlan(spec, text))
            .apply(
                "CountPretokens",
                CountPretokens.of(spec, text, choice, duplicates, Stage.COUNT, List.of()))
            .apply("CombineCounts", CombineCounts.of(spec, Stage.COUNT));
    if (spec.job().requireTraining().superwords() == null) {
      return counts.apply("LearnTokenizer", learn(spec));
    }
    LearnSuperwords superwords = new LearnSuperwords(spec, text, choice, duplicates);
    return counts.apply("LearnSuperwords", PTransform.compose(superwords::learn));
  }

  /** The step that learns a tokenizer whose tokens do not span words from combined counts. */
  private static PTransform<PCollection<String>, PCollection<FileRef>> learn(RunSpec spec) {
    return onOneWorker(
        Steps.of(spec, Stage.LEARN, (run, context) -> new TokenizerLearner(run)),
        TokenizerLearner::learn);
  }

  /** A step on one worker, which receives the locations of all combined counts at once. */
  private static <L> PTransform<PCollection<String>, PCollection<FileRef>> onOneWorker(
      Steps<L> steps, StepFn.Work<L, List<String>, FileRef> work) {
    return PTransform.compose(
        combinedCounts ->
            combinedCounts
                .apply("AllPartitions", new ToOneWorker())
                .apply("LearnMerges", steps.one(FileRef.class, work)));
  }

  /**
   * Learns a tokenizer whose tokens span words from the combined counts of pretokens, and publishes
   * its folder. The text is read two more times; all steps after Words use its vocabulary:
   *
   * <pre>
   * counts ─▶ Words ─▶ CountPairs ─▶ CombinePairs ─▶ Pairs ─▶ CountRuns ─▶ CombineRuns ─▶ Tokenizer
   * </pre>
   *
   * @param choice the documents to train on
   * @param duplicates the documents that are left out
   */
  private record LearnSuperwords(
      RunSpec spec,
      TokenizerSource.FromText text,
      Broadcast<DocumentChoice> choice,
      Broadcast<DuplicateList> duplicates) {
    /** Adds the steps; returns the tokenizer.json. */
    PCollection<FileRef> learn(PCollection<String> combinedCounts) {
      Steps<SuperwordLearner> wordSteps =
          Steps.of(spec, Stage.LEARN_WORDS, (run, context) -> SuperwordLearner.ofWords(run));
      PCollection<FileRef> words =
          combinedCounts.apply("Words", onOneWorker(wordSteps, SuperwordLearner::learnWords));
      Broadcast<FileRef> wordsFile = Broadcast.one("WordsToWorkers", words);
      Steps<SuperwordLearner> pairSteps =
          Steps.of(spec, Stage.COUNT_WORD_PAIRS, wordsFile, SuperwordLearner::ofPairs);
      PCollection<FileRef> pairs =
          count(words, Stage.COUNT_WORD_PAIRS, List.of(wordsFile))
              .apply("Pairs", onOneWorker(pairSteps, SuperwordLearner::choosePairs));
      Broadcast<FileRef> pairsFile = Broadcast.one("PairsToWorkers", pairs);
      Steps<SuperwordLearner> tokenizerSteps =
          Steps.of(spec, Stage.LEARN, wordsFile, pairsFile, SuperwordLearner::new);
      return count(pairs, Stage.COUNT_WORD_RUNS, List.of(wordsFile, pairsFile))
          .apply("Tokenizer", onOneWorker(tokenizerSteps, SuperwordLearner::learnTokenizer));
    }

    /**
     * Counts pairs or runs of words; returns the locations of the combined counts. The units are
     * planned when the one element of {@code signal} exists, because the direct runner polls
     * waiting elements repeatedly.
     *
     * @param wordFiles the files by which words are recognized, as of {@link CountPretokens#of}
     */
    private PCollection<String> count(
        PCollection<FileRef> signal, Stage stage, List<Broadcast<FileRef>> wordFiles) {
      String name = stage == Stage.COUNT_WORD_PAIRS ? "Pairs" : "Runs";
      return signal
          .apply("Plan" + name, CountingUnit.fromPlan(spec, text))
          .apply(
              "Count" + name, CountPretokens.of(spec, text, choice, duplicates, stage, wordFiles))
          .apply("Combine" + name, CombineCounts.of(spec, stage));
    }
  }
}
