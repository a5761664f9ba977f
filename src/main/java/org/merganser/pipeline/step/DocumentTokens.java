package org.merganser.pipeline.step;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.merganser.job.Job;
import org.merganser.job.ShardsSection;
import org.merganser.output.figures.DocumentMarks;
import org.merganser.pipeline.output.RunException;
import org.merganser.pipeline.spec.RunSpec;
import org.merganser.pipeline.spec.TokenizerConfig;
import org.merganser.pipeline.spec.TokenizerSource;
import org.merganser.tokenizer.Tokenizer;
import org.merganser.tokenizer.parts.PostProcessor;

/** The tokens that a run puts before and after each document. */
public final class DocumentTokens {
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
    int begun = beginOfDocument(spec.job().shards(), tokenizer);
    Integer begin = before.isEmpty() ? config.begin() : before.get(0);
    int ended = endOfDocument(spec.job(), tokenizer);
    Integer end = config.end() == null && ended >= 0 ? (Integer) ended : config.end();
    return DocumentMarks.of(
        begun >= 0 ? (Integer) begun : begin, after.isEmpty() ? end : after.get(after.size() - 1));
  }

  /**
   * The id that the job puts before each document, or -1.
   *
   * @throws RunException if the vocabulary does not have the token
   */
  public static int beginOfDocument(ShardsSection shards, Tokenizer tokenizer) {
    String token = shards.beginOfDocument();
    if (token == null) {
      return -1;
    }
    requireToken("shards.beginOfDocument", token, tokenizer, "the tokenizer");
    return tokenizer.id(token);
  }

  /**
   * @param key that names the token
   * @param location of the tokenizer, for the error
   * @throws RunException if the vocabulary does not have the token
   */
  public static void requireToken(
      String key, @Nullable String token, Tokenizer tokenizer, String location) {
    if (token != null && tokenizer.id(token) < 0) {
      throw RunException.wrong(
          "%s: \"%s\" is not a token of %s; its special tokens are %s",
          key,
          token,
          location,
          tokenizer.addedTokens().stream().map(added -> added.content()).toList());
    }
  }

  /** The id that ends each document; -1 without one. */
  public static int endOfDocument(Job job, Tokenizer tokenizer) {
    String token = job.shards().endOfDocument();
    return token == null ? -1 : tokenizer.id(token);
  }
}
