package org.merganser.output.figures;

import com.fasterxml.jackson.annotation.JsonFormat;

/**
 * Documents of about the same length, in JSON an array of three numbers. A length up to 16 has a
 * bucket of its own; above, each doubling of the length has eight buckets of the same width, so
 * every power of two ends one.
 *
 * @param to the maximum ids of a document in the bucket
 * @param documents at least 1
 */
@JsonFormat(shape = JsonFormat.Shape.ARRAY)
public record LengthBucket(long to, long documents, long tokens) {
  static LengthBucket of(long length) {
    long step = step(length);
    return new LengthBucket((length + step - 1) / step * step, 1, length);
  }

  private static long step(long length) {
    return length <= 16 ? 1 : Long.highestOneBit(length - 1) >> 3;
  }

  /** The minimum ids of a document in the bucket that the sums allow. */
  public long least() {
    return Math.max(to - step(to) + 1, tokens - (documents - 1) * to);
  }

  /** The maximum ids of a document in the bucket that the sums allow. */
  public long most() {
    return Math.min(to, tokens - (documents - 1) * (to - step(to) + 1));
  }

  LengthBucket plus(LengthBucket other) {
    return new LengthBucket(
        to, Math.addExact(documents, other.documents), Math.addExact(tokens, other.tokens));
  }
}
