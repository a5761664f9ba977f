package org.merganser.report.statistics;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Several vocabularies on the same texts.
 *
 * @param dim floats a row of the embedding table; null if unknown
 * @param texts on which the vocabularies were measured
 * @param vocabularies in the given order
 * @param differences of the first vocabulary and each other one, in their order
 * @param leftOut the records that are in no figure: without text, or with one that a vocabulary
 *     cannot encode; an excerpt counts as one
 */
public record VocabularyComparison(
    @Nullable Integer dim,
    Texts texts,
    List<Row> vocabularies,
    List<Difference> differences,
    long leftOut) {
  /**
   * The texts on which all vocabularies were measured.
   *
   * @param documents their number; an excerpt counts as one
   * @param bytes of all texts
   * @param words maximal runs of letters, marks and numbers; in scripts without spaces, letters
   * @param groups the texts by group; empty without groups
   */
  public record Texts(long documents, long bytes, long words, List<GroupOfTexts> groups) {}

  /** The texts of a group. */
  public record GroupOfTexts(String group, long bytes, long words) {}

  /**
   * One of the vocabularies.
   *
   * @param name of the tokenizer
   * @param sha256 of its tokenizer.json
   * @param embeddingParameters rows times dim; null if dim is unknown
   * @param best whether it is in the Pareto set: no other vocabulary is at least as good in rows
   *     (fewer are better) and in bytes per token of the worst group (more are better), and better
   *     in one of them. A vocabulary without bytes per token is always in the set
   */
  public record Row(
      String name,
      String sha256,
      MeasuredVocabulary figures,
      @Nullable Long embeddingParameters,
      boolean best) {}

  /**
   * The comparison of measured vocabularies.
   *
   * @param tokenizers that were measured
   * @param measured the figures of each tokenizer, in the same order
   * @param leftOut the records that are in no figure
   */
  static VocabularyComparison of(
      @Nullable Integer dim,
      Texts texts,
      List<NamedTokenizer> tokenizers,
      List<MeasuredVocabulary> measured,
      List<Difference> differences,
      long leftOut) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < measured.size(); i++) {
      NamedTokenizer tokenizer = tokenizers.get(i);
      MeasuredVocabulary figures = measured.get(i);
      Long parameters = dim == null ? null : (Long) Math.multiplyExact((long) dim, figures.rows());
      boolean isBest = measured.stream().noneMatch(other -> dominates(other, figures));
      rows.add(new Row(tokenizer.name(), tokenizer.sha256(), figures, parameters, isBest));
    }
    return new VocabularyComparison(dim, texts, rows, differences, leftOut);
  }

  /** Whether a vocabulary is at least as good as another one in both figures, and better in one. */
  private static boolean dominates(MeasuredVocabulary one, MeasuredVocabulary other) {
    BigDecimal bytesOfOne = one.worstBytesPerToken();
    BigDecimal bytesOfOther = other.worstBytesPerToken();
    if (bytesOfOne == null || bytesOfOther == null) {
      return false;
    }
    int fewerRows = Integer.compare(other.rows(), one.rows()); // above 0: one has fewer
    int moreBytes = bytesOfOne.compareTo(bytesOfOther);
    return fewerRows >= 0 && moreBytes >= 0 && (fewerRows > 0 || moreBytes > 0);
  }
}
