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
 */
public record VocabularyComparison(
    @Nullable Integer dim, Texts texts, List<Row> vocabularies, List<Difference> differences) {
  /**
   * The texts that all are measured on.
   *
   * @param words maximal runs of letters, marks and numbers; in scripts without spaces, letters
   */
  public record Texts(long documents, long bytes, long words, List<GroupOfTexts> groups) {}

  public record GroupOfTexts(String group, long bytes, long words) {}

  /**
   * One of the vocabularies.
   *
   * @param sha256 of its tokenizer.json
   * @param embeddingParameters rows times dim; null if dim is unknown
   * @param best whether it is in the Pareto set: each other vocabulary has more rows, or fewer
   *     bytes per token in the worst group, or is equal in both
   */
  public record Row(
      String name,
      String sha256,
      MeasuredVocabulary figures,
      @Nullable Long embeddingParameters,
      boolean best) {}

  static VocabularyComparison of(
      @Nullable Integer dim,
      Texts texts,
      List<NamedTokenizer> tokenizers,
      List<MeasuredVocabulary> measured,
      List<Difference> differences) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < measured.size(); i++) {
      MeasuredVocabulary one = measured.get(i);
      rows.add(
          new Row(
              tokenizers.get(i).name(),
              tokenizers.get(i).sha256(),
              one,
              dim == null ? null : (Long) Math.multiplyExact((long) dim, one.rows()),
              measured.stream().noneMatch(other -> isBetter(other, one))));
    }
    return new VocabularyComparison(dim, texts, rows, differences);
  }

  private static boolean isBetter(MeasuredVocabulary one, MeasuredVocabulary than) {
    BigDecimal bytes = one.worstBytesPerToken();
    BigDecimal others = than.worstBytesPerToken();
    if (bytes == null || others == null) {
      return false;
    }
    int more = bytes.compareTo(others);
    return one.rows() <= than.rows() && more >= 0 && (one.rows() < than.rows() || more > 0);
  }

  /** A short name for a vocabulary, by its place in the list: A to Z, then A1 to Z1. */
  public static String letter(int place) {
    return (char) ('A' + place % 26) + (place < 26 ? "" : String.valueOf(place / 26));
  }
}
