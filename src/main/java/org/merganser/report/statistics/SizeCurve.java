package org.merganser.report.statistics;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.merganser.bpe.encode.BpeModel;
import org.merganser.bpe.encode.MergeSteps;
import org.merganser.output.figures.IdHistogram;
import org.merganser.report.RoundedFractions;

/** The number of tokens of the corpus with fewer merges of the same training. */
final class SizeCurve {
  private static final int SMALLEST = 512;

  private SizeCurve() {}

  /**
   * @param vocabulary ids with a token, added ones included
   * @param merges of the training that are kept
   * @param tokens of the corpus, exactly ({@link MergeSteps})
   */
  public record Point(
      int vocabulary, int merges, long tokens, @Nullable BigDecimal bytesPerToken) {}

  /**
   * Points at vocabularies of 512, 1024, 2048 … and at the complete one.
   *
   * @param size ids with a token
   */
  static List<Point> of(
      BpeModel model, MergeSteps steps, IdHistogram histogram, int size, long textBytes) {
    BitSet made = new BitSet();
    for (int rank = 0; rank < model.mergeCount(); rank++) {
      made.set(model.mergeResult(rank));
    }
    int base = size - made.cardinality();
    TreeSet<Integer> wanted = new TreeSet<>();
    for (long s = SMALLEST; s < size; s *= 2) {
      if (s >= base) {
        wanted.add((int) s);
      }
    }
    List<int[]> cuts = new ArrayList<>(); // {vocabulary, merges}
    made.clear();
    int vocabulary = base;
    for (int rank = 0; rank < model.mergeCount() && !wanted.isEmpty(); rank++) {
      if (!made.get(model.mergeResult(rank))) {
        if (vocabulary == wanted.first()) {
          cuts.add(new int[] {vocabulary, rank});
          wanted.pollFirst();
        }
        made.set(model.mergeResult(rank));
        vocabulary++;
      }
    }
    cuts.add(new int[] {size, model.mergeCount()});
    long[] tokens = new long[cuts.size()];
    for (int id = 0; id < histogram.bound(); id++) {
      long count = histogram.count(id);
      if (count > 0) {
        steps.run(id);
        for (int i = 0; i < tokens.length; i++) {
          long symbols = steps.symbolsUnder(cuts.get(i)[1]);
          tokens[i] = Math.addExact(tokens[i], Math.multiplyExact(count, symbols));
        }
      }
    }
    List<Point> points = new ArrayList<>();
    for (int i = 0; i < tokens.length; i++) {
      int[] cut = cuts.get(i);
      BigDecimal bytesPerToken = RoundedFractions.ratio(textBytes, tokens[i]);
      points.add(new Point(cut[0], cut[1], tokens[i], bytesPerToken));
    }
    return points;
  }
}
