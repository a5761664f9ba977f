package org.merganser.cli.tokenizer;

import org.merganser.bpe.IdBuffer;
import org.merganser.corpus.DeadLetter;
import org.merganser.corpus.Document;
import org.merganser.corpus.DocumentHandler;
import org.merganser.output.figures.IdHistogram;
import org.merganser.tokenizer.Encoder;
import org.merganser.tokenizer.SpecialText;
import org.merganser.tokenizer.Tokenizer;

/** Encodes texts and counts how often each id occurs. */
final class CountedTexts implements DocumentHandler {
  private final Encoder encoder;
  private final IdHistogram uses = new IdHistogram();
  private final IdBuffer ids = new IdBuffer(1 << 10);
  private long documents;
  private long leftOut;

  /** Counts of no texts yet; the reader of texts passes each to {@link #document}. */
  CountedTexts(Tokenizer tokenizer) {
    this.encoder = tokenizer.newEncoder(SpecialText.TEXT);
  }

  @Override
  public void document(Document document) {
    ids.clear();
    encoder.encode(document.text, document.from, document.to, ids);
    uses.addAll(ids.ids(), ids.size());
    documents++;
  }

  @Override
  public void deadLetter(DeadLetter letter) {
    leftOut += letter.records();
  }

  /** The number of documents whose ids are counted. */
  long documents() {
    return documents;
  }

  /** The number of records without text and of documents that the tokenizer cannot encode. */
  long leftOut() {
    return leftOut;
  }

  /** How often an id occurs in these documents. */
  long uses(int id) {
    return uses.count(id);
  }
}
