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
   * The learned tokenizer.json.
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
    boolean encoded = spec.kind() instanceof RunKind.OfCorpus run && run.plan().equals(text.plan());
    Broadcast<DuplicateList> duplicates =
        encoded
            ? encodedDuplicates
            : FindDuplicates.toWorkers("FindTrainingDuplicates", pipeline, spec, text.plan());
    Broadcast<DocumentChoice> choice =
        ChooseTrainingDocuments.toWorkers(pipeline, spec, text.plan(), duplicates);
    PCollection<String> counts =
        pipeline
            .apply("CountingImpulse", Impulse.create())
            .apply("PlanCounting", CountingUnit.plan(spec, text))
            .apply(
                "CountPretokens",
                CountPretokens.of(spec, text, choice, duplicates, Stage.COUNT, List.of()))
            .apply("CombineCounts", CombineCounts.of(spec, Stage.COUNT));
    return spec.job().requireTraining().superwords() == null
        ? counts.apply("LearnTokenizer", learn(spec))
        : counts.apply(
            "LearnSuperwords",
            PTransform.compose(new LearnSuperwords(spec, text, choice, duplicates)::learn));
  }

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
   * its folder. The text is read two more times:
   *
   * <pre>
   * counts ─▶ words ┬▶ CountPairs ─▶ CombinePairs ─▶ pairs ┬▶ CountRuns ─▶ CombineRuns ─▶ tokenizer
   * </pre>
   */
  private record LearnSuperwords(
      RunSpec spec,
      TokenizerSource.FromText text,
      Broadcast<DocumentChoice> choice,
      Broadcast<DuplicateList> duplicates) {
    /** Learns from the documents that {@code choice} trains on, {@code duplicates} left out. */
    PCollection<FileRef> learn(PCollection<String> combinedCounts) {
      PCollection<FileRef> words =
          combinedCounts.apply(
              "Words", step(Stage.LEARN_WORDS, List.of(), SuperwordLearner::words));
      List<Broadcast<FileRef>> made = List.of(Broadcast.one("WordsToWorkers", words));
      PCollection<FileRef> pairs =
          counts(words, Stage.COUNT_WORD_PAIRS, made)
              .apply("Pairs", step(Stage.COUNT_WORD_PAIRS, made, SuperwordLearner::pairs));
      List<Broadcast<FileRef>> both = List.of(made.get(0), Broadcast.one("PairsToWorkers", pairs));
      return counts(pairs, Stage.COUNT_WORD_RUNS, both)
          .apply("Tokenizer", step(Stage.LEARN, both, SuperwordLearner::tokenizer));
    }

    /**
     * A step of the learner.
     *
     * @param made the files of the earlier steps
     */
    private PTransform<PCollection<String>, PCollection<FileRef>> step(
        Stage stage,
        List<Broadcast<FileRef>> made,
        StepFn.Work<SuperwordLearner, List<String>, FileRef> work) {
      StepFn.LogicFactory<SuperwordLearner> learner =
          (run, context) ->
              new SuperwordLearner(run, made.stream().map(file -> file.get(context)).toList());
      return onOneWorker(Steps.of(spec, stage, learner, made.toArray(Broadcast<?>[]::new)), work);
    }

    /**
     * Counts pairs or runs of words; returns the locations of the combined counts. The units are
     * planned when the one element of {@code signal} exists, because the direct runner polls
     * waiting elements repeatedly.
     */
    private PCollection<String> counts(
        PCollection<FileRef> signal, Stage stage, List<Broadcast<FileRef>> words) {
      String name = stage == Stage.COUNT_WORD_PAIRS ? "Pairs" : "Runs";
      return signal
          .apply("Plan" + name, CountingUnit.plan(spec, text))
          .apply("Count" + name, CountPretokens.of(spec, text, choice, duplicates, stage, words))
          .apply("Combine" + name, CombineCounts.of(spec, stage));
    }
  }
}
