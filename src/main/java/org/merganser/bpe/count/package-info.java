/**
 * Pretoken counts: an open-addressing table over bytes, its packed and sorted form that travels
 * between workers, and the merge of packed tables.
 *
 * <p>Start with {@link org.merganser.bpe.count.PretokenCounts}. Uses {@code bpe} alone.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.bpe.count;
