package org.merganser.report.statistics;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.merganser.output.figures.IdHistogram;
import org.merganser.report.RoundedFractions;
import org.merganser.report.measure.PieceSums;
import org.merganser.report.measure.TokenBytes;

/**
 * How the corpus uses the vocabulary.
 *
 * @param renyiEfficiency Rényi entropy of order 2.5 of the tokens, divided by the logarithm of the
 *     vocabulary's size (Zouhar et al., Tokenization and the Noiseless Channel, ACL 2023): 1 if all
 *     tokens are used equally; null without text, and for a vocabulary of one token
 * @param rareTokens tokens, without special ones, that occur fewer than {@link PieceSums#RARE}
 *     times
 * @param rareShare their share of all tokens that are not special; null without such tokens
 * @param zipf tokens by count: rank and count, at most some hundred places
 */
record VocabularyUse(
    @Nullable BigDecimal renyiEfficiency,
    int rareTokens,
    @Nullable BigDecimal rareShare,
    List<Place> zipf) {
  /** The order of the Rényi entropy, at which the paper found the best agreement with BLEU. */
  private static final double ALPHA = 2.5;

  /** The places of {@link #zipf} from one rank to the rank ten times as large. */
  private static final int PLACES_A_DECADE = 24;

  /** A token's rank by count, from 1, and its count. */
  public record Place(long rank, long count) {}

  /**
   * The use of a vocabulary.
   *
   * @param histogram the counts of the ids in the corpus
   * @param bytes of the tokens, which say which ids have a token
   */
  static VocabularyUse of(IdHistogram histogram, TokenBytes bytes) {
    int[] ofText = bytes.ids().filter(id -> !bytes.isSpecial(id)).toArray();
    int rare =
        (int) Arrays.stream(ofText).filter(id -> histogram.count(id) < PieceSums.RARE).count();
    return new VocabularyUse(
        RoundedFractions.of(renyi(histogram, (int) bytes.ids().count())),
        rare,
        RoundedFractions.ratio(rare, ofText.length),
        zipf(histogram));
  }

  /**
   * {@code log(Σ pᵢ^α) / ((1 − α) log n)} with α = 2.5; infinite without text, and infinite or NaN
   * for a vocabulary of one token.
   */
  private static double renyi(IdHistogram histogram, int vocabulary) {
    double total = histogram.total();
    double sum = 0;
    for (int id = 0; id < histogram.bound(); id++) {
      if (histogram.count(id) > 0) {
        sum += StrictMath.pow(histogram.count(id) / total, ALPHA);
      }
    }
    return StrictMath.log(sum) / (1 - ALPHA) / StrictMath.log(vocabulary);
  }

  /** Places at ranks that grow evenly on a logarithmic scale, or by 1 if that is more. */
  private static List<Place> zipf(IdHistogram histogram) {
    long[] counts =
        IntStream.range(0, histogram.bound())
            .mapToLong(histogram::count)
            .filter(count -> count > 0)
            .sorted()
            .toArray();
    int used = counts.length;
    List<Place> places = new ArrayList<>();
    long last = 0;
    for (int step = 0; last < used; step++) {
      long rank = Math.round(StrictMath.pow(10, (double) step / PLACES_A_DECADE));
      rank = Math.min(used, Math.max(rank, last + 1));
      places.add(new Place(rank, counts[(int) (used - rank)]));
      last = rank;
    }
    return places;
  }
}
