package org.merganser.bpe.encode;

/**
 * Counts ids without producing them. Not thread-safe: it holds a bounded cache and scratch buffers.
 */
@FunctionalInterface
public interface BpeCounter {

  /** How many ids {@link BpeEncoder#encode} appends. */
  int count(byte[] text, int start, int[] ends, int count);
}
