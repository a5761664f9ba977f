package org.merganser.tokenizer;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.merganser.bpe.TrainedBpe;
import org.merganser.text.NormalizerSpec;
import org.merganser.text.PreTokenizerSpec;

/** Makes a byte-level tokenizer from what the trainer learned, framed as a model family does. */
public final class TokenizerBuilder {
  private TokenizerBuilder() {}

  /**
   * @param specialTokens are in the trained vocabulary and become added tokens as HF's trainer
   *     makes them
   * @param ignoreMerges as Llama 3 sets it
   */
  public static Tokenizer byteLevel(
      TrainedBpe trained,
      List<String> specialTokens,
      @Nullable NormalizerSpec normalizer,
      PreTokenizerSpec preTokenizer,
      boolean ignoreMerges) {
    throw new UnsupportedOperationException("interface only");
  }
}
