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
 * @param relativeToLetters tokens divided by the number of letters, which are all characters:
 *     compute grows with it
 * @param vocabulary ids needed to cover all of the measured text; for subwords and bytes, the
 *     complete vocabulary
 * @param covering95 ids that cover 95 % of the training part; null for subwords and bytes
 * @param unknown share of tokens of the validation part that the training part lacks; 0 for bytes,
 *     and for subwords that have all bytes; null for other subwords, and without a validation part
 * @param rare share of the vocabulary with fewer than {@link PieceSums#RARE} occurrences: for
 *     subwords in the corpus, else in the training part; null without tokens, and for bytes
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
   * The costs of all five ways.
   *
   * @param sums over the measured text
   * @param pieces the counted vocabularies, with one of each {@link Granularity}
   * @param vocabulary of the subwords
   * @param use how the corpus uses this vocabulary
   * @param hasAllBytes whether this vocabulary has a token for each byte
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
    BigDecimal unknownSubwords = hasAllBytes ? RoundedFractions.of(0) : null;
    rows.add(
        ofFixedVocabulary(
            "subword", sums.tokens(), sums, vocabulary.size(), unknownSubwords, use.rareShare()));
    rows.add(counted(Granularity.LETTER, sums.characters(), sums, pieces));
    BigDecimal unknownBytes = RoundedFractions.of(0);
    BigDecimal rareBytes = null; // not counted
    rows.add(ofFixedVocabulary("byte", sums.bytes(), sums, BYTES, unknownBytes, rareBytes));
    return rows;
  }

  /**
   * The cost of a way whose vocabulary does not depend on the measured text and was not counted.
   */
  private static GranularityCost ofFixedVocabulary(
      String unit,
      long tokens,
      TextSums sums,
      long vocabulary,
      @Nullable BigDecimal unknown,
      @Nullable BigDecimal rare) {
    BigDecimal relativeToLetters = RoundedFractions.ratio(tokens, sums.characters());
    Long covering95 = null;
    return new GranularityCost(
        unit, tokens, relativeToLetters, vocabulary, covering95, unknown, rare);
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
