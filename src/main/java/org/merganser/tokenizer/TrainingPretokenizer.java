package org.merganser.tokenizer;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.merganser.text.normalize.NormalizerSpec;
import org.merganser.text.pretokenize.PreTokenizerSpec;
import org.merganser.text.pretokenize.PretokenSink;
import org.merganser.tokenizer.parts.AddedToken;
import org.merganser.tokenizer.parts.AddedVocabulary;

/**
 * Cuts documents into pretokens as encoding does, without a model; training counts these. Its sink
 * can be changed, so that nothing is allocated for a document. For one thread.
 */
public final class TrainingPretokenizer {
  private PretokenSink sink = (text, start, ends, count) -> {};
  private final PretokenPath path;
  private final PaddedText room = new PaddedText();

  /**
   * A pretokenizer for training.
   *
   * @param addedTokens cut out of the text first (HF: tokens added before training); the text of
   *     other added tokens is text
   * @throws org.merganser.tokenizer.parts.TokenizerException naming what is not reproduced exactly
   */
  public TrainingPretokenizer(
      @Nullable NormalizerSpec normalizer,
      @Nullable PreTokenizerSpec preTokenizer,
      List<AddedToken> addedTokens) {
    this(normalizer, preTokenizer, addedTokens, SpecialText.PARSE);
  }

  /**
   * As {@link #TrainingPretokenizer(NormalizerSpec, PreTokenizerSpec, List)}.
   *
   * @param specialText how the special ones among {@code addedTokens} are treated
   */
  public TrainingPretokenizer(
      @Nullable NormalizerSpec normalizer,
      @Nullable PreTokenizerSpec preTokenizer,
      List<AddedToken> addedTokens,
      SpecialText specialText) {
    AddedVocabulary vocabulary =
        new AddedVocabulary(addedTokens, null, normalizer, "added tokens", new ArrayList<>());
    path =
        new PretokenPath(
            vocabulary,
            normalizer,
            preTokenizer,
            specialText,
            (text, start, ends, count) -> sink.accept(text, start, ends, count),
            (id, text, from, to) -> {},
            null);
  }

  /**
   * Passes the pretokens of {@code text[from, to)}, well-formed UTF-8, to {@code target}.
   *
   * @throws IllegalArgumentException for ill-formed text, as {@link Encoder#encode}; pretokens may
   *     have been passed on
   * @throws SpecialTextException where special tokens are rejected and the text holds one; the
   *     pretokens before it may have been passed on
   */
  public void split(byte[] text, int from, int to, PretokenSink target) {
    sink = target;
    if (PaddedText.isMissing(text, from, to)) {
      path.run(room.copy(text, from, to), 0, 0, to - from);
    } else {
      path.run(text, from, from, to);
    }
  }
}
