package org.merganser.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.merganser.bpe.IdBuffer;
import org.merganser.learn.ngram.NgramModel;
import org.merganser.learn.ngram.SamplingStrategy;
import org.merganser.tokenizer.SpecialText;
import org.merganser.tokenizer.StreamingDecoder;
import org.merganser.tokenizer.Tokenizer;

/**
 * Predicts the next symbol of a text by an {@link NgramModel}, and continues the text. A symbol of
 * the model is an id, or the end of a document.
 */
final class TextPredictor {
  /**
   * How the symbols of a continuation are drawn.
   *
   * @param k as for {@link SamplingStrategy#apply}
   * @param temperature as for {@link SamplingStrategy#apply}
   */
  record Sampling(SamplingStrategy strategy, int k, double temperature, long seed) {}

  /**
   * What was drawn after a text.
   *
   * @param ids those of the continuation
   * @param ended whether the end of the document was drawn after them
   */
  record Continuation(int[] ids, boolean ended) {}

  private final NgramModel model;
  private final Tokenizer tokenizer;

  /** The begin-of-document id, and then the ids of the text and of its continuation. */
  private final IdBuffer history = new IdBuffer(64);

  /**
   * @param model learned from ids of the tokenizer
   * @param text the beginning of a document
   */
  TextPredictor(NgramModel model, Tokenizer tokenizer, String text) {
    this.model = model;
    this.tokenizer = tokenizer;
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    history.add(model.shape().begin());
    tokenizer.newEncoder(SpecialText.TEXT).encode(utf8, 0, utf8.length, history);
  }

  /** The probability of each symbol after the text, also of ids without a token. */
  double[] distribution() {
    double[] distribution = new double[model.shape().symbols()];
    model.distribution(history.ids(), 0, history.size(), distribution);
    return distribution;
  }

  /**
   * Draws the next symbols, adds them to the text and prints their text.
   *
   * @param maxTokens the maximum number of ids that are drawn
   */
  Continuation continueText(Sampling sampling, int maxTokens, PrintWriter out) {
    StreamingDecoder decoder = newDecoderAfterText();
    SplittableRandom random = new SplittableRandom(sampling.seed());
    int from = history.size();
    boolean hasEnded = false;
    while (!hasEnded && history.size() - from < maxTokens) {
      int symbol = draw(sampling, random);
      hasEnded = symbol == model.shape().end();
      if (!hasEnded) {
        history.add(symbol);
        out.print(decoder.add(symbol));
        out.flush();
      }
    }
    out.print(decoder.end());
    return new Continuation(Arrays.copyOfRange(history.ids(), from, history.size()), hasEnded);
  }

  /** A decoder that has decoded the text so far, which is not printed again. */
  private StreamingDecoder newDecoderAfterText() {
    boolean skipSpecialTokens = false;
    StreamingDecoder decoder = tokenizer.newStreamingDecoder(skipSpecialTokens);
    for (int i = 1; i < history.size(); i++) { // after the begin-of-document id
      String unused = decoder.add(history.ids()[i]);
    }
    return decoder;
  }

  /** Draws the symbol after the text so far. */
  private int draw(Sampling sampling, SplittableRandom random) {
    double[] distribution = distribution();
    clearGaps(distribution);
    sampling.strategy().apply(distribution, sampling.k(), sampling.temperature());
    return SamplingStrategy.draw(distribution, random);
  }

  /**
   * Sets the probabilities of ids without a token, such as padding, to 0, and scales the others to
   * a sum of 1. Such an id has no text, so it is never drawn.
   */
  private void clearGaps(double[] distribution) {
    double gaps = 0;
    for (int id = 0; id < model.shape().idBound(); id++) {
      if (!tokenizer.hasToken(id)) {
        gaps += distribution[id];
        distribution[id] = 0;
      }
    }
    if (gaps > 0) {
      for (int symbol = 0; symbol < distribution.length; symbol++) {
        distribution[symbol] /= 1 - gaps;
      }
    }
  }
}
