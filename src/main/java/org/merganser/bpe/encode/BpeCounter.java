package org.merganser.bpe.encode;

/**
 * Counts ids for a caller that does not need them. Not thread-safe: it holds bounded caches and
 * scratch buffers.
 */
@FunctionalInterface
public interface BpeCounter {

  /** The number of ids that {@link BpeEncoder#encode} appends for the same arguments. */
  int count(byte[] text, int start, int[] ends, int count);
}
