package org.merganser.pipeline.step;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.CorpusSettings;
import org.merganser.corpus.read.UnitReader;
import org.merganser.job.Job;
import org.merganser.pipeline.settings.ReadingSettings;
import org.merganser.pipeline.settings.TrainingSettings;
import org.merganser.pipeline.spec.RunSpec;
import org.merganser.pipeline.spec.TokenizerSource;
import org.merganser.pipeline.worker.WorkerTokenizers;
import org.merganser.text.scan.CutRule;
import org.merganser.tokenizer.Encoder;
import org.merganser.tokenizer.SpecialText;
import org.merganser.tokenizer.Tokenizer;

/**
 * Builds the readers and encoders of a run, in the same way in all its passes and on all workers.
 */
public final class StepComponents {
  private StepComponents() {}

  /**
   * The rule for cutting documents; null if they are not cut by a rule. All passes use the same
   * rule, so all passes read the same documents and parts.
   */
  public static @Nullable CutRule cutRule(RunSpec spec) {
    Optional<CutRule> rule =
        spec.tokenizer() instanceof TokenizerSource.Loaded loaded
            ? WorkerTokenizers.get(loaded.file()).cutRule()
            : TrainingSettings.cutRule(spec.job());
    return rule.orElse(null);
  }

  /** A reader that cuts documents at the same places in all passes of the run. */
  public static UnitReader reader(RunSpec spec, CorpusSettings settings) {
    return new UnitReader(settings, cutRule(spec));
  }

  /** The reader of the counting passes. */
  public static UnitReader trainingReader(RunSpec spec) {
    return reader(spec, ReadingSettings.trainingSettings(spec.job()));
  }

  /** An encoder for one thread, which treats special tokens in the text as the job says. */
  public static Encoder encoder(RunSpec spec, Tokenizer tokenizer) {
    return tokenizer.newEncoder(spec.job().requireTokenizer().specialText());
  }

  /** The special tokens whose text makes a document a dead letter; empty if none does. */
  public static List<String> rejected(Job job, TrainingSettings training) {
    return job.requireTokenizer().specialText() == SpecialText.REJECT
        ? training.specialTokens()
        : List.of();
  }
}
