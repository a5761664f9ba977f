package org.merganser.pipeline.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.merganser.bpe.train.BpeTrainer;
import org.merganser.bpe.train.TrainerSettings;
import org.merganser.bpe.train.TrainingBound;
import org.merganser.cli.job.Failures;
import org.merganser.pipeline.output.RunException;

/** What a training says that does not fit its memory. */
final class TrainingMemoryTest {
  private static final long FIXED = (16 << 20) + 256 * 300;

  private static BpeTrainer.CountSource source(int words) {
    return visitor -> {
      byte[] word = new byte[100];
      for (int i = 0; i < words; i++) {
        word[0] = (byte) i;
        word[1] = (byte) (i >> 8);
        visitor.visit(word, 0, word.length, 1 + i % 2);
      }
    };
  }

  private static RunException exceeded(int words, long bytes) {
    BpeTrainer trainer =
        new BpeTrainer(
            new TrainerSettings(
                300, 2, List.of(), TrainerSettings.Alphabet.BYTES, List.of(), null, null));
    TrainingBound bound = new TrainingBound(1, bytes);
    return catchThrowableOfType(
        RunException.class,
        () ->
            TokenizerLearner.explainFailures(
                () -> trainer.train(source(words), bound, learned -> {})));
  }

  @Test
  void namesTheMinimumCountWithWhichTheTrainingFits() {
    // Each word takes 816 bytes by the estimate, and half of them occur once.
    assertThat(exceeded(1000, FIXED + 700_000))
        .hasMessageContaining("needs up to 17.7 MB of memory, and 17.6 MB of a heap of ")
        .hasMessageContaining(
            "Nothing is left out unless the job says so. Either increase the heap, ")
        .hasMessageContaining(
            "; or write tokenizer.train.minPretokenCount: 2 into the job, which leaves out 500 of"
                + " 1,000 distinct pretokens (33.3333 % of their occurrences)");
  }

  @Test
  void namesTheOtherWaysWhereNoMinimumCountIsEnough() {
    assertThat(exceeded(1000, FIXED - 1))
        .hasMessageContaining("; no tokenizer.train.minPretokenCount is enough. ")
        .hasMessageNotContaining("leaves out")
        .hasMessageContaining("or learn from less text (maxBytes) or fewer ids (vocabSize)")
        .hasMessageContaining("MERGANSER_OPTS=-Xmx");
  }

  @Test
  void endsWithTheExitCodeOfMemoryAndTheMessageAlone() {
    StringWriter err = new StringWriter();
    RunException failure = exceeded(1000, FIXED);
    assertThat(Failures.report(failure, new PrintWriter(err, true))).isEqualTo(7);
    assertThat(err).hasToString("merganser: " + failure.getMessage() + System.lineSeparator());
  }
}
