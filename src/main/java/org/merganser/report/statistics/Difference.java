package org.merganser.report.statistics;

import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The differences between the first of several tokenizers, A, and another one, B, on the texts on
 * which all were measured.
 *
 * @param shared tokens of the same bytes in both vocabularies
 * @param jaccard shared tokens divided by all different tokens of both
 * @param usesInB share of A's tokens in the texts, counted by use, that B has too; null without
 *     tokens
 * @param usesInA share of B's tokens in the texts, counted by use, that A has too; null without
 *     tokens
 * @param specialTokens of A and B
 * @param kinds of text, those with the largest difference between the numbers of tokens first
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
   * @param onlyA the texts, by id, of those that are special only in A; at most {@link
   *     DifferenceMeter#MOST_SPECIAL}
   * @param onlyB the texts, by id, of those that are special only in B; at most {@link
   *     DifferenceMeter#MOST_SPECIAL}
   */
  public record SpecialTokens(int both, List<String> onlyA, List<String> onlyB) {}

  /**
   * The tokens of A and B for one kind of text. The texts are cut into segments of whole sentences,
   * of at least {@link DifferenceMeter#SEGMENT_BYTES} unless the text ends, and each segment is
   * encoded alone.
   *
   * @param kind as {@link TextKind} names it
   * @param bytes of its segments
   * @param share of the bytes of all segments; null without segments
   * @param example the segment with the largest ratio between the numbers of tokens, of those that
   *     are neither too short nor too long; null if there is none
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
   * @param tokensA the number of A's tokens
   * @param tokensB the number of B's tokens
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
