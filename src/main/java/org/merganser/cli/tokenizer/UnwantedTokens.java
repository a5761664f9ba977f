package org.merganser.cli.tokenizer;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.merganser.cli.job.MerganserCommand;
import org.merganser.corpus.CorpusSettings;
import org.merganser.message.Phrase;
import org.merganser.tokenizer.Tokenizer;
import org.merganser.tokenizer.audit.TokenKind;
import org.merganser.tokenizer.audit.VocabularyAudit;
import org.merganser.tokenizer.audit.VocabularyTrim;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The options of {@code trim} that say which tokens are removed: tokens of some kinds, listed ones,
 * or as many as leave a number of tokens. {@link VocabularyTrim} decides which of them can be.
 */
final class UnwantedTokens {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec command = CommandSpec.create();

  @Option(
      names = "--remove",
      split = ",",
      paramLabel = "KIND",
      description =
          "Remove the tokens of these kinds, unless others need them; audit lists the kinds.")
  private List<TokenKind> kinds = new ArrayList<>();

  @Option(
      names = "--keep-vocab",
      paramLabel = "N",
      description =
          "Keep N tokens, added ones included: those that occur most in --input, else "
              + "those that were learned first.")
  private @Nullable Integer keepVocab;

  @Option(
      names = "--ids",
      paramLabel = "FILE",
      description =
          "Remove the tokens with these ids, one a line. A token that must stay is an error.")
  private @Nullable Path list;

  @Mixin private AuditOptions options = new AuditOptions();

  /**
   * Checks the options before anything is read.
   *
   * @throws ParameterException for options that contradict each other, or have no effect
   */
  void check() {
    int ways = (kinds.isEmpty() ? 0 : 1) + (keepVocab == null ? 0 : 1) + (list == null ? 0 : 1);
    if (ways != 1) {
      throw wrongUsage("one of --remove, --keep-vocab and --ids says what is removed");
    }
    options.check();
    if (list != null && options.hasInput()) {
      throw wrongUsage("--input has no effect with --ids");
    }
    if (kinds.isEmpty()) {
      MerganserCommand.refuse(command, "without --remove", "--rare");
    }
  }

  /** The number of tokens to keep; null if {@link #ids} are removed instead. */
  @Nullable Integer keepVocab() {
    return keepVocab;
  }

  /** The file that lists ids; null without {@code --ids}. */
  @Nullable Path list() {
    return list;
  }

  /** How the texts of {@code --input} are read; null without it. */
  @Nullable CorpusSettings corpusSettings() {
    return options.corpusSettings();
  }

  /** The counts of the ids in the texts of {@code --input}; null without it. */
  @Nullable CountedTexts count(Tokenizer tokenizer) throws IOException {
    return options.count(tokenizer);
  }

  /**
   * The ids that {@code --ids} or {@code --remove} names.
   *
   * @param texts the result of {@link #count}
   * @throws ParameterException for a line that is no id, and for a kind that needs texts
   */
  BitSet ids(Tokenizer tokenizer, @Nullable CountedTexts texts) throws IOException {
    return list == null ? idsOfKinds(options.audit(tokenizer, texts)) : readIds(list, tokenizer);
  }

  /** The ids of the tokens of {@code --remove}. */
  private BitSet idsOfKinds(VocabularyAudit audit) {
    BitSet ids = new BitSet();
    for (TokenKind kind : kinds) {
      if (!audit.isKnown(kind)) {
        throw wrongUsage("--remove %s needs --input", kind);
      }
      ids.or(audit.ids(kind));
    }
    return ids;
  }

  /** The ids of a file with one a line; blank lines are left out. */
  private BitSet readIds(Path file, Tokenizer tokenizer) throws IOException {
    BitSet ids = new BitSet();
    int number = 0;
    for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
      number++;
      String text = line.strip();
      if (text.isEmpty()) {
        continue;
      }
      int id = text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : -1;
      if (id < 0 || !tokenizer.hasToken(id)) {
        throw wrongUsage(
            "%s: line %d is \"%s\", which is no id of the tokenizer; each line is one of 0 to %d",
            file, number, text, tokenizer.idBound() - 1);
      }
      ids.set(id);
    }
    return ids;
  }

  private ParameterException wrongUsage(String format, Object... values) {
    return new ParameterException(command.commandLine(), Phrase.of(format, values));
  }
}
