package org.merganser.report.statistics;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.merganser.bpe.IdBuffer;
import org.merganser.dataset.BoundedGroups;
import org.merganser.dataset.IdHistogram;
import org.merganser.report.RoundedFractions;
import org.merganser.report.measure.PieceSums;
import org.merganser.report.measure.TokenBytes;
import org.merganser.text.regex.RegexLimitException;
import org.merganser.tokenizer.Encoder;
import org.merganser.tokenizer.SpecialText;
import org.merganser.tokenizer.SpecialTextException;
import org.merganser.tokenizer.Tokenizer;
import org.merganser.tokenizer.UnencodableException;

/** Measures a vocabulary on texts. For one thread. */
final class VocabularyMeter {
  private final Tokenizer tokenizer;
  private final Encoder encoder;
  private final TokenBytes tokens;
  private final IdBuffer ids = new IdBuffer(1024);
  private final IdHistogram uses = new IdHistogram();
  private final TextCounts all = new TextCounts();
  private final BoundedGroups<TextCounts> byGroup =
      new BoundedGroups<>(TextCounts::new, TextCounts::plus);
  private long allTokens;
  private long leftOut;

  public VocabularyMeter(Tokenizer tokenizer, SpecialText specialText) {
    this.tokenizer = tokenizer;
    this.encoder = tokenizer.newEncoder(specialText);
    this.tokens = new TokenBytes(tokenizer);
  }

  /**
   * Measures a text, which is encoded by itself.
   *
   * @param group null without groups
   */
  public void add(@Nullable String group, byte[] text) {
    ids.clear();
    try {
      encoder.encodeBytes(text, 0, text.length, ids);
    } catch (SpecialTextException | UnencodableException | RegexLimitException refused) {
      leftOut++;
      return;
    }
    uses.addAll(ids.ids(), ids.size());
    allTokens += ids.size();
    all.add(text, ids.size());
    if (group != null) {
      byGroup.of(group).add(text, ids.size());
    }
  }

  /** The figures of all texts so far. */
  public MeasuredVocabulary figures() {
    List<MeasuredVocabulary.Group> groups = new ArrayList<>();
    List<Double> costs = new ArrayList<>();
    MeasuredVocabulary.@Nullable Group worst = null;
    for (var group : byGroup.toMap().entrySet()) {
      TextCounts counts = group.getValue();
      MeasuredVocabulary.Group row =
          new MeasuredVocabulary.Group(
              group.getKey(),
              counts.tokens,
              RoundedFractions.ratio(counts.bytes, counts.tokens),
              RoundedFractions.ratio(counts.tokens, counts.words));
      groups.add(row);
      if (row.bytesPerToken() != null) {
        costs.add((double) counts.tokens / counts.bytes);
        worst = worst == null || isLess(row, worst) ? row : worst;
      }
    }
    BigDecimal bytesPerToken = RoundedFractions.ratio(all.bytes, allTokens);
    int vocabulary = (int) VocabularyAnalysis.idsOf(tokenizer).count();
    int possible = 0;
    int rare = 0;
    for (int id : VocabularyAnalysis.idsOf(tokenizer).toArray()) {
      if (!tokens.isSpecial(id)) {
        possible++;
        rare += uses.count(id) < PieceSums.RARE ? 1 : 0;
      }
    }
    return new MeasuredVocabulary(
        tokenizer.idBound(),
        vocabulary,
        allTokens,
        bytesPerToken,
        worst == null ? null : worst.group(),
        worst == null ? bytesPerToken : worst.bytesPerToken(),
        costs.isEmpty()
            ? null
            : RoundedFractions.of(
                Inequality.gini(costs.stream().mapToDouble(Double::doubleValue).toArray())),
        RoundedFractions.ratio(allTokens, all.words),
        RoundedFractions.of(VocabularyUse.renyi(uses, vocabulary)),
        rare,
        RoundedFractions.ratio(rare, possible),
        leftOut,
        groups);
  }

  private static boolean isLess(MeasuredVocabulary.Group one, MeasuredVocabulary.Group than) {
    return RoundedFractions.asDouble(one.bytesPerToken())
        < RoundedFractions.asDouble(than.bytesPerToken());
  }
}
