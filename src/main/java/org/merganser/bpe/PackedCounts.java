package org.merganser.bpe;

/**
 * Pretoken counts in transport form: sorted by unsigned bytes, front-coded, variable-length counts.
 * The same counts always give the same bytes. (Compression, if any, is the caller's.)
 */
public final class PackedCounts {
  private PackedCounts() {}

  /** Visits the entries of a block in order. */
  public static void forEach(byte[] block, PretokenCounts.Visitor visitor) {
    throw new UnsupportedOperationException("interface only");
  }

  /** Merges blocks by a k-way merge into one block; memory is that of the blocks and the result. */
  public static byte[] merge(Iterable<byte[]> blocks) {
    throw new UnsupportedOperationException("interface only");
  }
}
