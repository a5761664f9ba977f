package org.merganser.bpe.encode;

/** Counts ids without making them. Holds a bounded cache and scratch buffers: for one thread. */
@FunctionalInterface
public interface BpeCounter {

  /**
   * How many ids {@link BpeEncoder#encode(byte[], int, int[], int, org.merganser.bpe.IdBuffer)}
   * appends.
   */
  int count(byte[] text, int start, int[] ends, int count);
}
