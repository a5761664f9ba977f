package org.merganser.text.normalize;

/**
 * The normalizers of a tokenizer make a text too much longer ({@link GrowthLimit}), as thirty do
 * that each double it. The text cannot be pre-tokenized.
 */
public final class NormalizerLimitException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  NormalizerLimitException(String message) {
    super(message);
  }
}
