/**
 * Tuples of ids, which n-grams and vectors are learned from: reading the documents of shards, and
 * counting tuples into packed tables that are merged by partition.
 *
 * <p>Start with {@link org.merganser.learn.tuple.TupleCounts}.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.learn.tuple;
