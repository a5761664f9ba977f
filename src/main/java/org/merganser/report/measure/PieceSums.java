package org.merganser.report.measure;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * The vocabulary of one way of cutting text.
 *
 * @param distinct pieces of both parts: the size of the vocabulary that covers all text
 * @param covering95 the size of the smallest vocabulary, most frequent pieces first, that covers 95
 *     % of the training part
 * @param unknown share of the pieces of the validation part that the training part lacks; null if
 *     the validation part is empty
 * @param rare share of the distinct pieces of the training part with fewer than {@link #RARE}
 *     occurrences there; null if that part is empty
 */
public record PieceSums(
    long distinct, long covering95, @Nullable BigDecimal unknown, @Nullable BigDecimal rare) {
  /** A piece with fewer occurrences is rare: a model learns little about it. */
  public static final int RARE = 10;
}
