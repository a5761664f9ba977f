package org.merganser.report.statistics;

import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Two tokenizers on the same texts.
 *
 * @param nameA how the first is called: its path
 * @param sizeA ids with a token
 * @param shared tokens of the same bytes in both vocabularies
 * @param jaccard shared over all tokens of either
 * @param usesInB share of the uses of A's tokens, on these texts, whose token B has too
 * @param documents compared
 * @param bytes of text
 * @param byGroup by the group of the document, where there is one
 * @param kinds of text, that of the largest difference in tokens first
 */
public record Comparison(
    String nameA,
    String nameB,
    String sha256A,
    String sha256B,
    int sizeA,
    int sizeB,
    int shared,
    @Nullable BigDecimal jaccard,
    @Nullable BigDecimal usesInB,
    @Nullable BigDecimal usesInA,
    long documents,
    long bytes,
    long tokensA,
    long tokensB,
    @Nullable BigDecimal bytesPerTokenA,
    @Nullable BigDecimal bytesPerTokenB,
    List<Row> byGroup,
    List<Kind> kinds) {

  /** A group's cost under both. */
  public record Row(
      String group,
      long bytes,
      long tokensA,
      long tokensB,
      @Nullable BigDecimal bytesPerTokenA,
      @Nullable BigDecimal bytesPerTokenB) {}

  /**
   * What both make of one kind of text ({@link TextKind}): of stretches of the texts of some 160
   * bytes, each encoded alone.
   *
   * @param share of the bytes of all stretches
   * @param examples where the numbers of tokens differ most, in relation, the furthest first
   */
  public record Kind(
      String kind,
      long bytes,
      @Nullable BigDecimal share,
      long tokensA,
      long tokensB,
      @Nullable BigDecimal bytesPerTokenA,
      @Nullable BigDecimal bytesPerTokenB,
      List<Text> examples) {}

  /**
   * A text, cut by both.
   *
   * @param cutA ends of A's tokens in the text, in bytes
   */
  public record Text(
      String document,
      String text,
      long tokensA,
      long tokensB,
      List<Integer> cutA,
      List<Integer> cutB) {}
}
