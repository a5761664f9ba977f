package org.merganser.cli.tokenizer;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.DeadLetter;
import org.merganser.corpus.Document;
import org.merganser.corpus.DocumentHandler;
import org.merganser.output.figures.GroupCounts;
import org.merganser.report.statistics.NamedTokenizer;
import org.merganser.report.statistics.VocabularyComparison;
import org.merganser.report.statistics.VocabularyMeter;

/** Measures several tokenizers on each document of some texts. */
final class MeasuredTexts implements DocumentHandler {
  private final VocabularyMeter meter;
  private final boolean grouped;

  /**
   * @param tokenizers that are compared
   * @param grouped whether documents without a group are a group of their own
   */
  MeasuredTexts(List<NamedTokenizer> tokenizers, boolean grouped) {
    this.meter = new VocabularyMeter(tokenizers);
    this.grouped = grouped;
  }

  @Override
  public void document(Document document) {
    String group = document.group == null && grouped ? GroupCounts.NONE : document.group;
    meter.add(document.id, group, document.text, document.from, document.to);
  }

  @Override
  public void deadLetter(DeadLetter letter) {
    meter.leaveOut(letter.records());
  }

  /**
   * The figures of all tokenizers on the documents so far.
   *
   * @param dim the floats in a row of an embedding table, for its parameters; null for none
   */
  VocabularyComparison compare(@Nullable Integer dim) {
    return meter.result(dim);
  }
}
