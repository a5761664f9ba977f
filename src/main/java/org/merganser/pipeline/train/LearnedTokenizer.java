package org.merganser.pipeline.train;

import org.merganser.bpe.train.TrainedBpe;
import org.merganser.job.TrainSection;
import org.merganser.pipeline.output.RunException;
import org.merganser.pipeline.settings.TrainingSettings;
import org.merganser.pipeline.spec.RunSpec;
import org.merganser.pipeline.worker.WorkerTables;
import org.merganser.tokenizer.Tokenizer;
import org.merganser.tokenizer.TokenizerBuilder;
import org.merganser.tokenizer.parts.TokenizerException;

/** Builds the tokenizer of a learned vocabulary, before {@link TokenizerPublication} writes it. */
final class LearnedTokenizer {
  private LearnedTokenizer() {}

  /**
   * The tokenizer with a learned vocabulary.
   *
   * @throws RunException naming a special token that ordinary text can produce, unless the job
   *     allows it
   * @throws org.merganser.embedding.EmbeddingException if the embedding table of the job has no row
   *     for an id
   */
  static Tokenizer of(RunSpec spec, TrainingSettings training, TrainedBpe trained) {
    Tokenizer tokenizer = build(spec.job().requireTraining(), training, trained);
    WorkerTables.requireRows(spec.table(), tokenizer.idBound());
    return tokenizer;
  }

  private static Tokenizer build(
      TrainSection train, TrainingSettings training, TrainedBpe trained) {
    TokenizerBuilder builder =
        TokenizerBuilder.of(trained, training.preTokenizer())
            .normalizer(training.normalizer())
            .specialTokens(training.specialTokens())
            .addedTokens(training.addedTokens())
            .ignoreMerges(training.ignoreMerges())
            .padTo(train.padTo());
    if (train.allowMergeableSpecialTokens()) {
      return builder.allowMergeableSpecialTokens().build();
    }
    try {
      return builder.build();
    } catch (TokenizerException e) {
      throw RunException.wrong("tokenizer.train: %s", e.getMessage()).causedBy(e);
    }
  }
}
