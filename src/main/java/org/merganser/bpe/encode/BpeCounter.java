package org.merganser.bpe.encode;

/**
 * Counts ids without producing them. Not thread-safe: it holds a bounded cache and scratch buffers.
 */
@FunctionalInterface
public interface BpeCounter {

  /**
   * The number of ids that {@link BpeEncoder#encode(byte[], int, int[], int,
   * org.merganser.bpe.IdBuffer)} appends.
   */
  int count(byte[] text, int start, int[] ends, int count);
}
