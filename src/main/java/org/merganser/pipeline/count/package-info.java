/**
 * Pass 1 over the text: counts the pretokens of each unit into a file of packed tables, and
 * combines these by hash partition. Learning n-grams and vectors keeps and combines its counts in
 * the same blocks.
 *
 * <p>Start with {@link org.merganser.pipeline.count.CountPretokens}.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.pipeline.count;
