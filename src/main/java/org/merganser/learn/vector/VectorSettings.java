package org.merganser.learn.vector;

import java.io.Serializable;

/**
 * How vectors are learned.
 *
 * @param dim floats a vector
 * @param window how far apart two ids may stand
 * @param contexts the most frequent ids that count as company
 * @param maxPairs bound of the pairs that are used
 * @param shift word2vec's negative samples: their logarithm is taken off the mutual information; 1:
 *     nothing
 * @param seed of the random projection
 */
public record VectorSettings(int dim, int window, int contexts, long maxPairs, int shift, long seed)
    implements Serializable {}
