package org.merganser.learn.ngram;

import java.util.List;
import java.util.function.IntUnaryOperator;

/**
 * How many bits models need for documents when each symbol is predicted from a bounded number of
 * bytes before it, whatever the length of the symbols: by the model whose history is the most
 * symbols that together have at most so many bytes. So models over longer and shorter tokens know
 * the same of the text.
 */
public final class ByteContextEntropy {
  private static final double LN_2 = StrictMath.log(2);

  private final List<NgramModel> models;
  private final int contextBytes;
  private final IntUnaryOperator bytes;

  /**
   * @param models of the orders 1, 2, … over the same symbols
   * @param bytes of text that an id stands for
   */
  public ByteContextEntropy(List<NgramModel> models, int contextBytes, IntUnaryOperator bytes) {
    this.models = List.copyOf(models);
    this.contextBytes = contextBytes;
    this.bytes = bytes;
  }

  /** The bits of a document's ids and of its end, summed in their order. */
  public double bits(int[] ids) {
    NgramShape shape = models.get(0).shape();
    int[] symbols = new int[ids.length + 2];
    symbols[0] = shape.begin();
    System.arraycopy(ids, 0, symbols, 1, ids.length);
    symbols[ids.length + 1] = shape.end();
    double bits = 0;
    for (int at = 1; at < symbols.length; at++) {
      int from = contextFrom(symbols, at);
      double probability = models.get(at - from).probability(symbols, from, at, symbols[at]);
      bits -= StrictMath.log(probability) / LN_2;
    }
    return bits;
  }

  /** Where what is known of the symbols before a place begins; the begin has no bytes. */
  private int contextFrom(int[] symbols, int at) {
    int left = contextBytes;
    int from = at;
    while (from > 0 && at - from < models.size() - 1) {
      left -= from == 1 ? 0 : bytes.applyAsInt(symbols[from - 1]);
      if (left < 0) {
        break;
      }
      from--;
    }
    return from;
  }
}
