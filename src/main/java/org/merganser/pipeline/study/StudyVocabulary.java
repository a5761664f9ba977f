package org.merganser.pipeline.study;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.merganser.job.StudyJob;
import org.merganser.job.TrainSection;
import org.merganser.pipeline.PreparedRun;
import org.merganser.pipeline.output.OutputLayout;
import org.merganser.pipeline.step.JobComponents;
import org.merganser.pipeline.step.RunSpec;
import org.merganser.pipeline.step.TokenizerSource;
import org.merganser.pipeline.train.TokenizerReceipt;

/**
 * One of the vocabularies of a study.
 *
 * @param name of its folder
 * @param learning the same for vocabularies that differ in their size alone
 * @param run that learns it, prepared as if the study's folder were its own
 */
record StudyVocabulary(String name, String learning, PreparedRun run) {

  static StudyVocabulary of(StudyJob.Arm arm, PreparedRun run) {
    return new StudyVocabulary(arm.name(), arm.learning(), run);
  }

  /** For counting, whose tables lie in the folder of the study. */
  RunSpec counting() {
    return run.spec();
  }

  /** For learning, whose result lies in the vocabulary's own folder. */
  RunSpec learned() {
    RunSpec spec = run.spec();
    return new RunSpec(
        spec.job(), spec.written(), layout(), spec.kind(), spec.table(), spec.excludedIds());
  }

  OutputLayout layout() {
    return OutputLayout.of(run.spec().layout().at(name), false);
  }

  TokenizerSource.FromText text() {
    return (TokenizerSource.FromText) run.spec().tokenizer();
  }

  TrainSection train() {
    return JobComponents.train(run.spec().job());
  }

  /** The receipt of the learned vocabulary; null where it is not there, or not whole. */
  @Nullable TokenizerReceipt receipt() throws IOException {
    return TokenizerReceipt.find(layout(), text().fingerprint());
  }
}
