package org.merganser.cli.tokenizer;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.merganser.cli.job.CorpusOptions;
import org.merganser.cli.job.MerganserCommand;
import org.merganser.corpus.CorpusSettings;
import org.merganser.report.measure.PieceSums;
import org.merganser.tokenizer.Tokenizer;
import org.merganser.tokenizer.audit.VocabularyAudit;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options of {@code audit} and {@code trim}: texts to count tokens in, and what is rare. */
final class AuditOptions {
  /** The field of groups: texts are counted together. */
  private static final @Nullable String NO_GROUPS = null;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command = CommandSpec.create();

  @Mixin private CorpusOptions input = new CorpusOptions();

  @Option(
      names = "--rare",
      paramLabel = "N",
      description = "Call tokens rare that occur fewer than N times (${DEFAULT-VALUE}).")
  private long rare = PieceSums.RARE;

  /**
   * Checks the options before anything is read.
   *
   * @throws ParameterException for an option that has no effect, or a value that is not allowed
   */
  void check() {
    if (!input.hasInput()) {
      MerganserCommand.refuse(command, "without --input", "--rare");
      input.refuseOthers("without --input");
    }
    if (rare < 1) {
      throw new ParameterException(command.commandLine(), "--rare is " + rare + "; at least 1");
    }
  }

  /** Whether {@code --input} is given. */
  boolean hasInput() {
    return input.hasInput();
  }

  /** How the texts of {@code --input} are read; null without it. */
  @Nullable CorpusSettings corpusSettings() {
    return input.hasInput() ? input.corpusSettings(NO_GROUPS) : null;
  }

  /** The counts of the ids in the texts of {@code --input}; null without it. */
  @Nullable CountedTexts count(Tokenizer tokenizer) throws IOException {
    if (!input.hasInput()) {
      return null;
    }
    CountedTexts texts = new CountedTexts(tokenizer);
    input.readDocuments(texts, NO_GROUPS);
    return texts;
  }

  /**
   * The findings about a vocabulary.
   *
   * @param texts the result of {@link #count}
   */
  VocabularyAudit audit(Tokenizer tokenizer, @Nullable CountedTexts texts) {
    return VocabularyAudit.of(tokenizer, texts == null ? null : texts::uses, rare);
  }
}
