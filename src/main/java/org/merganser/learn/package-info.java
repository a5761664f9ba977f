/**
 * What learning from ids shares: reading the documents of shards, and counting tuples of ids into
 * packed tables that are merged by partition.
 *
 * <p>Start with {@link org.merganser.learn.TupleCounts}. Uses {@code bpe.count}, {@code shard} and
 * {@code embedding}; no text, no tokenizer and no Beam.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.learn;
