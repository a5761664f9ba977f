package org.merganser.report.statistics;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.merganser.message.ShortName;
import org.merganser.output.figures.LengthBucket;
import org.merganser.output.figures.MeasuredDocument;
import org.merganser.report.RoundedFractions;
import org.merganser.report.measure.TextCounts;

/**
 * The documents that people look for first in a new corpus. All are for training; shares are those
 * of all documents for training, or of all their tokens.
 *
 * @param empty the documents without a token of text
 * @param veryShort those with at least one and fewer than {@link #SHORT_BELOW} tokens of text
 * @param shortBelow {@link #SHORT_BELOW}
 * @param largest the longest document; null without documents
 * @param equal the documents that repeat the text of another one
 */
public record UnusualDocuments(
    DocumentCount empty,
    DocumentCount veryShort,
    int shortBelow,
    @Nullable Largest largest,
    Equal equal) {
  /**
   * A document with fewer tokens of text is very short. With the two tokens that may begin and end
   * a document, this is below 16, up to which {@link LengthBucket} keeps all lengths apart.
   */
  static final int SHORT_BELOW = 10;

  /** The number of the most frequent texts that are named. */
  public static final int NAMED = 3;

  /** The most characters of such a text that are shown. */
  private static final int SHOWN_CHARACTERS = 80;

  /**
   * The documents of one kind.
   *
   * @param documents their number
   * @param share of all documents for training; null without documents
   */
  public record DocumentCount(long documents, @Nullable BigDecimal share) {}

  /**
   * The longest document.
   *
   * @param id its name
   * @param file as {@code inputs.jsonl} names it
   * @param offset of its record in the file, in bytes
   * @param tokens with those that begin and end it
   * @param share of the tokens of all documents for training
   */
  public record Largest(
      String id, String file, long offset, long tokens, @Nullable BigDecimal share) {}

  /**
   * The documents that have the text of an earlier one.
   *
   * @param documents their number: for a text of five documents, four
   * @param share of all documents; with {@code leftOut}, of all that were read
   * @param sampledOneIn 1 if they were counted; else an estimate from one text in this many
   * @param leftOut whether the job leaves them out, so that no shard has them
   * @param mostFrequent the texts that the most documents have; null, which is not written, if they
   *     are unknown
   */
  public record Equal(
      long documents,
      @Nullable BigDecimal share,
      long sampledOneIn,
      boolean leftOut,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<Text> mostFrequent) {
    /**
     * Documents that the job keeps.
     *
     * @param copies their number, which may be an estimate
     * @param all the number of all documents for training
     */
    public static Equal counted(TextCounts.Copies copies, long all, List<Text> mostFrequent) {
      long most = Math.max(0, all - 1);
      long documents = Math.min(copies.documents(), most); // an estimate may be larger
      BigDecimal share = RoundedFractions.ratio(documents, all);
      boolean leftOut = false;
      return new Equal(documents, share, copies.oneIn(), leftOut, List.copyOf(mostFrequent));
    }

    /**
     * Documents that the job leaves out.
     *
     * @param documents their number
     * @param read the number of all documents, with those that were left out
     * @param mostFrequent null if unknown
     */
    public static Equal leftOut(long documents, long read, @Nullable List<Text> mostFrequent) {
      BigDecimal share = RoundedFractions.ratio(documents, read);
      long sampledOneIn = 1;
      boolean leftOut = true;
      return new Equal(documents, share, sampledOneIn, leftOut, mostFrequent);
    }
  }

  /**
   * A text of several documents.
   *
   * @param documents their number, the first one included
   * @param sampledOneIn 1 if they were counted; else an estimate from one document in this many
   * @param id of one of them; of the first one if they were counted
   * @param file of this document, as {@code inputs.jsonl} names it
   * @param offset of its record in the file, in bytes
   * @param text its first {@link #SHOWN_CHARACTERS} characters; null, which is not written, in a
   *     report without texts
   */
  public record Text(
      long documents,
      long sampledOneIn,
      String id,
      String file,
      long offset,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String text) {
    public Text {
      id = ShortName.of(id);
      if (text != null) {
        text = beginning(text);
      }
    }

    /** The text, or its first {@link #SHOWN_CHARACTERS} characters and an ellipsis. */
    private static String beginning(String text) {
      return text.codePointCount(0, text.length()) <= SHOWN_CHARACTERS
          ? text
          : text.substring(0, text.offsetByCodePoints(0, SHOWN_CHARACTERS)) + "…";
    }
  }

  /**
   * The unusual documents of a corpus.
   *
   * @param tokensAround the number of tokens that begin and end each document: 0 to 2
   */
  public static UnusualDocuments of(DocumentLengths lengths, int tokensAround, Equal equal) {
    DocumentLengths.Figures all = lengths.all();
    long empty = documentsUpTo(tokensAround, all);
    long veryShort = documentsUpTo(tokensAround + SHORT_BELOW - 1L, all) - empty;
    return new UnusualDocuments(
        count(empty, all), count(veryShort, all), SHORT_BELOW, largest(lengths), equal);
  }

  /**
   * The number of documents with at most {@code tokens} tokens.
   *
   * @param tokens the end of a bucket, see {@link #SHORT_BELOW}
   */
  private static long documentsUpTo(long tokens, DocumentLengths.Figures all) {
    return all.buckets().stream()
        .filter(bucket -> bucket.to() <= tokens)
        .mapToLong(LengthBucket::documents)
        .sum();
  }

  /** A number of documents with its share of all. */
  private static DocumentCount count(long documents, DocumentLengths.Figures all) {
    return new DocumentCount(documents, RoundedFractions.ratio(documents, all.documents()));
  }

  /** The longest document; null without documents. */
  private static @Nullable Largest largest(DocumentLengths lengths) {
    if (lengths.longest().isEmpty()) {
      return null;
    }
    MeasuredDocument longest = lengths.longest().get(0);
    return new Largest(
        longest.id(),
        longest.file(),
        longest.offset(),
        longest.tokens(),
        RoundedFractions.ratio(longest.tokens(), lengths.all().tokens()));
  }
}
