/**
 * Pass 1 over the text: counts the pretokens of each unit into a file of packed tables, and merges
 * these by hash partition.
 *
 * <p>Start with {@link org.merganser.pipeline.count.CountPretokens}. Uses {@code pipeline.select},
 * {@code pipeline.sequence}, {@code pipeline.step} and their dependencies.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.pipeline.count;
