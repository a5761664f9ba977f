package org.merganser.report.statistics;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.math.BigDecimal;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import org.merganser.json.Json;
import org.merganser.output.manifest.Manifest;
import org.merganser.report.ReportException;
import org.merganser.report.measure.TextSums;

/**
 * {@code statistics.json}: every figure of the report except times. {@link StatisticsMaker}
 * computes them. Deterministic for the same input and job; fractions have six decimals.
 *
 * @param schema version of this format, {@link #SCHEMA_VERSION}
 * @param tokenizerSha256 of tokenizer/tokenizer.json
 * @param documents encoded for training
 * @param bytes of their text
 * @param tokens of these documents, with those that begin and end documents
 * @param lossTokens the number of these tokens with a 1 in the loss mask; null, which is not
 *     written, if documents have no mask
 * @param begun the documents that begin with the job's {@code shards.beginOfDocument}; null, which
 *     is not written, if the job has none
 * @param ended the documents that end with the job's {@code shards.endOfDocument}; null, which is
 *     not written, if the job has none
 * @param deadLetters by reason
 * @param bytesPerToken of these documents; null without tokens
 * @param sampledOneIn one text in this many was measured; 1 if all were
 * @param tokensPerWord tokens that have a part of a word, on average (fertility); null without
 *     words
 * @param wholeWords share of words that are within one token; null without words
 * @param use how the corpus uses the vocabulary
 * @param vocabulary its composition, and its tokens that the corpus does not have
 * @param measured sums over the measured text
 * @param sizes bytes per token with fewer merges
 * @param groups by the job's groupBy field, the most expensive first
 * @param lengths numbers of tokens of documents
 * @param unusual documents to look at: empty, short, equal ones; null, which is not written, in the
 *     figures of an earlier version of the program
 * @param groupGini the Gini coefficient of the groups' tokens per byte
 * @param scripts text by script, the most bytes first
 * @param scriptGini the Gini coefficient of the scripts' tokens per byte
 * @param granularities five ways of cutting; empty if they were not requested
 * @param comparison with the job's reference tokenizers; null without any
 * @param verdict the checks, failed ones first, in the order of {@link Verdict}
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
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable UnusualDocuments unusual,
    @Nullable BigDecimal groupGini,
    List<ScriptRow> scripts,
    @Nullable BigDecimal scriptGini,
    List<GranularityCost> granularities,
    @Nullable VocabularyComparison comparison,
    List<Check> verdict) {
  /** The version of this format that this program writes, and the only one that it reads. */
  public static final int SCHEMA_VERSION = 7;

  /** The path of the file in the output folder. */
  public static final String FILE = Manifest.STATISTICS;

  /**
   * Documents that begin, or end, with a token.
   *
   * @param id of the token
   * @param token the text of the token
   * @param documents their number
   * @param share of all documents for training; null without documents
   */
  public record Mark(int id, String token, long documents, @Nullable BigDecimal share) {}

  /**
   * A group.
   *
   * @param group its name, which is {@code (none)} for documents without the field
   * @param documents for training, as are its bytes and tokens
   * @param bytesPerToken of these documents; null without tokens
   * @param tokensPerWord of its measured text; null without words
   * @param costRatio its tokens per byte, divided by those of all text; null without text
   */
  public record GroupRow(
      String group,
      long documents,
      long bytes,
      long tokens,
      @Nullable BigDecimal bytesPerToken,
      @Nullable BigDecimal tokensPerWord,
      @Nullable BigDecimal costRatio) {}

  /** The measured text of a script ({@link TextSums.ScriptSums}); quotients by 0 are null. */
  public record ScriptRow(
      String script,
      long words,
      long bytes,
      long tokens,
      @Nullable BigDecimal bytesPerToken,
      @Nullable BigDecimal tokensPerWord) {}

  /**
   * One line of the verdict.
   *
   * @param name such as {@code round-trip}
   * @param passed whether the value is within its limit
   * @param value that was judged; null if there is none
   * @param limit of the value: the minimum for {@code even-use}, the maximum for the others; null
   *     for {@code decoder}, which has no figure
   * @param found the value in words
   * @param wanted the limit in words
   * @param advice the next step if the check failed, else empty
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
      if (passed) {
        advice = "";
      }
    }
  }

  /** The content of the file. */
  public byte[] toJson() {
    return Json.figures(this);
  }

  /**
   * Reads the content of a file.
   *
   * @param name of the file in errors
   * @throws ReportException if the bytes are not statistics of this version
   */
  public static Statistics read(byte[] json, String name) {
    int schema = Json.schema(json, name, Statistics::damaged);
    if (schema != SCHEMA_VERSION) {
      throw damaged(
          "%s has schema %s, this program reads %s".formatted(name, schema, SCHEMA_VERSION), null);
    }
    return Json.read(json, Statistics.class, name, Statistics::damaged);
  }

  /**
   * The failure of a file of figures that cannot be read, this one or {@code lengths.json}; its
   * message says what to do.
   */
  public static ReportException damaged(String what, @Nullable Throwable cause) {
    return new ReportException(
        what + "; run the job again, which writes the file again and keeps the shards", cause);
  }
}
