package org.merganser.pipeline.select;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import org.merganser.corpus.Document;

/**
 * The choice of documents to train on: those whose hash is below a bound. So the choice depends
 * only on a document's file and id, not on the order or on other documents. All parts of a document
 * are chosen together.
 *
 * @param bound exclusive, out of {@link #BUCKETS}
 */
public record DocumentChoice(int bound) implements Serializable {
  /** The resolution of the choice: a sample is exact to about 1/4096 of the corpus. */
  static final int BUCKETS = 4096;

  private static final int BUCKET_BITS = Integer.numberOfTrailingZeros(BUCKETS);

  // The constants of FNV-1a with 64 bits.
  private static final long FNV_OFFSET_BASIS = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;

  /** The choice of all documents. */
  static final DocumentChoice ALL = new DocumentChoice(BUCKETS);

  /**
   * The choice with the most text within {@code maxBytes}; it has at least one bucket with text,
   * even if that has more.
   *
   * @param bytesByBucket text bytes of the corpus by bucket
   */
  static DocumentChoice within(long maxBytes, long[] bytesByBucket) {
    long sum = 0;
    for (int bucket = 0; bucket < BUCKETS; bucket++) {
      long next = Math.addExact(sum, bytesByBucket[bucket]);
      if (next > maxBytes && sum > 0) {
        return new DocumentChoice(bucket);
      }
      sum = next;
    }
    return ALL;
  }

  /** Whether a document is chosen. */
  public boolean includes(Document document) {
    return bound >= BUCKETS || bucket(document) < bound;
  }

  /** A number in [0, {@link #BUCKETS}) from a document's file and id. */
  public static int bucket(Document document) {
    long hash = fold(FNV_OFFSET_BASIS, document.file);
    hash = fold(hash, "\n");
    hash = fold(hash, document.id);
    // The finalizer of SplitMix64 spreads FNV's weak high bits.
    hash = (hash ^ (hash >>> 30)) * 0xbf58476d1ce4e5b9L;
    hash = (hash ^ (hash >>> 27)) * 0x94d049bb133111ebL;
    return (int) ((hash ^ (hash >>> 31)) >>> (Long.SIZE - BUCKET_BITS));
  }

  /** Continues a hash by FNV-1a. */
  private static long fold(long hash, String text) {
    long folded = hash;
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      folded = (folded ^ (b & 0xFF)) * FNV_PRIME;
    }
    return folded;
  }
}
