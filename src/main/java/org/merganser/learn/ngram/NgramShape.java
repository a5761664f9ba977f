package org.merganser.learn.ngram;

import java.io.Serializable;

/**
 * The symbols of an n-gram model and the length of its n-grams. Symbols are the ids of the
 * tokenizer, then {@link #begin}, which comes before each document and is never predicted, and, if
 * documents do not end in a token, an {@link #end}.
 *
 * @param order the length of the longest n-gram, 1 to 5
 * @param idBound one more than the largest id of the tokenizer
 * @param endOfDocument the id that ends every document, or -1 for none
 */
public record NgramShape(int order, int idBound, int endOfDocument) implements Serializable {
  /** The largest order, as of the key {@code learn.ngrams}. */
  public static final int MAX_ORDER = 5;

  public NgramShape {
    if (order < 1 || order > MAX_ORDER || idBound < 1 || endOfDocument >= idBound) {
      throw new IllegalArgumentException(
          "order " + order + ", idBound " + idBound + ", endOfDocument " + endOfDocument);
    }
  }

  /** The symbol before each document. */
  public int begin() {
    return idBound;
  }

  /** The symbol that ends a document: an id, or {@code idBound + 1}. */
  public int end() {
    return endOfDocument < 0 ? idBound + 1 : endOfDocument;
  }

  /** The number of symbols, which are numbered from 0. */
  public int symbols() {
    return endOfDocument < 0 ? idBound + 2 : idBound + 1;
  }
}
