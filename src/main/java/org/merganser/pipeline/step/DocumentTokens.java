package org.merganser.pipeline.step;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.merganser.job.ShardsSection;
import org.merganser.output.figures.DocumentMarks;
import org.merganser.pipeline.output.RunException;
import org.merganser.pipeline.spec.RunSpec;
import org.merganser.pipeline.spec.TokenizerConfig;
import org.merganser.pipeline.spec.TokenizerSource;
import org.merganser.tokenizer.Tokenizer;
import org.merganser.tokenizer.parts.AddedToken;
import org.merganser.tokenizer.parts.PostProcessor;

/**
 * Decides which tokens begin and end documents: those that the run puts there ({@link
 * #beginOfDocument}, {@link #endOfDocument}), and those that should be there, by which the manifest
 * counts the documents that begin and end properly ({@link #marks}).
 */
public final class DocumentTokens {
  /** In the place of an id, if a job puts no token there. */
  private static final int NONE = -1;

  private DocumentTokens() {}

  /**
   * The ids that should begin and end a document; null if there are none. The beginning is the
   * token that the job puts there, else that of the tokenizer's template, else that of the
   * tokenizer_config.json next to it. The end is that of the template, else of the config, else the
   * token with which the job ends documents.
   */
  public static @Nullable DocumentMarks marks(RunSpec spec, Tokenizer tokenizer) {
    TokenizerConfig config =
        spec.tokenizer() instanceof TokenizerSource.Loaded loaded
            ? loaded.config()
            : TokenizerConfig.NONE;
    PostProcessor template = tokenizer.parts().postProcessor();
    List<Integer> before = template == null ? List.of() : template.idsBefore();
    List<Integer> after = template == null ? List.of() : template.idsAfter();
    return DocumentMarks.of(
        beginMark(beginOfDocument(spec.job().shards(), tokenizer), before, config),
        endMark(endOfDocument(spec.job().shards(), tokenizer), after, config));
  }

  /**
   * The id that should begin a document; null if there is none.
   *
   * @param ofJob the id that the job puts before each document; -1 for none
   * @param ofTemplate the ids that the template puts there
   */
  private static @Nullable Integer beginMark(
      int ofJob, List<Integer> ofTemplate, TokenizerConfig config) {
    if (ofJob != NONE) {
      return ofJob;
    }
    return ofTemplate.isEmpty() ? config.begin() : ofTemplate.get(0);
  }

  /**
   * The id that should end a document; null if there is none.
   *
   * @param ofJob the id that the job puts after each document; -1 for none
   * @param ofTemplate the ids that the template puts there
   */
  private static @Nullable Integer endMark(
      int ofJob, List<Integer> ofTemplate, TokenizerConfig config) {
    if (!ofTemplate.isEmpty()) {
      return ofTemplate.get(ofTemplate.size() - 1);
    }
    if (config.end() != null || ofJob == NONE) {
      return config.end();
    }
    return ofJob;
  }

  /**
   * The id that the job puts before each document; -1 for none.
   *
   * @throws RunException if the vocabulary does not have the token
   */
  public static int beginOfDocument(ShardsSection shards, Tokenizer tokenizer) {
    String token = shards.beginOfDocument();
    if (token == null) {
      return NONE;
    }
    requireToken("shards.beginOfDocument", token, tokenizer, "the tokenizer");
    return tokenizer.id(token);
  }

  /**
   * Checks that the vocabulary has a token.
   *
   * @param key that names the token
   * @param token null for none, which needs no check
   * @param name of the tokenizer in the error, such as its location
   * @throws RunException if the vocabulary does not have the token
   */
  public static void requireToken(
      String key, @Nullable String token, Tokenizer tokenizer, String name) {
    if (token == null || tokenizer.id(token) >= 0) {
      return;
    }
    List<String> added = tokenizer.addedTokens().stream().map(AddedToken::content).toList();
    throw RunException.wrong(
        "%s: \"%s\" is not a token of %s; its special tokens are %s", key, token, name, added);
  }

  /**
   * The id that the job puts after each document; -1 for none, or if the vocabulary lacks it, which
   * is checked before a run reads text.
   */
  public static int endOfDocument(ShardsSection shards, Tokenizer tokenizer) {
    String token = shards.endOfDocument();
    return token == null ? NONE : tokenizer.id(token);
  }
}
