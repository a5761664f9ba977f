package org.merganser.report.statistics;

import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The figures of a vocabulary on texts. Tokens that end documents are not counted.
 *
 * @param rows one more than the largest id: rows of an embedding table
 * @param vocabulary ids with a token
 * @param tokens of all texts
 * @param worstGroup the group with the fewest bytes per token, among those with at least 10 kB of
 *     text; null without such groups
 * @param worstBytesPerToken its bytes per token; without such groups those of all texts
 * @param gini the Gini coefficient of the groups' tokens per byte, each group counting once; null
 *     without groups
 * @param fertility tokens of all texts divided by their words
 * @param renyiEfficiency Rényi entropy of order 2.5 of the tokens, divided by the logarithm of
 *     {@code vocabulary}; 1 if all are used equally (Zouhar et al., Tokenization and the Noiseless
 *     Channel, ACL 2023)
 * @param rareTokens tokens that text can produce and that occur fewer than ten times
 * @param rareShare their share of all tokens that text can produce
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

  /** The figures of a group of texts. */
  public record Group(
      String group,
      long tokens,
      @Nullable BigDecimal bytesPerToken,
      @Nullable BigDecimal fertility) {}
}
