package org.merganser.pipeline.learn;

import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.merganser.learn.ngram.NgramLearner;
import org.merganser.learn.ngram.NgramShape;
import org.merganser.pipeline.output.FileRef;
import org.merganser.pipeline.output.OutputLayout;
import org.merganser.pipeline.step.JobComponents;
import org.merganser.pipeline.step.RunSpec;
import org.merganser.pipeline.step.Stage;
import org.merganser.pipeline.step.UnitWork;
import org.merganser.pipeline.worker.WorkerTokenizers;
import org.merganser.tokenizer.Tokenizer;

/** Estimates the n-gram model from merged tables and publishes it; its receipt comes last. */
record NgramPublication(RunSpec spec, FileRef ref) {
  /** The version of the file made from the counts; raising it makes the file again. */
  private static final int VERSION = 3;

  static NgramShape shape(RunSpec spec, FileRef ref) {
    Tokenizer tokenizer = WorkerTokenizers.get(ref);
    return new NgramShape(
        Objects.requireNonNull(spec.job().learn(), "a run that learns says what").ngrams(),
        tokenizer.idBound(),
        JobComponents.endOfDocument(spec.job(), tokenizer));
  }

  /** Returns the location of the receipt; takes those of the merged tables, sorted. */
  String publish(List<String> merged) throws IOException {
    NgramShape shape = shape(spec, ref);
    UnitWork work =
        spec.work(
            Stage.LEARN_NGRAMS,
            "ngrams",
            OutputLayout.AFTER_ALL_UNITS,
            VERSION,
            ref.sha256(),
            TupleTables.sums(merged));
    return work.make(
        files ->
            files.write(
                OutputLayout.NGRAMS,
                NgramLearner.learn(shape, TupleTables.merged(shape.order(), merged))));
  }
}
