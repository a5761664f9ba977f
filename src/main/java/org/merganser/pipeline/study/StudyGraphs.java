package org.merganser.pipeline.study;

import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.transforms.Impulse;
import org.apache.beam.sdk.values.PCollection;
import org.merganser.corpus.select.DuplicateList;
import org.merganser.pipeline.engine.RunnerFlags;
import org.merganser.pipeline.output.OutputLayout;
import org.merganser.pipeline.select.ChooseTrainingDocuments;
import org.merganser.pipeline.select.DocumentChoice;
import org.merganser.pipeline.select.FindDuplicates;
import org.merganser.pipeline.step.Broadcast;
import org.merganser.pipeline.step.RunSpec;
import org.merganser.pipeline.step.RunState;
import org.merganser.pipeline.step.Stage;
import org.merganser.pipeline.step.TokenizerSource;
import org.merganser.pipeline.step.WorkerWatch;
import org.merganser.pipeline.train.CountInOneReading;
import org.merganser.pipeline.train.CountPretokens;
import org.merganser.pipeline.train.LearnSuperwords;
import org.merganser.pipeline.train.LearnTokenizer;
import org.merganser.pipeline.train.MergeCounts;
import org.merganser.pipeline.train.PlanCounting;

/** The pipelines of a study: one that reads the corpus, and one for each vocabulary. */
final class StudyGraphs {
  private final RunSpec first;
  private final long textBytes;
  private final List<String> flags;
  private final Consumer<String> warnings;

  /**
   * @param first any of the ways in which the corpus is counted: all select the same documents
   * @param flags of Beam and its runner
   */
  StudyGraphs(RunSpec first, long textBytes, List<String> flags, Consumer<String> warnings) {
    this.first = first;
    this.textBytes = textBytes;
    this.flags = flags;
    this.warnings = warnings;
  }

  /**
   * Counts the corpus in all ways, unless it was counted.
   *
   * @param ways that differ in what is counted
   */
  void count(List<RunSpec> ways) throws IOException {
    run(
        first.layout(),
        pipeline -> {
          TokenizerSource.FromText text = text(first);
          Broadcast<DuplicateList> duplicates = duplicates(pipeline);
          pipeline
              .apply("CountingImpulse", Impulse.create())
              .apply("PlanCounting", new PlanCounting<>(first, text))
              .apply(
                  "CountInOneReading",
                  new CountInOneReading(
                      ways,
                      ChooseTrainingDocuments.toWorkers(pipeline, first, text.plan(), duplicates),
                      duplicates));
        });
  }

  /** Learns a vocabulary from the tables that {@link #count} left. */
  void learn(StudyVocabulary vocabulary, DocumentChoice chosen) throws IOException {
    RunSpec counting = vocabulary.counting();
    RunSpec learned = vocabulary.learned();
    RunState countingState = RunState.ofDriver(counting.layout()).begin();
    try {
      run(
          learned.layout(),
          pipeline -> {
            TokenizerSource.FromText text = vocabulary.text();
            Broadcast<DuplicateList> duplicates = duplicates(pipeline);
            Broadcast<DocumentChoice> choice = Broadcast.of(chosen);
            PCollection<String> counts =
                pipeline
                    .apply("CountingImpulse", Impulse.create())
                    .apply("PlanCounting", new PlanCounting<>(counting, text))
                    .apply("CountPretokens", new CountPretokens(counting, text, choice, duplicates))
                    .apply("MergeCounts", new MergeCounts(counting, Stage.COUNT));
            if (vocabulary.train().superwords() == null) {
              counts.apply("LearnTokenizer", new LearnTokenizer(learned));
            } else {
              counts.apply(
                  "LearnSuperwords", new LearnSuperwords(learned, text, choice, duplicates));
            }
          });
    } finally {
      countingState.close();
    }
  }

  private Broadcast<DuplicateList> duplicates(Pipeline pipeline) {
    return FindDuplicates.toWorkers("FindDuplicates", pipeline, first, text(first).plan());
  }

  static TokenizerSource.FromText text(RunSpec way) {
    return (TokenizerSource.FromText) way.tokenizer();
  }

  private void run(OutputLayout layout, Consumer<Pipeline> graph) throws IOException {
    Pipeline pipeline = Pipeline.create(RunnerFlags.options(RunnerFlags.forText(flags, textBytes)));
    RunState state = RunState.ofDriver(layout).begin();
    try {
      graph.accept(pipeline);
      WorkerWatch.await(pipeline, flags, state, warnings);
    } finally {
      state.close();
    }
  }
}
