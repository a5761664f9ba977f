/**
 * An n-gram model that predicts the next token: interpolated modified Kneser-Ney, estimated from
 * merged counts.
 *
 * <p>Start with {@link org.merganser.learn.ngram.NgramLearner}.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.learn.ngram;
