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
 * @param documents compared, or excerpts of them
 * @param bytes of text
 * @param specialTokens of either
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
    SpecialTokens specialTokens,
    List<Row> byGroup,
    List<Kind> kinds) {

  /**
   * The special tokens of both.
   *
   * @param listed those that one of the two lacks before the others, and of these those whose text
   *     occurs most often; 1,000 at most
   */
  public record SpecialTokens(int both, int onlyA, int onlyB, List<SpecialToken> listed) {}

  /**
   * A special token of one or both.
   *
   * @param idA null where it is no special token of A
   * @param tokensA that A makes of its text: 1 where it is a special token; null where A cannot
   *     encode it
   * @param occurrences of its text in the texts
   */
  public record SpecialToken(
      String token,
      @Nullable Integer idA,
      @Nullable Integer idB,
      @Nullable Integer tokensA,
      @Nullable Integer tokensB,
      long occurrences) {}

  /** A group's cost under both. */
  public record Row(
      String group,
      long bytes,
      long tokensA,
      long tokensB,
      @Nullable BigDecimal bytesPerTokenA,
      @Nullable BigDecimal bytesPerTokenB) {}

  /**
   * What both make of one kind of text: of stretches of the texts of some 160 bytes, each encoded
   * alone.
   *
   * @param kind text of special tokens, or as {@link TextKind} calls it
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
