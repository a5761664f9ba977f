package org.merganser.report.statistics;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.merganser.report.RoundedFractions;
import org.merganser.report.measure.Granularity;
import org.merganser.report.measure.PieceSums;
import org.merganser.report.measure.TextSums;

/**
 * The cost of one way of cutting text: the number of tokens and the size of the vocabulary.
 *
 * @param unit sentence, word, letter, byte or subword
 * @param tokens of the measured text
 * @param relativeToLetters tokens divided by the number of letters: compute grows with it
 * @param vocabulary ids needed to cover all of the measured text
 * @param covering95 ids that cover 95 % of the training part; null if not counted
 * @param unknown share of tokens of the validation part that the training part lacks; null if
 *     unknown
 * @param rare share of the training part's vocabulary with fewer than ten occurrences; null if not
 *     counted
 */
record GranularityCost(
    String unit,
    long tokens,
    @Nullable BigDecimal relativeToLetters,
    long vocabulary,
    @Nullable Long covering95,
    @Nullable BigDecimal unknown,
    @Nullable BigDecimal rare) {
  /** The number of different bytes. */
  private static final int BYTES = 256;

  /**
   * The costs of all five ways. Bytes are never unknown, and neither are subwords whose vocabulary
   * has all bytes.
   */
  static List<GranularityCost> of(
      TextSums sums,
      Map<Granularity, PieceSums> pieces,
      VocabularyFigures vocabulary,
      VocabularyUse use,
      boolean hasAllBytes) {
    List<GranularityCost> rows = new ArrayList<>();
    rows.add(counted(Granularity.SENTENCE, sums.sentences(), sums, pieces));
    rows.add(counted(Granularity.WORD, sums.pieces(), sums, pieces));
    rows.add(
        new GranularityCost(
            "subword",
            sums.tokens(),
            RoundedFractions.ratio(sums.tokens(), sums.characters()),
            vocabulary.size(),
            null,
            hasAllBytes ? RoundedFractions.of(0) : null,
            use.rareShare()));
    rows.add(counted(Granularity.LETTER, sums.characters(), sums, pieces));
    rows.add(
        new GranularityCost(
            "byte",
            sums.bytes(),
            RoundedFractions.ratio(sums.bytes(), sums.characters()),
            BYTES,
            null,
            RoundedFractions.of(0),
            null));
    return rows;
  }

  /** The cost of a way whose vocabulary was counted. */
  private static GranularityCost counted(
      Granularity kind, long tokens, TextSums sums, Map<Granularity, PieceSums> pieces) {
    PieceSums vocabulary = Objects.requireNonNull(pieces.get(kind));
    return new GranularityCost(
        kind.name().toLowerCase(Locale.ROOT),
        tokens,
        RoundedFractions.ratio(tokens, sums.characters()),
        vocabulary.distinct(),
        vocabulary.covering95(),
        vocabulary.unknown(),
        vocabulary.rare());
  }
}
