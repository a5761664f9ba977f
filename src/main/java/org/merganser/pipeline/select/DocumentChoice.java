package org.merganser.pipeline.select;

import java.io.Serializable;
import org.merganser.checksum.NameHash;
import org.merganser.corpus.Document;

/**
 * The choice of documents to train on: those whose bucket, by a hash of their file and id, is below
 * a bound. The order of documents does not matter, and all parts of a document are chosen together.
 *
 * @param bound exclusive, out of {@link #BUCKETS}
 */
public record DocumentChoice(int bound) implements Serializable {
  /** The resolution of the choice: a bucket has about 1/4096 of the corpus, if texts are small. */
  static final int BUCKETS = 4096;

  private static final int BUCKET_BITS = Integer.numberOfTrailingZeros(BUCKETS);

  /** The choice of all documents. */
  static final DocumentChoice ALL = new DocumentChoice(BUCKETS);

  /**
   * The choice with the most text within {@code maxBytes}; the first bucket with text is always in
   * it, even if that has more.
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
    long hash = NameHash.of(document.file + "\n" + document.id);
    return (int) (hash >>> (Long.SIZE - BUCKET_BITS));
  }
}
