package org.merganser.report.statistics;

import java.math.BigDecimal;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntToDoubleFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.merganser.report.RoundedFractions;
import org.merganser.report.measure.TextSample;

/**
 * How far a figure of a sample may be from that of all text: half the width of its 95 % confidence
 * interval. By the grouped jackknife (Wolter 2007, "Introduction to variance estimation"): the
 * figure is computed without each of the sample's random subsamples in turn, and from how these
 * figures differ follows its variance; times the share of the text that is not in the sample.
 *
 * @param sample 0 is the error of each figure where it is all text
 * @param parts what was measured, by subsample; those that hold nothing are left out
 */
record SampleError<T>(TextSample sample, List<T> parts) {
  /** Fewer subsamples say too little. */
  private static final int LEAST = 5;

  /** Half of the interval that holds 95 % of the normal distribution, in standard deviations. */
  private static final double Z = 1.959964;

  /** The error of a quotient of two sums. */
  @Nullable BigDecimal ofRatio(ToLongFunction<T> part, ToLongFunction<T> whole) {
    List<T> counted = parts.stream().filter(each -> whole.applyAsLong(each) > 0).toList();
    long above = counted.stream().mapToLong(part).sum();
    long below = counted.stream().mapToLong(whole).sum();
    return of(
        counted.size(),
        left ->
            (double) (above - part.applyAsLong(counted.get(left)))
                / (below - whole.applyAsLong(counted.get(left))));
  }

  /** The same for parts of these parts. */
  <U> SampleError<U> map(Function<T, U> of) {
    return new SampleError<>(sample, parts.stream().map(of).toList());
  }

  /** The error of any figure, given that of all subsamples but one. */
  @Nullable BigDecimal of(IntToDoubleFunction figureWithout) {
    return of(parts.size(), figureWithout);
  }

  private @Nullable BigDecimal of(int count, IntToDoubleFunction figureWithout) {
    if (sample.isAll()) {
      return RoundedFractions.of(0);
    }
    if (count < LEAST) {
      return null;
    }
    double[] figures = new double[count];
    double mean = 0;
    for (int i = 0; i < count; i++) {
      figures[i] = figureWithout.applyAsDouble(i);
      mean += figures[i] / count;
    }
    double squares = 0;
    for (double figure : figures) {
      squares += (figure - mean) * (figure - mean);
    }
    double left = 1 - StrictMath.pow(2, -sample.halvings());
    double variance = squares * (count - 1) / count * left;
    return RoundedFractions.of(studentT(count - 1) * Math.sqrt(variance));
  }

  /**
   * Student's t of 95 %, as Cornish and Fisher expand it: 2.77 for 4 degrees of freedom (2.776).
   */
  static double studentT(int freedom) {
    double z2 = Z * Z;
    double first = Z * (z2 + 1) / 4;
    double second = Z * (5 * z2 * z2 + 16 * z2 + 3) / 96;
    double third = Z * (3 * z2 * z2 * z2 + 19 * z2 * z2 + 17 * z2 - 15) / 384;
    double n = freedom;
    return Z + first / n + second / (n * n) + third / (n * n * n);
  }
}
