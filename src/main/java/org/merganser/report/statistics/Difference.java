package org.merganser.report.statistics;

import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The differences between the first of several tokenizers, A, and another one, B.
 *
 * @param shared tokens of the same bytes in both vocabularies
 * @param jaccard shared tokens divided by all different tokens of both
 * @param usesInB share of A's tokens in these texts, counted by use, that B has too
 * @param usesInA share of B's tokens in these texts, counted by use, that A has too
 * @param specialTokens of A and B
 * @param kinds of text, by the difference in tokens, largest first
 */
record Difference(
    int shared,
    @Nullable BigDecimal jaccard,
    @Nullable BigDecimal usesInB,
    @Nullable BigDecimal usesInA,
    SpecialTokens specialTokens,
    List<Kind> kinds) {

  /**
   * The special tokens of A and B.
   *
   * @param both number of tokens that are special in both
   * @param onlyA the texts, by id, of those that are special only in A; 1,000 at most
   * @param onlyB the texts, by id, of those that are special only in B; 1,000 at most
   */
  public record SpecialTokens(int both, List<String> onlyA, List<String> onlyB) {}

  /**
   * The tokens of A and B for one kind of text. The texts are cut into segments of some 160 bytes,
   * each encoded separately.
   *
   * @param kind as {@link TextKind} names it
   * @param bytes of its segments
   * @param share of the bytes of all segments; null without segments
   * @param example the segment with the largest relative difference in tokens; null if all segments
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
   * A segment of text, cut by A and by B.
   *
   * @param document the name of its document
   * @param text the segment
   * @param cutA ends of A's tokens in the text, in bytes
   * @param cutB ends of B's tokens in the text, in bytes
   */
  public record Text(
      String document,
      String text,
      long tokensA,
      long tokensB,
      List<Integer> cutA,
      List<Integer> cutB) {}
}
