package org.merganser.report.statistics;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import org.merganser.dataset.Manifest;
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
 * @param lossTokens of these, those with a 1 in their loss mask; null, which is not written, where
 *     documents have none
 * @param begun the documents that begin with the token that is meant to begin them; null, which is
 *     not written, where no token is
 * @param ended the documents that end with the token that is meant to end them; null, which is not
 *     written, where no token is
 * @param deadLetters by reason
 * @param bytesPerToken of all text
 * @param sampledOneIn one text in so many was measured; 1 where all were
 * @param use of the vocabulary
 * @param measured what the measured text adds up to
 * @param tokensPerWord tokens that have a part of a word, on average (fertility)
 * @param wholeWords share of words that lie in one token
 * @param sizes bytes per token with fewer merges
 * @param groups by the job's groupBy field, the dearest first
 * @param lengths how many tokens documents have
 * @param groupGini how unevenly the groups pay, by tokens for a byte
 * @param scripts text by script, the most bytes first
 * @param scriptGini how unevenly the scripts pay, by tokens for a byte
 * @param granularities five ways of cutting; empty where they weren't asked for
 * @param comparison with the job's reference tokenizers; null without any
 * @param verdict what wants attention first, what matters most first of that
 */
public record Statistics(
    int schema,
    String tokenizerSha256,
    long documents,
    long bytes,
    long tokens,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Long lossTokens,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Mark begun,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Mark ended,
    SortedMap<String, Long> deadLetters,
    @Nullable BigDecimal bytesPerToken,
    long sampledOneIn,
    @Nullable BigDecimal tokensPerWord,
    @Nullable BigDecimal wholeWords,
    VocabularyUse use,
    VocabularyFigures vocabulary,
    TextSums measured,
    List<SizeCurve.Point> sizes,
    List<GroupRow> groups,
    DocumentLengths lengths,
    @Nullable BigDecimal groupGini,
    List<ScriptRow> scripts,
    @Nullable BigDecimal scriptGini,
    List<GranularityCost> granularities,
    @Nullable VocabularyComparison comparison,
    List<Check> verdict) {
  public static final int SCHEMA = 7;
  public static final String FILE = Manifest.STATISTICS;

  /**
   * Documents that begin, or end, with a token.
   *
   * @param share of all documents for training; null without documents
   */
  public record Mark(int id, String token, long documents, @Nullable BigDecimal share) {}

  /**
   * A group, and how its bytes per token compare with those of all text. Documents without the
   * field are the group {@code (none)}.
   */
  public record GroupRow(
      String group,
      long documents,
      long bytes,
      long tokens,
      @Nullable BigDecimal bytesPerToken,
      @Nullable BigDecimal tokensPerWord,
      @Nullable BigDecimal costRatio) {}

  /** The text of a script ({@link org.merganser.report.measure.TextSums.ScriptSums}). */
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
    int schema;
    try {
      schema =
          Json.field(
              new ByteArrayInputStream(json), "schema", Integer.class, name, Statistics::damaged);
    } catch (IOException e) { // of bytes in memory: they are no text
      throw damaged(name + ": " + e.getMessage(), e);
    }
    if (schema != SCHEMA) {
      throw damaged(
          "%s has schema %s, this program reads %s".formatted(name, schema, SCHEMA), null);
    }
    return Json.read(json, Statistics.class, name, Statistics::damaged);
  }

  /** The failure of figures that cannot be read, with what to do. */
  public static ReportException damaged(String what, @Nullable Throwable cause) {
    return new ReportException(
        what + "; run the job again, which writes the file again and keeps the shards", cause);
  }

  /**
   * One line of the verdict.
   *
   * @param name such as {@code round-trip}
   * @param passed whether all is well
   * @param value that was judged; null where nothing is counted
   * @param limit of the value: the least of {@code even-use}, the most of the others
   * @param found what was found, in words
   * @param wanted the limit in words
   * @param advice what to do where it isn't; empty where it is
   */
  public record Check(
      String name,
      boolean passed,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable BigDecimal value,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable BigDecimal limit,
      String found,
      String wanted,
      String advice) {
    public Check {
      advice = passed ? "" : advice;
    }
  }
}
