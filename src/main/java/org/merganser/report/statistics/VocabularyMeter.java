package org.merganser.report.statistics;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;
import org.merganser.output.figures.BoundedGroups;
import org.merganser.report.RoundedFractions;
import org.merganser.report.measure.TextPieces;

/** Measures several vocabularies on the same texts. Not thread-safe. */
public final class VocabularyMeter {
  /** A group with less text is never the worst: a few unusual texts would decide. */
  public static final long LEAST_BYTES_OF_WORST = 10_000;

  // Indexes in sums; the token counts of the vocabularies follow.
  private static final int BYTES = 0;
  private static final int WORDS = 1;
  private static final int TOKENS = 2;

  private final List<ComparedTokenizer> sides;
  private final List<DifferenceMeter> differences;
  private final long[] all;
  private final BoundedGroups<long[]> byGroup;
  private long documents;

  /**
   * @param tokenizers to measure; the first is also compared with each of the others
   */
  public VocabularyMeter(List<NamedTokenizer> tokenizers) {
    sides = tokenizers.stream().map(ComparedTokenizer::new).toList();
    differences =
        sides.stream().skip(1).map(other -> new DifferenceMeter(sides.get(0), other)).toList();
    all = new long[TOKENS + sides.size()];
    byGroup = new BoundedGroups<>(() -> new long[TOKENS + sides.size()], VocabularyMeter::addTo);
  }

  /**
   * Measures all vocabularies on {@code text[from, to)}, well-formed UTF-8.
   *
   * @param group null without groups
   * @throws org.merganser.tokenizer.UnencodableException if one of them lacks a character; the text
   *     is then in no figure
   */
  public void add(String document, @Nullable String group, byte[] text, int from, int to) {
    for (ComparedTokenizer side : sides) {
      side.encode(text, from, to);
    }
    long[] sums = new long[all.length];
    sums[BYTES] = (long) to - from;
    TextPieces.split(text, from, to, (start, end, word) -> sums[WORDS] += word ? 1 : 0);
    for (int i = 0; i < sides.size(); i++) {
      sums[TOKENS + i] = sides.get(i).use();
    }
    documents++;
    addTo(all, sums);
    if (group != null) {
      addTo(byGroup.of(group), sums);
    }
    differences.forEach(each -> each.add(document, text, from, to));
  }

  /**
   * The figures of all texts so far.
   *
   * @param dim floats a row of the embedding table; null if unknown
   */
  public VocabularyComparison result(@Nullable Integer dim) {
    SortedMap<String, long[]> groups = byGroup.toMap();
    List<VocabularyComparison.GroupOfTexts> texts = new ArrayList<>();
    groups.forEach(
        (group, sums) ->
            texts.add(new VocabularyComparison.GroupOfTexts(group, sums[BYTES], sums[WORDS])));
    List<MeasuredVocabulary> measured = new ArrayList<>();
    for (int i = 0; i < sides.size(); i++) {
      measured.add(figures(i, groups));
    }
    return VocabularyComparison.of(
        dim,
        new VocabularyComparison.Texts(documents, all[BYTES], all[WORDS], texts),
        sides.stream().map(side -> side.named).toList(),
        measured,
        differences.stream().map(DifferenceMeter::result).toList());
  }

  private MeasuredVocabulary figures(int place, SortedMap<String, long[]> groups) {
    ComparedTokenizer side = sides.get(place);
    VocabularyUse use = VocabularyUse.of(side.uses, side.bytes);
    long tokens = all[TOKENS + place];
    BigDecimal bytesPerToken = RoundedFractions.ratio(all[BYTES], tokens);
    List<MeasuredVocabulary.Group> rows = new ArrayList<>();
    DoubleStream.Builder costs = DoubleStream.builder();
    MeasuredVocabulary.@Nullable Group worst = null;
    for (var group : groups.entrySet()) {
      long[] sums = group.getValue();
      MeasuredVocabulary.Group row =
          new MeasuredVocabulary.Group(
              group.getKey(),
              sums[TOKENS + place],
              RoundedFractions.ratio(sums[BYTES], sums[TOKENS + place]),
              RoundedFractions.ratio(sums[TOKENS + place], sums[WORDS]));
      rows.add(row);
      if (row.bytesPerToken() != null) {
        costs.add((double) row.tokens() / sums[BYTES]);
        if (sums[BYTES] >= LEAST_BYTES_OF_WORST && (worst == null || isLess(row, worst))) {
          worst = row;
        }
      }
    }
    return new MeasuredVocabulary(
        /* rows= */ side.tokenizer.idBound(),
        /* vocabulary= */ (int) side.bytes.ids().count(),
        tokens,
        bytesPerToken,
        /* worstGroup= */ worst == null ? null : worst.group(),
        /* worstBytesPerToken= */ worst == null ? bytesPerToken : worst.bytesPerToken(),
        /* gini= */ RoundedFractions.gini(costs.build()),
        /* fertility= */ RoundedFractions.ratio(tokens, all[WORDS]),
        use.renyiEfficiency(),
        use.rareTokens(),
        use.rareShare(),
        /* groups= */ rows);
  }

  /** Adds {@code more} to {@code sums}, which it returns; fails above 63 bits. */
  private static long[] addTo(long[] sums, long[] more) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] = Math.addExact(sums[i], more[i]);
    }
    return sums;
  }

  private static boolean isLess(MeasuredVocabulary.Group one, MeasuredVocabulary.Group than) {
    return RoundedFractions.asDouble(one.bytesPerToken())
        < RoundedFractions.asDouble(than.bytesPerToken());
  }
}
