/**
 * Steps that learn n-grams and vectors from canonical shards.
 *
 * <p>Start with {@link org.merganser.pipeline.learn.LearnNgrams}.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.pipeline.learn;
