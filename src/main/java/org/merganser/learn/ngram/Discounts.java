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
  /**
   * KenLM's discounts if the formula has no values, or none in range, for the counts of a corpus.
   */
  private static final Discounts FALLBACK = new Discounts(0.5, 1, 1.5);

  /**
   * The discounts for the n-grams of an order.
   *
   * @param ofCount the number of n-grams with the index as adjusted count, [1] to [4]
   */
  static Discounts of(long[] ofCount) {
    for (int i = 1; i <= 4; i++) {
      if (ofCount[i] == 0) {
        return FALLBACK;
      }
    }
    double y = ofCount[1] / (ofCount[1] + 2.0 * ofCount[2]);
    double one = 1 - 2 * y * ofCount[2] / ofCount[1];
    double two = 2 - 3 * y * ofCount[3] / ofCount[2];
    double more = 3 - 4 * y * ofCount[4] / ofCount[3];
    boolean inRange = one >= 0 && one <= 1 && two >= 0 && two <= 2 && more >= 0 && more <= 3;
    return inRange ? new Discounts(one, two, more) : FALLBACK;
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
