package org.merganser.report.measure;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * The vocabulary that one way of cutting text needs.
 *
 * @param distinct pieces of both parts: the size of the vocabulary that covers all text
 * @param covering95 the size of the smallest vocabulary, most frequent pieces first, that covers 95
 *     % of the training part
 * @param unknown share of the pieces of the validation part that the training part doesn't have
 * @param rare share of the distinct pieces of the training part that occur there fewer than {@link
 *     #RARE} times
 */
public record PieceSums(
    long distinct, long covering95, @Nullable BigDecimal unknown, @Nullable BigDecimal rare) {
  /** A piece that occurs fewer times gives a model little to learn from. */
  public static final int RARE = 10;
}
