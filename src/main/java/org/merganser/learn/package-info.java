/**
 * What learning from ids shares: reading the documents of shards, and counting tuples of ids into
 * packed tables that are merged by partition.
 *
 * <p>Start with {@link org.merganser.learn.TupleCounts}.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.learn;
