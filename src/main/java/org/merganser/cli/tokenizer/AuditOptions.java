package org.merganser.cli.tokenizer;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.merganser.cli.job.TextsOptions;
import org.merganser.embedding.exchange.MeanDistances;
import org.merganser.pipeline.step.LocalFiles;
import org.merganser.tokenizer.Tokenizer;
import org.merganser.tokenizer.audit.TokenUse;
import org.merganser.tokenizer.audit.VocabularyAudit;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What a vocabulary is audited with. */
final class AuditOptions {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec command = CommandSpec.create();

  @Mixin private TextsOptions input = new TextsOptions();

  @Option(
      names = "--rare",
      paramLabel = "N",
      description = "Tokens that occur less than N times are rare (${DEFAULT-VALUE}).")
  private long rare = 10;

  @Option(
      names = "--tensor",
      description = "The tensor or column; without it the usual names are looked for.")
  private @Nullable String tensor;

  /** The tensor or column of {@code --embeddings}; null: one of the usual names. */
  @Nullable String tensor() {
    return tensor;
  }

  /** Refuses values that are out of bounds, before anything is read. */
  void check() {
    if (rare < 1) {
      throw new ParameterException(command.commandLine(), "--rare is " + rare + "; at least 1");
    }
  }

  /** Counts the ids of the texts of {@code --input}; null without it. */
  @Nullable CountedTexts count(Tokenizer tokenizer) throws IOException {
    if (!input.isGiven()) {
      return null;
    }
    CountedTexts texts = new CountedTexts(tokenizer, input.isGrouped());
    input.read(texts);
    return texts;
  }

  /**
   * Audits a vocabulary.
   *
   * @param file that the tokenizer was read from
   * @param use of the tokens in texts; null: not known
   * @param embeddings a file with their vectors; null: none
   */
  VocabularyAudit audit(
      Tokenizer tokenizer, Path file, @Nullable TokenUse use, @Nullable String embeddings)
      throws IOException {
    double[] distances =
        embeddings == null
            ? null
            : MeanDistances.of(LocalFiles.of(embeddings), tensor, file, LocalFiles.scratch());
    return VocabularyAudit.of(tokenizer, use, rare, distances);
  }
}
