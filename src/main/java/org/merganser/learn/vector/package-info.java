/**
 * Vectors of tokens learned from their neighbors in texts (co-occurrence embeddings).
 *
 * <p>Start with {@link org.merganser.learn.vector.VectorLearner}.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.learn.vector;
