/**
 * Vectors of tokens learned from their neighbors in texts (co-occurrence embeddings).
 *
 * <p>Start with {@link org.merganser.learn.vector.VectorLearner}. Uses {@code learn} and {@code
 * embedding}.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.learn.vector;
