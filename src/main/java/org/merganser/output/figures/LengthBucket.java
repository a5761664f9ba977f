package org.merganser.output.figures;

import com.fasterxml.jackson.annotation.JsonFormat;
import java.util.SortedMap;

/**
 * Documents of about the same length, in JSON an array of three numbers. Each length up to 16 has a
 * bucket of its own. Above, each doubling of the length has eight buckets of equal width: those
 * from 17 to 32 end at 18, 20, ..., 32, those from 33 to 64 at 36, 40, ..., 64.
 *
 * @param to the maximum ids of a document in the bucket, which identifies it
 * @param documents the number of documents, at least 1
 * @param tokens the ids of all documents together
 */
@JsonFormat(shape = JsonFormat.Shape.ARRAY)
public record LengthBucket(long to, long documents, long tokens) {
  /** The largest length with a bucket of its own. */
  private static final int LARGEST_SINGLE = 16;

  /** The bucket of one document. */
  static LengthBucket of(long length) {
    long width = width(length);
    long to = (length + width - 1) / width * width; // rounded up to a multiple of the width
    return new LengthBucket(to, 1, length);
  }

  /**
   * The width of the bucket of a length: 1 up to {@link #LARGEST_SINGLE}, above an eighth of the
   * largest power of two below the length.
   */
  private static long width(long length) {
    return length <= LARGEST_SINGLE ? 1 : Long.highestOneBit(length - 1) >> 3;
  }

  /** A lower bound on the ids of the shortest document, which the sums of the bucket imply. */
  public long least() {
    return Math.max(from(), tokens - (documents - 1) * to);
  }

  /** An upper bound on the ids of the longest document, which the sums of the bucket imply. */
  public long most() {
    return Math.min(to, tokens - (documents - 1) * from());
  }

  /** The minimum ids of a document in the bucket. */
  private long from() {
    return to - width(to) + 1;
  }

  /**
   * Adds the buckets in {@code more} to those in {@code sums}, and returns these. In both, the key
   * of a bucket is its {@link #to}.
   */
  public static SortedMap<Long, LengthBucket> plus(
      SortedMap<Long, LengthBucket> sums, SortedMap<Long, LengthBucket> more) {
    more.values().forEach(bucket -> bucket.addTo(sums));
    return sums;
  }

  /** Adds this bucket to the one of the same lengths, whose key is {@link #to}. */
  void addTo(SortedMap<Long, LengthBucket> buckets) {
    buckets.merge(to, this, LengthBucket::plus);
  }

  /** The documents of both, which have the same {@link #to}. */
  LengthBucket plus(LengthBucket other) {
    return new LengthBucket(
        to, Math.addExact(documents, other.documents), Math.addExact(tokens, other.tokens));
  }
}
