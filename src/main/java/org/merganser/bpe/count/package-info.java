/**
 * Pretoken counts: an open-addressing table over bytes, its packed and sorted form that travels
 * between workers, and the sums of packed blocks.
 *
 * <p>Start with {@link org.merganser.bpe.count.PretokenCounts}.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.bpe.count;
