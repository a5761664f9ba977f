package org.merganser.report.statistics;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.merganser.bpe.encode.BpeModel;
import org.merganser.bpe.encode.MergeSteps;
import org.merganser.output.figures.IdHistogram;
import org.merganser.report.RoundedFractions;

/** The number of tokens of the corpus with fewer merges of the same training. */
final class SizeCurve {
  /** The smallest vocabulary of the curve. */
  private static final int SMALLEST = 512;

  private SizeCurve() {}

  /**
   * The corpus with a smaller vocabulary.
   *
   * @param vocabulary ids with a token, added ones included
   * @param merges of the training that are kept
   * @param tokens of the corpus, exactly ({@link MergeSteps})
   * @param bytesPerToken of the corpus; null without tokens
   */
  public record Point(
      int vocabulary, int merges, long tokens, @Nullable BigDecimal bytesPerToken) {}

  /** A wanted size of the vocabulary, and the number of first merges that lead to it. */
  private record Size(int vocabulary, int merges) {}

  /**
   * Points at vocabularies of 512, 1024, 2048 … and at the complete one.
   *
   * @param size ids with a token
   * @param textBytes of the corpus
   */
  static List<Point> of(
      BpeModel model, MergeSteps steps, IdHistogram histogram, int size, long textBytes) {
    List<Size> sizes = sizes(model, size);
    long[] tokens = tokens(sizes, steps, histogram);
    List<Point> points = new ArrayList<>();
    for (int i = 0; i < tokens.length; i++) {
      Size wanted = sizes.get(i);
      BigDecimal bytesPerToken = RoundedFractions.ratio(textBytes, tokens[i]);
      points.add(new Point(wanted.vocabulary, wanted.merges, tokens[i], bytesPerToken));
    }
    return points;
  }

  /** The wanted sizes, ascending; the last one is that of the complete vocabulary. */
  private static List<Size> sizes(BpeModel model, int size) {
    BitSet results = new BitSet();
    for (int rank = 0; rank < model.mergeCount(); rank++) {
      results.set(model.mergeResult(rank));
    }
    int vocabulary = size - results.cardinality(); // without merges
    List<Size> sizes = new ArrayList<>();
    results.clear();
    for (int rank = 0; rank < model.mergeCount(); rank++) {
      int result = model.mergeResult(rank);
      if (!results.get(result)) { // several merges may have one result
        if (isWanted(vocabulary)) {
          sizes.add(new Size(vocabulary, rank));
        }
        results.set(result);
        vocabulary++;
      }
    }
    sizes.add(new Size(size, model.mergeCount()));
    return sizes;
  }

  /** Whether the curve has a point at this size: a power of two. */
  private static boolean isWanted(int vocabulary) {
    return vocabulary >= SMALLEST && Integer.bitCount(vocabulary) == 1;
  }

  /** By element of {@code sizes}, the tokens of the corpus with its merges. */
  private static long[] tokens(List<Size> sizes, MergeSteps steps, IdHistogram histogram) {
    long[] tokens = new long[sizes.size()];
    for (int id = 0; id < histogram.bound(); id++) {
      long count = histogram.count(id);
      if (count > 0) {
        MergeSteps.Steps ofToken = steps.stepsOf(id);
        for (int i = 0; i < tokens.length; i++) {
          long symbols = ofToken.symbolsUnder(sizes.get(i).merges);
          tokens[i] = Math.addExact(tokens[i], Math.multiplyExact(count, symbols));
        }
      }
    }
    return tokens;
  }
}
