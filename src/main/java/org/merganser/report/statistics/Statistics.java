package org.merganser.report.statistics;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.math.BigDecimal;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import org.merganser.json.Json;
import org.merganser.report.ReportException;
import org.merganser.report.measure.TextSums;

/**
 * {@code statistics.json}: every figure of the report but times. The same for the same input and
 * job from anywhere; fractions have six decimals.
 *
 * @param schema version of this format, {@link #SCHEMA}
 * @param tokenizerSha256 of tokenizer/tokenizer.json
 * @param documents encoded for training
 * @param bytes of their text
 * @param tokens of them, those that end documents included
 * @param deadLetters by reason
 * @param bytesPerToken of all text
 * @param charactersPerToken of the measured text; null where none was measured
 * @param use of the vocabulary
 * @param measured what the words of the measured text add up to; null where none was measured
 * @param tokensPerWord tokens that have a part of a word, on average (fertility)
 * @param wholeWords share of words that lie in one token
 * @param continuedWords share of words that are cut
 * @param sizes bytes per token with fewer merges
 * @param groups by the job's groupBy field, the dearest first
 * @param groupGini how unevenly the groups pay, by tokens for a byte
 * @param scripts words by script, the most bytes first
 * @param scriptGini how unevenly the scripts pay, by tokens for a byte
 * @param granularities five ways of cutting; empty where they weren't asked for
 * @param comparison with the job's reference tokenizer; null without one
 */
@JsonPropertyOrder({
  "schema",
  "tokenizerSha256",
  "documents",
  "bytes",
  "tokens",
  "deadLetters",
  "bytesPerToken",
  "charactersPerToken",
  "tokensPerWord",
  "wholeWords",
  "continuedWords",
  "use",
  "vocabulary",
  "measured",
  "sizes",
  "groups",
  "groupGini",
  "scripts",
  "scriptGini",
  "granularities",
  "comparison",
  "verdict"
})
public record Statistics(
    int schema,
    String tokenizerSha256,
    long documents,
    long bytes,
    long tokens,
    SortedMap<String, Long> deadLetters,
    @Nullable BigDecimal bytesPerToken,
    @Nullable BigDecimal charactersPerToken,
    @Nullable BigDecimal tokensPerWord,
    @Nullable BigDecimal wholeWords,
    @Nullable BigDecimal continuedWords,
    VocabularyUse use,
    VocabularyFigures vocabulary,
    @Nullable TextSums measured,
    List<SizeCurve.Point> sizes,
    List<GroupRow> groups,
    @Nullable BigDecimal groupGini,
    List<ScriptRow> scripts,
    @Nullable BigDecimal scriptGini,
    List<GranularityCost> granularities,
    @Nullable Comparison comparison,
    List<Check> verdict) {
  public static final int SCHEMA = 1;
  public static final String FILE = "statistics.json";

  /** A group, and how its bytes per token compare with those of all text. */
  @JsonPropertyOrder({"group", "documents", "bytes", "tokens", "bytesPerToken", "costRatio"})
  public record GroupRow(
      String group,
      long documents,
      long bytes,
      long tokens,
      @Nullable BigDecimal bytesPerToken,
      @Nullable BigDecimal tokensPerWord,
      @Nullable BigDecimal costRatio) {}

  /** The words of a script. */
  @JsonPropertyOrder({"script", "words", "bytes", "tokens", "bytesPerToken", "tokensPerWord"})
  public record ScriptRow(
      String script,
      long words,
      long bytes,
      long tokens,
      @Nullable BigDecimal bytesPerToken,
      @Nullable BigDecimal tokensPerWord) {}

  public byte[] toJson() {
    return Json.figures(this);
  }

  /**
   * @param name how errors call the file
   * @throws ReportException when the bytes are no statistics of this version
   */
  public static Statistics read(byte[] json, String name) {
    Statistics statistics = Json.read(json, Statistics.class, name, ReportException::new);
    if (statistics.schema != SCHEMA) {
      throw new ReportException(
          name + " has schema " + statistics.schema + ", this program reads " + SCHEMA);
    }
    return statistics;
  }
}
