package org.merganser.tokenizer;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.merganser.bpe.encode.BpeModel;
import org.merganser.text.normalize.NormalizerSpec;
import org.merganser.text.normalize.Origins;
import org.merganser.text.pretokenize.PreTokenizerSpec;
import org.merganser.text.pretokenize.PretokenSink;
import org.merganser.tokenizer.parts.AddedToken;
import org.merganser.tokenizer.parts.AddedVocabulary;

/**
 * Cuts documents into pretokens as encoding does, without a model; training counts these. Allocates
 * nothing for a document. Not thread-safe.
 */
public final class TrainingPretokenizer {
  private final PretokenPath path;

  /** Receives the pretokens of the current call of {@link #split}. */
  private PretokenSink sink = (text, start, ends, count) -> {};

  /**
   * A pre-tokenizer that cuts special tokens among {@code addedTokens} out like any others.
   *
   * @param normalizer null for none
   * @param preTokenizer null for none: text between added tokens is then one pretoken
   * @param addedTokens cut out of the text first (HF: tokens added before training); other added
   *     tokens are text
   * @throws org.merganser.tokenizer.parts.TokenizerException naming what is not reproduced exactly
   */
  public TrainingPretokenizer(
      @Nullable NormalizerSpec normalizer,
      @Nullable PreTokenizerSpec preTokenizer,
      List<AddedToken> addedTokens) {
    this(normalizer, preTokenizer, addedTokens, SpecialText.PARSE);
  }

  /**
   * A pre-tokenizer that treats special tokens in one of three ways.
   *
   * @param addedTokens as in the other constructor
   * @param specialText the treatment of special tokens among {@code addedTokens}
   */
  public TrainingPretokenizer(
      @Nullable NormalizerSpec normalizer,
      @Nullable PreTokenizerSpec preTokenizer,
      List<AddedToken> addedTokens,
      SpecialText specialText) {
    BpeModel noModel = null;
    List<String> warnings = new ArrayList<>(); // of ids, which training does not use
    AddedVocabulary vocabulary =
        new AddedVocabulary(addedTokens, noModel, normalizer, "added tokens", warnings);
    path =
        new PretokenPath(
            vocabulary,
            normalizer,
            preTokenizer,
            specialText,
            (text, start, ends, count) -> sink.accept(text, start, ends, count),
            (id, text, from, to) -> {},
            () -> Origins.NONE);
  }

  /**
   * Passes the pretokens of {@code text[from, to)}, well-formed UTF-8, to {@code target}.
   *
   * @throws IllegalArgumentException for ill-formed text, as {@link Encoder#encode}; some pretokens
   *     may have been passed
   * @throws SpecialTextException if special tokens are rejected and the text has one; the pretokens
   *     before it may have been passed
   */
  public void split(byte[] text, int from, int to, PretokenSink target) {
    sink = target;
    path.run(text, from, from, to);
  }
}
