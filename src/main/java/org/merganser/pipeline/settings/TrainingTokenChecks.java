package org.merganser.pipeline.settings;

import java.util.ArrayList;
import java.util.List;
import org.merganser.bpe.train.TrainedBpe;
import org.merganser.job.Job;
import org.merganser.job.JobException;
import org.merganser.job.ShardsSection;
import org.merganser.job.TrainSection;
import org.merganser.tokenizer.SpecialTokenSafety;

/** Checks the special and added tokens of a vocabulary before any text is read to learn it. */
public final class TrainingTokenChecks {
  private TrainingTokenChecks() {}

  /**
   * Checks the tokens of a job that learns a vocabulary.
   *
   * @throws JobException naming every special token that ordinary text could produce, unless the
   *     job allows it; or the token that begins documents, if the vocabulary will not have it
   */
  public static void require(Job job) {
    TrainSection train = job.requireTraining();
    TrainingSettings training = TrainingSettings.of(job);
    requireSafe(training, train);
    requireBegin(training, job.shards());
    requireSafe(TrainingSettings.ofTokenizer(job), train);
  }

  /** Checks that ordinary text, cut by these settings, does not produce a special token. */
  private static void requireSafe(TrainingSettings training, TrainSection train) {
    if (train.allowMergeableSpecialTokens()) {
      return;
    }
    TrainedBpe notYetLearned = null;
    List<String> problems =
        new SpecialTokenSafety(training.normalizer(), training.preTokenizer())
            .problems(training.specialTokens(), notYetLearned);
    if (!problems.isEmpty()) {
      throw new JobException("tokenizer.train", problems);
    }
  }

  /**
   * Checks that the vocabulary will have the token that begins documents. A job that continues a
   * tokenizer does not name all of its tokens, so the rules between keys cannot check it.
   */
  private static void requireBegin(TrainingSettings training, ShardsSection shards) {
    String begin = shards.beginOfDocument();
    List<String> tokens = new ArrayList<>(training.specialTokens());
    training.addedTokens().forEach(token -> tokens.add(token.content()));
    if (begin != null && !tokens.contains(begin)) {
      throw new JobException(
          "shards.beginOfDocument",
          List.of(
              "\"%s\" is not among the special and added tokens %s of the learned vocabulary"
                  .formatted(begin, tokens)));
    }
  }
}
