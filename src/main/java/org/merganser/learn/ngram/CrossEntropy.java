package org.merganser.learn.ngram;

import org.jspecify.annotations.Nullable;
import org.merganser.learn.IdDocuments;

/**
 * How many bits a model needs for documents that it was not learned from: the sum of −log2 of each
 * symbol's probability after those before it, the ends of documents included. In the order of the
 * documents, so that the sum is the same everywhere.
 */
public final class CrossEntropy implements IdDocuments.Handler {
  /** Bytes of text that ids stand for. */
  @FunctionalInterface
  public interface TextLength {
    /**
     * @param ids {@code [0, count)} of them
     */
    long bytes(int[] ids, int count);
  }

  private static final double LN_2 = StrictMath.log(2);

  private final NgramModel model;
  private final TextLength length;
  private final int[] history;
  private int known;
  private double bits;
  private long symbols;
  private long bytes;
  private long documents;

  public CrossEntropy(NgramModel model, TextLength length) {
    this.model = model;
    this.length = length;
    this.history = new int[Math.max(1, model.shape().order() - 1)];
  }

  @Override
  public void begin(String docId) {
    known = 0;
    shift(model.shape().begin());
    documents++;
  }

  @Override
  public void ids(int[] ids, int count) {
    int[] text = new int[count];
    int textIds = 0;
    for (int i = 0; i < count; i++) {
      add(ids[i]);
      if (ids[i] != model.shape().endOfDocument()) {
        text[textIds++] = ids[i];
      }
    }
    bytes += length.bytes(text, textIds);
  }

  @Override
  public void end() {
    if (model.shape().endOfDocument() < 0) {
      add(model.shape().end());
    }
  }

  private void add(int symbol) {
    double probability = model.probability(history, history.length - known, history.length, symbol);
    bits -= StrictMath.log(probability) / LN_2;
    symbols++;
    shift(symbol);
  }

  private void shift(int symbol) {
    System.arraycopy(history, 1, history, 0, history.length - 1);
    history[history.length - 1] = symbol;
    known = Math.min(known + 1, history.length);
  }

  /** What was measured; null when there were no documents, or they hold no text. */
  public NgramFigures.@Nullable Validation figures() {
    return bytes == 0
        ? null
        : new NgramFigures.Validation(
            documents, symbols, bytes, bits, bits / bytes, StrictMath.pow(2, bits / symbols));
  }
}
