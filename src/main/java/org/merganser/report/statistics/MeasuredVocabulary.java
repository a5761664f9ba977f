package org.merganser.report.statistics;

import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The figures of a vocabulary on the texts of a {@link VocabularyMeter}. Tokens that begin or end
 * documents are not counted.
 *
 * @param rows one more than the largest id: rows of an embedding table
 * @param vocabulary ids with a token
 * @param tokens of all texts
 * @param bytesPerToken of all texts; null without tokens
 * @param worstGroup the group with the fewest bytes per token, among those with at least {@link
 *     VocabularyMeter#LEAST_BYTES_OF_WORST} of text; null without such groups
 * @param worstBytesPerToken the bytes per token of the worst group; without such groups those of
 *     all texts; null without tokens
 * @param gini the Gini coefficient of the groups' tokens per byte, each group counting once; null
 *     without groups
 * @param fertility tokens of all texts divided by their words; null without words
 * @param renyiEfficiency as {@link VocabularyUse#renyiEfficiency}
 * @param rareTokens as {@link VocabularyUse#rareTokens}
 * @param rareShare as {@link VocabularyUse#rareShare}
 * @param groups the figures by group; empty without groups
 */
public record MeasuredVocabulary(
    int rows,
    int vocabulary,
    long tokens,
    @Nullable BigDecimal bytesPerToken,
    @Nullable String worstGroup,
    @Nullable BigDecimal worstBytesPerToken,
    @Nullable BigDecimal gini,
    @Nullable BigDecimal fertility,
    @Nullable BigDecimal renyiEfficiency,
    int rareTokens,
    @Nullable BigDecimal rareShare,
    List<Group> groups) {

  /** The figures of a group of texts; a quotient by 0 is null. */
  public record Group(
      String group,
      long tokens,
      @Nullable BigDecimal bytesPerToken,
      @Nullable BigDecimal fertility) {}
}
