package org.merganser.report.statistics;

import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How well n-gram models over different tokens predict the same text, each learned from the same
 * other text.
 *
 * @param order tokens of the longest n-gram
 * @param trainingBytes of the text that the models are learned from
 * @param heldOutBytes of the text that is predicted
 * @param heldOut {@code validation}: documents kept from training; {@code stretches}: stretches of
 *     the training documents, which the tokenizer has seen
 * @param ways from the shortest tokens on
 */
record Prediction(
    int order, long trainingBytes, long heldOutBytes, String heldOut, List<Way> ways) {

  /**
   * Models over one kind of token.
   *
   * @param kind {@code letters}, {@code words}, {@code size} (the run's tokenizer with fewer
   *     merges), {@code run} or {@code reference}
   * @param name of a reference; empty for the others
   * @param vocabulary different tokens that the model knows
   * @param symbols predicted: tokens, and the ends of stretches
   * @param bitsPerByte −log2 of the probability of the text, over its bytes
   * @param error half the width of its 95 % confidence interval, over stretches; null of fewer than
   *     five
   * @param perplexity 2^(bits / symbols)
   */
  public record Way(
      String kind,
      String name,
      int vocabulary,
      long symbols,
      @Nullable BigDecimal bitsPerByte,
      @Nullable BigDecimal error,
      @Nullable BigDecimal perplexity) {}
}
