package org.merganser.report.statistics;

import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.merganser.message.Phrase;
import org.merganser.message.Plural;
import org.merganser.report.RoundedFractions;

/**
 * The checks of a {@link Verdict} that few documents repeat others or are nearly empty, and that
 * none is most of the corpus.
 *
 * @param unusual the figures that are judged
 * @param all the number of all documents for training
 * @param checks receives the checks
 */
record DocumentChecks(UnusualDocuments unusual, long all, CheckList checks) {
  // Limits of shares of the documents.
  private static final BigDecimal MOST_EQUAL = new BigDecimal("0.01");
  private static final BigDecimal MOST_EMPTY = new BigDecimal("0.01");
  private static final BigDecimal MOST_SHORT = new BigDecimal("0.1");

  /** The share of all tokens that one of fewer than {@link #MANY} documents may have. */
  private static final BigDecimal LARGEST_OF_FEW = new BigDecimal("0.5");

  /** The share of all tokens that one of {@link #MANY} or more documents may have. */
  static final BigDecimal LARGEST_OF_MANY = new BigDecimal("0.1");

  /** With fewer documents, the largest one is not judged. */
  private static final int FEW = 10;

  /** With fewer documents, one of them may well have a tenth of all tokens. */
  static final int MANY = 100;

  /** Adds the checks. */
  void add() {
    addEqualTexts();
    checks.addShare(
        "empty-documents",
        unusual.empty().share(),
        MOST_EMPTY,
        Phrase.of("%,d of %,d documents have no text", unusual.empty().documents(), all),
        "does corpus.textField name the field with the text? Else remove these records");
    checks.addShare(
        "short-documents",
        unusual.veryShort().share(),
        MOST_SHORT,
        Phrase.of(
            "%,d of %,d documents have text of fewer than %d tokens",
            unusual.veryShort().documents(), all, unusual.shortBelow()),
        "is each a document, or a line of one? corpus.format and corpus.separator decide that");
    UnusualDocuments.Largest largest = unusual.largest();
    if (largest != null && all >= FEW) {
      checks.addShare(
          "largest-document",
          largest.share(),
          all >= MANY ? LARGEST_OF_MANY : LARGEST_OF_FEW,
          Phrase.of(
              "the largest document has %.1f %% of the tokens: %s of %s",
              100 * RoundedFractions.asDouble(largest.share()), largest.id(), largest.file()),
          "is it one document? corpus.format and corpus.separator decide where documents end");
    }
  }

  /** Checks that few documents have the text of an earlier one, unless the job leaves them out. */
  private void addEqualTexts() {
    UnusualDocuments.Equal equal = unusual.equal();
    checks.addShare(
        "equal-texts",
        equal.leftOut() ? BigDecimal.ZERO : equal.share(),
        MOST_EQUAL,
        foundEqual(equal),
        "set corpus.deduplicate: exact, which keeps the first document of each text; with"
            + " corpus.append, remove equal documents before the run");
  }

  /** The number of documents with the text of an earlier one, in words. */
  private String foundEqual(UnusualDocuments.Equal equal) {
    if (equal.leftOut()) {
      return Phrase.of(
          "corpus.deduplicate left out %s with the text of an earlier one",
          Plural.of(equal.documents(), "document"));
    }
    String estimate =
        equal.sampledOneIn() == 1
            ? ""
            : Phrase.of(", an estimate from one text in %,d", equal.sampledOneIn());
    return Phrase.of(
        "%,d of %,d documents have the text of an earlier one%s%s",
        equal.documents(), all, estimate, mostFrequent(equal.mostFrequent()));
  }

  /** The end of a sentence with the most frequent text; empty if it is unknown. */
  private static String mostFrequent(@Nullable List<UnusualDocuments.Text> texts) {
    if (texts == null || texts.isEmpty()) {
      return "";
    }
    UnusualDocuments.Text first = texts.get(0);
    return Phrase.of(
        "; the text of %s of %s occurs most often (%s%,d times)",
        first.id(), first.file(), first.sampledOneIn() == 1 ? "" : "about ", first.documents());
  }
}
