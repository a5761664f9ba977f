package org.merganser.report.statistics;

import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the first of several tokenizers, A, and another one, B, differ.
 *
 * @param shared tokens of the same bytes in both vocabularies
 * @param jaccard shared over all tokens of either
 * @param usesInB share of the uses of A's tokens, on these texts, whose token B has too
 * @param specialTokens of either
 * @param kinds of text, that of the largest difference in tokens first
 */
record Difference(
    int shared,
    @Nullable BigDecimal jaccard,
    @Nullable BigDecimal usesInB,
    @Nullable BigDecimal usesInA,
    SpecialTokens specialTokens,
    List<Kind> kinds) {

  /**
   * The special tokens of both.
   *
   * @param both how many are special tokens of both
   * @param onlyA their texts by id; 1,000 at most, and so are those of B
   */
  public record SpecialTokens(int both, List<String> onlyA, List<String> onlyB) {}

  /**
   * What both make of one kind of text: of stretches of the texts of some 160 bytes, each encoded
   * alone.
   *
   * @param kind as {@link TextKind} calls it
   * @param share of the bytes of all stretches
   * @param example where the numbers of tokens differ most, in relation; null where all stretches
   *     are too short or too long
   */
  public record Kind(
      String kind,
      long bytes,
      @Nullable BigDecimal share,
      long tokensA,
      long tokensB,
      @Nullable BigDecimal bytesPerTokenA,
      @Nullable BigDecimal bytesPerTokenB,
      @Nullable Text example) {}

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
