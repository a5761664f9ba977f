package org.merganser.report.statistics;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import org.merganser.output.figures.BoundedGroups;
import org.merganser.report.RoundedFractions;
import org.merganser.report.measure.TextPieces;

/** Measures several vocabularies on the same texts. Not thread-safe. */
public final class VocabularyMeter {
  /** A group with fewer bytes of text is never the worst: a few unusual texts would decide. */
  public static final long LEAST_BYTES_OF_WORST = 10_000;

  private final List<ComparedTokenizer> tokenizers;

  /** A meter for the first tokenizer and each other one, in their order. */
  private final List<DifferenceMeter> differences;

  /** The sums of all texts. */
  private final Sums all;

  /** The sums of the texts of each group. */
  private final BoundedGroups<Sums> byGroup;

  /** The number of texts, each a document or an excerpt of one. */
  private long documents;

  /** The number of records that are in no figure. */
  private long leftOut;

  /**
   * A meter for several tokenizers.
   *
   * @param named the tokenizers; the first is also compared with each of the others
   */
  public VocabularyMeter(List<NamedTokenizer> named) {
    tokenizers = named.stream().map(ComparedTokenizer::new).toList();
    differences =
        tokenizers.stream()
            .skip(1)
            .map(other -> new DifferenceMeter(tokenizers.get(0), other))
            .toList();
    all = new Sums(tokenizers.size());
    byGroup = new BoundedGroups<>(() -> new Sums(tokenizers.size()), Sums::plus);
  }

  /**
   * Measures all vocabularies on {@code text[from, to)}, well-formed UTF-8.
   *
   * @param document the name of the text's document
   * @param group null without groups
   * @throws org.merganser.tokenizer.UnencodableException if one of them lacks a character; the text
   *     is then in no figure, and the caller {@linkplain #leaveOut leaves it out}
   */
  public void add(String document, @Nullable String group, byte[] text, int from, int to) {
    for (ComparedTokenizer tokenizer : tokenizers) {
      tokenizer.encode(text, from, to);
    }
    Sums sums = countLast(text, from, to);
    documents++;
    all.plus(sums);
    if (group != null) {
      byGroup.sumsOf(group).plus(sums);
    }
    differences.forEach(each -> each.add(document, text, from, to));
  }

  /** Counts records that are in no figure. */
  public void leaveOut(long records) {
    leftOut += records;
  }

  /**
   * The figures of all texts so far.
   *
   * @param dim floats a row of the embedding table; null if unknown
   */
  public VocabularyComparison result(@Nullable Integer dim) {
    SortedMap<String, Sums> groups = byGroup.toMap();
    List<VocabularyComparison.GroupOfTexts> texts = new ArrayList<>();
    groups.forEach(
        (group, sums) ->
            texts.add(new VocabularyComparison.GroupOfTexts(group, sums.bytes, sums.words)));
    List<MeasuredVocabulary> measured = new ArrayList<>();
    for (int i = 0; i < tokenizers.size(); i++) {
      measured.add(figures(i, groups));
    }
    VocabularyComparison.Texts allTexts =
        new VocabularyComparison.Texts(documents, all.bytes, all.words, texts);
    return VocabularyComparison.of(
        dim,
        allTexts,
        tokenizers.stream().map(tokenizer -> tokenizer.named).toList(),
        measured,
        differences.stream().map(DifferenceMeter::result).toList(),
        leftOut);
  }

  /**
   * Counts the uses of the tokens of {@code text[from, to)}, which all tokenizers have just
   * encoded, and returns the sums of the text.
   */
  private Sums countLast(byte[] text, int from, int to) {
    Sums sums = new Sums(tokenizers.size());
    sums.bytes = (long) to - from;
    TextPieces.split(
        text,
        from,
        to,
        (start, end, isWord) -> {
          if (isWord) {
            sums.words++;
          }
        });
    for (int i = 0; i < tokenizers.size(); i++) {
      sums.tokens[i] = tokenizers.get(i).countLast();
    }
    return sums;
  }

  /**
   * The figures of a tokenizer.
   *
   * @param place of the tokenizer in the list
   */
  private MeasuredVocabulary figures(int place, SortedMap<String, Sums> groups) {
    ComparedTokenizer tokenizer = tokenizers.get(place);
    VocabularyUse use = VocabularyUse.of(tokenizer.uses, tokenizer.bytes);
    int vocabulary = (int) tokenizer.bytes.ids().count();
    long tokens = all.tokens[place];
    BigDecimal bytesPerToken = RoundedFractions.ratio(all.bytes, tokens);
    BigDecimal fertility = RoundedFractions.ratio(tokens, all.words);
    List<MeasuredVocabulary.Group> rows = new ArrayList<>();
    groups.forEach((group, sums) -> rows.add(row(group, sums, place)));
    MeasuredVocabulary.Group worst = worst(rows, groups);
    return new MeasuredVocabulary(
        tokenizer.tokenizer.idBound(),
        vocabulary,
        tokens,
        bytesPerToken,
        worst == null ? null : worst.group(),
        worst == null ? bytesPerToken : worst.bytesPerToken(),
        gini(rows, groups),
        fertility,
        use.renyiEfficiency(),
        use.rareTokens(),
        use.rareShare(),
        rows);
  }

  /** The figures of a tokenizer on the texts of a group. */
  private static MeasuredVocabulary.Group row(String group, Sums sums, int place) {
    long tokens = sums.tokens[place];
    return new MeasuredVocabulary.Group(
        group,
        tokens,
        RoundedFractions.ratio(sums.bytes, tokens),
        RoundedFractions.ratio(tokens, sums.words));
  }

  /** The group with the fewest bytes per token among those with enough text; null without one. */
  private static MeasuredVocabulary.@Nullable Group worst(
      List<MeasuredVocabulary.Group> rows, SortedMap<String, Sums> groups) {
    return rows.stream()
        .filter(row -> row.bytesPerToken() != null)
        .filter(row -> bytes(row, groups) >= LEAST_BYTES_OF_WORST)
        .min(Comparator.comparingDouble(row -> RoundedFractions.asDouble(row.bytesPerToken())))
        .orElse(null);
  }

  /** The Gini coefficient of the tokens per byte of groups with text. */
  private static @Nullable BigDecimal gini(
      List<MeasuredVocabulary.Group> rows, SortedMap<String, Sums> groups) {
    return RoundedFractions.gini(
        rows.stream()
            .filter(row -> row.bytesPerToken() != null)
            .mapToDouble(row -> (double) row.tokens() / bytes(row, groups)));
  }

  /** The bytes of a group's texts. */
  private static long bytes(MeasuredVocabulary.Group row, SortedMap<String, Sums> groups) {
    return Objects.requireNonNull(groups.get(row.group())).bytes;
  }

  /** Sums over texts. */
  private static final class Sums {
    long bytes;
    long words;

    /** The numbers of tokens, by place of the tokenizer. */
    final long[] tokens;

    Sums(int tokenizers) {
      tokens = new long[tokenizers];
    }

    /** Adds other sums to these; fails above 63 bits. */
    Sums plus(Sums other) {
      bytes = Math.addExact(bytes, other.bytes);
      words = Math.addExact(words, other.words);
      for (int i = 0; i < tokens.length; i++) {
        tokens[i] = Math.addExact(tokens[i], other.tokens[i]);
      }
      return this;
    }
  }
}
