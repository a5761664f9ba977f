package org.merganser.corpus.select;

import java.nio.charset.StandardCharsets;

/**
 * Chooses the validation documents: those whose id hashes below a bound, so that the choice depends
 * on the id alone. A document keeps its side when the corpus grows; parts of a document, and
 * documents with equal ids, are on one side.
 *
 * <p>The hash is FNV-1a over the id's UTF-8 bytes, 64 bits, with high bits spread by the finalizer
 * of SplitMix64. It is not secret: the author of an id can choose the side.
 *
 * @param share of all documents, in [0, 1]; the actual share of few documents depends on chance
 */
public record ValidationSplit(double share) {
  private static final long FNV_OFFSET = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;

  public ValidationSplit {
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException("a share of " + share + " is not in [0, 1]");
    }
  }

  /** Whether the document of an id is for validation. */
  public boolean holdsOut(String id) {
    return share > 0 && fraction(id) < share;
  }

  /** The hash of an id as a number in [0, 1): its first 53 bits, the resolution of a double. */
  public static double fraction(String id) {
    return (hash(id) >>> 11) * 0x1.0p-53;
  }

  /** The hash of an id, evenly distributed over 64 bits. */
  public static long hash(String id) {
    long hash = FNV_OFFSET;
    for (byte b : id.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (b & 0xFF)) * FNV_PRIME;
    }
    // The finalizer of SplitMix64.
    hash = (hash ^ (hash >>> 30)) * 0xbf58476d1ce4e5b9L;
    hash = (hash ^ (hash >>> 27)) * 0x94d049bb133111ebL;
    return hash ^ (hash >>> 31);
  }
}
