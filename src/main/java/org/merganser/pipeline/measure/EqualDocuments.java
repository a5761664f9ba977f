package org.merganser.pipeline.measure;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.select.FrequentTexts;
import org.merganser.output.figures.RecordSums;
import org.merganser.pipeline.select.DuplicateFiles;
import org.merganser.pipeline.spec.RunSpec;
import org.merganser.report.measure.TextCounts;
import org.merganser.report.statistics.UnusualDocuments;
import org.merganser.tokenizer.Tokenizer;

/**
 * Finds the documents with the text of another one: those that the run left out if the job
 * deduplicates, else those in its shards ({@link RepeatedTexts}).
 */
final class EqualDocuments {
  private final RunSpec spec;
  private final Tokenizer tokenizer;

  /** The location of the texts of the most duplicates; null if none are left out. */
  private final @Nullable String frequentTexts;

  /**
   * @param frequentTexts the location of the texts of the most duplicates; null if none are left
   *     out
   */
  EqualDocuments(RunSpec spec, Tokenizer tokenizer, @Nullable String frequentTexts) {
    this.spec = spec;
    this.tokenizer = tokenizer;
    this.frequentTexts = frequentTexts;
  }

  /** The figures of these documents, and the most frequent of their texts. */
  UnusualDocuments.Equal find(ReceiptSums sums) throws IOException {
    return spec.job().deduplicates() ? leftOut(sums.records()) : counted(sums);
  }

  private UnusualDocuments.Equal leftOut(RecordSums sums) throws IOException {
    long kept = Math.addExact(sums.documents(), sums.validation().documents());
    long all = Math.addExact(kept, sums.duplicates());
    return UnusualDocuments.Equal.leftOut(sums.duplicates(), all, leftOutTexts());
  }

  private UnusualDocuments.Equal counted(ReceiptSums sums) throws IOException {
    TextCounts.Copies copies = sums.texts.copies();
    return UnusualDocuments.Equal.counted(
        copies,
        sums.records().documents(),
        new RepeatedTexts(spec, tokenizer, sums.receipts).find(copies));
  }

  /** The texts of the most duplicates; null if none are left out, or if they were not listed. */
  private @Nullable List<UnusualDocuments.Text> leftOutTexts() throws IOException {
    List<FrequentTexts.Named> texts =
        frequentTexts == null ? null : DuplicateFiles.readFrequentTexts(frequentTexts);
    return texts == null ? null : texts.stream().map(this::leftOutText).toList();
  }

  /** A text that is left out, without the text itself if the report shows none. */
  private UnusualDocuments.Text leftOutText(FrequentTexts.Named text) {
    boolean showsText = spec.job().report().documents() > 0;
    long oneIn = 1; // every text was searched
    return new UnusualDocuments.Text(
        text.documents(),
        oneIn,
        text.id(),
        text.file(),
        text.offset(),
        showsText ? text.text() : null);
  }
}
