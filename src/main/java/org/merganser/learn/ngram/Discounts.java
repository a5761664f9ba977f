package org.merganser.learn.ngram;

/**
 * The discounts of modified Kneser-Ney for an adjusted count of 1, 2, and 3 or more (Chen and
 * Goodman 1998, "An empirical study of smoothing techniques for language modeling", eq. 26).
 *
 * @param one is subtracted from an adjusted count of 1
 * @param two is subtracted from an adjusted count of 2
 * @param more is subtracted from a larger one
 */
record Discounts(double one, double two, double more) {
  /** The largest adjusted count whose n-grams decide the discounts. */
  static final int MAX_COUNT = 4;

  /**
   * KenLM's discounts for a corpus whose counts give the formula no values, or a value out of
   * range.
   */
  private static final Discounts FALLBACK = new Discounts(0.5, 1, 1.5);

  /**
   * The discounts for the n-grams of an order.
   *
   * @param ngrams the number of n-grams by adjusted count, from 0 to {@link #MAX_COUNT}
   */
  static Discounts estimate(long[] ngrams) {
    for (int count = 1; count <= MAX_COUNT; count++) {
      if (ngrams[count] == 0) {
        return FALLBACK;
      }
    }
    double y = ngrams[1] / (ngrams[1] + 2.0 * ngrams[2]);
    Discounts estimated =
        new Discounts(
            1 - 2 * y * ngrams[2] / ngrams[1],
            2 - 3 * y * ngrams[3] / ngrams[2],
            3 - 4 * y * ngrams[4] / ngrams[3]);
    return estimated.areInRange() ? estimated : FALLBACK;
  }

  /** Whether each discount is from 0 to the least count from which it is subtracted. */
  boolean areInRange() {
    return one >= 0 && one <= 1 && two >= 0 && two <= 2 && more >= 0 && more <= 3;
  }

  /** The discount of an adjusted count. */
  double of(long adjusted) {
    if (adjusted == 0) {
      return 0;
    }
    if (adjusted == 1) {
      return one;
    }
    return adjusted == 2 ? two : more;
  }
}
