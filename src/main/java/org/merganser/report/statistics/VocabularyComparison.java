package org.merganser.report.statistics;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.merganser.report.RoundedFractions;

/**
 * Several vocabularies on the same texts.
 *
 * @param dim floats a row of the embedding table; null: not said
 * @param texts on which the vocabularies were measured
 * @param vocabularies in the order in which they were given
 */
public record VocabularyComparison(@Nullable Integer dim, Texts texts, List<Row> vocabularies) {
  /**
   * The texts that all are measured on.
   *
   * @param words longest runs of letters, marks and numbers; in scripts without spaces, letters
   */
  public record Texts(long documents, long bytes, long words, List<GroupOfTexts> groups) {}

  /** How much text a group has. */
  public record GroupOfTexts(String group, long bytes, long words) {}

  /**
   * One of the vocabularies.
   *
   * @param name its path
   * @param sha256 of its tokenizer.json
   * @param embeddingParameters rows times dim; null where dim is not said
   * @param best whether each other vocabulary has more rows or gives the worst group fewer bytes
   *     per token (or both are equal): it is in the Pareto set
   */
  public record Row(
      String name,
      String sha256,
      MeasuredVocabulary figures,
      @Nullable Long embeddingParameters,
      boolean best) {}

  /** A vocabulary before it is compared. */
  public record Measured(String name, String sha256, MeasuredVocabulary figures) {}

  /** The comparison. */
  public static VocabularyComparison of(
      @Nullable Integer dim, Texts texts, List<Measured> measured) {
    List<Row> rows = new ArrayList<>();
    for (Measured one : measured) {
      rows.add(
          new Row(
              one.name,
              one.sha256,
              one.figures,
              dim == null ? null : (Long) Math.multiplyExact((long) dim, one.figures.rows()),
              measured.stream().noneMatch(other -> isBetter(other.figures, one.figures))));
    }
    return new VocabularyComparison(dim, texts, rows);
  }

  /** Whether one costs no more and gives no less, and is not equal in both. */
  private static boolean isBetter(MeasuredVocabulary one, MeasuredVocabulary than) {
    BigDecimal bytes = one.worstBytesPerToken();
    BigDecimal others = than.worstBytesPerToken();
    if (bytes == null || others == null) {
      return false;
    }
    int more = bytes.compareTo(others);
    return one.rows() <= than.rows() && more >= 0 && (one.rows() < than.rows() || more > 0);
  }

  /** The most bytes that a token of any has on average. */
  public double mostBytesPerToken() {
    return vocabularies.stream()
        .map(row -> row.figures().bytesPerToken())
        .mapToDouble(RoundedFractions::asDouble)
        .filter(Double::isFinite)
        .max()
        .orElse(1);
  }
}
